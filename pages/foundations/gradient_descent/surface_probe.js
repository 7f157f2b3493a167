// What the surface says where the pointer is.

/** The loss under the pointer, and an arrow that points straight down. */
function surfaceProbe(picture, width) {
  const { context, theme, probe, shown: scene } = picture;
  const { loss, down } = surfaceAt(scene.arrays.surface, scene.extent, ...probe);
  const [x, y] = [picture.x(probe[0]), picture.y(probe[1])];
  const [tx, ty] = [x + 26 * down[0], y - 26 * down[1]];
  const turn = Math.atan2(ty - y, tx - x);
  const arrow = new Path2D(`M${x} ${y}L${tx} ${ty}`);
  for (const side of [-2.6, 2.6]) {
    arrow.moveTo(tx, ty);
    arrow.lineTo(tx + 8 * Math.cos(turn + side), ty + 8 * Math.sin(turn + side));
  }
  for (const [colour, line] of [[theme.background, 5], [theme.text, 2]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: line });
    context.stroke(arrow);
  }
  const numbers = probe.map((value) => value.toFixed(2).replace("-", "−")).join(", ");
  surfaceWords(picture, `(${numbers}): loss ${shown(loss)}`, x, y, width);
}

function surfaceWords({ context, theme }, text, x, y, width) {
  context.font = `12px ${theme.font}`;
  const wide = context.measureText(text).width + 16;
  const left = Math.min(Math.max(x - wide / 2, 2), width - wide - 2);
  const top = y > 60 ? y - 50 : y + 30;
  context.beginPath();
  context.roundRect(left, top, wide, 24, 6);
  context.fillStyle = theme.text;
  context.fill();
  context.fillStyle = theme.background;
  context.textAlign = "left";
  context.fillText(text, left + 8, top + 12.5);
}
