// Beside the surface: the examples, and the curve that each optimiser's model draws.

const SURFACE_FIT_MARGIN = { left: 40, right: 10, top: 26, bottom: 42 };

function surfaceDrawFit(picture, record) {
  const { fit, player, theme, span, side } = picture;
  const { left, right, top, bottom } = SURFACE_FIT_MARGIN;
  const width = fit.clientWidth;
  const height = Math.min(side + SURFACE_MARGIN.top + SURFACE_MARGIN.bottom, Math.max(width * 0.95, 220));
  fit.style.height = `${height}px`;
  const context = sized(fit, width, height);
  const x = (value) => left + ((value - span[0]) / (span[1] - span[0])) * (width - left - right);
  const y = (value) => top + (1 - (value - span[2]) / (span[3] - span[2])) * (height - top - bottom);
  context.font = `12px ${theme.font}`;
  surfaceFitAxes(context, picture, x, y, width, height);
  context.save();
  context.beginPath();
  context.rect(left, top, width - left - right, height - top - bottom);
  context.clip();
  surfaceExamples(context, picture, x, y);
  const curves = player.get("curves", record);
  picture.shown.names.forEach((_, i) => surfaceCurve(context, picture, curves, i, x, y));
  context.restore();
}

function surfaceFitAxes(context, { theme, span }, x, y, width, height) {
  const { left, right, top, bottom } = SURFACE_FIT_MARGIN;
  context.fillStyle = faded(theme.text, 0.8);
  context.strokeStyle = faded(theme.text, 0.12);
  context.lineWidth = 1;
  context.textBaseline = "middle";
  for (const [low, high, place, across] of [[span[0], span[1], x, true], [span[2], span[3], y, false]]) {
    const step = niceAbove((high - low) / 5);
    for (let tick = Math.ceil(low / step) * step; tick <= high + 1e-9; tick += step) {
      const at = Math.round(place(tick)) + 0.5;
      const line = across ? `M${at} ${top}V${height - bottom}` : `M${left} ${at}H${width - right}`;
      context.stroke(new Path2D(line));
      context.textAlign = across ? "center" : "right";
      const text = tickText(Math.abs(tick) < step / 1e6 ? 0 : tick, step);
      context.fillText(text, across ? at : left - 6, across ? height - bottom + 12 : at);
    }
  }
  context.textAlign = "center";
  context.fillText("input x", (left + width - right) / 2, height - bottom + 29);
  context.textAlign = "left";
  context.fillStyle = theme.text;
  context.font = `600 12.5px ${theme.font}`;
  context.fillText("What each model predicts: y from x", 0, 10);
  context.font = `12px ${theme.font}`;
}

function surfaceExamples(context, { shown: scene, theme }, x, y) {
  const { data } = scene.arrays.x;
  context.fillStyle = faded(theme.text, 0.5);
  for (let p = 0; p < data.length; p += 1) {
    context.beginPath();
    context.arc(x(data[p]), y(scene.arrays.y.data[p]), 3.2, 0, 2 * Math.PI);
    context.fill();
  }
}

function surfaceCurve(context, picture, curves, i, x, y) {
  const along = picture.shown.arrays.along.data;
  const path = new Path2D();
  for (let k = 0; k < along.length; k += 1) {
    const value = curves[i * along.length + k];
    if (!Number.isFinite(value)) return;
    path.lineTo(x(along[k]), Math.min(Math.max(y(value), -1e4), 1e4));
  }
  context.globalAlpha = picture.strength(i);
  context.lineWidth = 2;
  context.strokeStyle = picture.colour(i);
  context.setLineDash(CURVE_DASHES[i % CURVE_DASHES.length]);
  context.stroke(path);
  context.setLineDash([]);
  context.globalAlpha = 1;
}
