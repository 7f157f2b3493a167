// Clouds of the same examples, coloured by class and named where each class lies.

function latentDot(colour, edge, radius) {
  const canvas = document.createElement("canvas");
  const context = sized(canvas, 12, 12);
  context.beginPath();
  context.arc(6, 6, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 0.8;
  context.strokeStyle = edge;
  context.stroke();
  return canvas;
}

/** Mean place of every class, pushed apart so that no name covers another. */
function latentMiddles(pixels, labels, names) {
  const sums = names.map(() => [0, 0, 0]);
  for (let i = 0; i < labels.length; i += 1) {
    const sum = sums[labels[i]];
    sum[0] += pixels[2 * i];
    sum[1] += pixels[2 * i + 1];
    sum[2] += 1;
  }
  const places = sums.map(([x, y, count]) => [x / count, y / count]);
  const long = Math.max(...names.map((name) => name.length));
  for (let turn = 0; turn < 30; turn += 1) latentApart(places, 14 + 5 * long);
  return places;
}

/** Names keep 20 pixels of height each; long ones make way up and down, as they are read. */
function latentApart(places, wide) {
  const stretch = wide / 20;
  for (let i = 0; i < places.length; i += 1) {
    for (let j = i + 1; j < places.length; j += 1) {
      const dx = (places[j][0] - places[i][0]) / stretch || 0.01;
      const dy = places[j][1] - places[i][1] || 0.01 * (j - i);
      const distance = Math.hypot(dx, dy);
      if (distance >= 20) continue;
      const push = (20 - distance) / 2 / distance;
      places[i] = [places[i][0] - dx * push, places[i][1] - dy * push];
      places[j] = [places[j][0] + dx * push, places[j][1] + dy * push];
    }
  }
}

function latentNames(context, places, names, theme, size) {
  context.font = `700 ${size}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  places.forEach(([x, y], place) => {
    context.strokeStyle = theme.background;
    context.strokeText(names[place], x, y);
    context.fillStyle = mix([theme.categorical[place % 10], theme.text], 0.3).reduce(
      (text, channel) => `${text}${channel.toString(16).padStart(2, "0")}`,
      "#",
    );
    context.fillText(names[place], x, y);
  });
}

/** A still map: title above, dots, names. */
function latentStill(canvas, side, title, xy, labels, names, dots, theme) {
  canvas.style.cssText = `width:${side}px;height:${side + 22}px`;
  const context = sized(canvas, side, side + 22);
  context.font = `600 13px ${theme.font}`;
  context.fillStyle = theme.text;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(title, 0, 9);
  const pixels = new Float32Array(xy.length);
  for (let i = 0; i < xy.length; i += 2) {
    pixels[i] = side * (0.5 + (0.46 * xy[i]) / 32767);
    pixels[i + 1] = 22 + side * (0.5 - (0.46 * xy[i + 1]) / 32767);
  }
  context.lineWidth = 1;
  context.strokeStyle = faded(theme.text, 0.2);
  context.strokeRect(0.5, 22.5, side - 1, side - 1);
  for (let i = 0; i < labels.length; i += 1) {
    context.drawImage(dots[labels[i] % 10], pixels[2 * i] - 5, pixels[2 * i + 1] - 5, 10, 10);
  }
  latentNames(context, latentMiddles(pixels, labels, names), names, theme, names[0].length > 1 ? 13 : 15);
}
