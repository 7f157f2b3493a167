// Pixelated tiles, lines and labels on a canvas.

function imagesColours(theme) {
  const table = (stops) => Uint8Array.from({ length: 768 }, (_, i) => mix(stops, Math.floor(i / 3) / 255)[i % 3]);
  const positive = theme.diverging.slice(5);
  return {
    ink: table([theme.secondary, theme.text]),
    map: table([theme.secondary, ...positive]),
    grey: table([theme.secondary, theme.text]),
    signed: diverging(theme),
  };
}

// Values side × side as a square of coloured pixels; signed ones are centred at zero.
function imagesTile(pen, values, side, kind, largest, x, y, size) {
  const { context, scratch, tables, theme } = pen;
  if (scratch.width !== side || scratch.height !== side) [scratch.width, scratch.height] = [side, side];
  const small = scratch.getContext("2d");
  const image = small.createImageData(side, side);
  const table = tables[kind];
  for (let p = 0; p < side * side; p++) {
    const t = values[p] / largest;
    const share = kind === "signed" ? (t + 1) / 2 : t;
    const entry = 3 * Math.min(Math.max(Math.round(255 * share), 0), 255);
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = table[entry + c];
    image.data[4 * p + 3] = 255;
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch, x, y, size, size);
  context.strokeStyle = faded(theme.text, 0.22);
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
}

// A small matrix with its numbers written into the cells.
function imagesNumbers(pen, values, k, x, y, size, kind, largest) {
  imagesTile(pen, values, k, kind, largest, x, y, size);
  const cell = size / k;
  if (cell < 17) return;
  values.forEach((value, p) => {
    const t = Math.abs(value) / largest;
    const { theme } = pen;
    const dark = kind === "grey" ? value / largest > 0.5 : t > 0.6;
    const colour = dark ? theme.background : theme.text;
    const [column, row] = [p % k, Math.floor(p / k)];
    pen.context.fillStyle = colour;
    pen.context.font = `${Math.min(cell * 0.42, 12)}px ${theme.font}`;
    pen.context.textAlign = "center";
    pen.context.fillText(imagesNumber(value, 1), x + (column + 0.5) * cell, y + (row + 0.66) * cell);
  });
}

// The frame round the patch that a value comes from.
function imagesWindow(pen, x, y, pixel, place, k) {
  const { context, theme } = pen;
  for (const [colour, width] of [[theme.background, 4], [theme.categorical[1], 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x + place.x * pixel, y + place.y * pixel, k * pixel, k * pixel);
  }
}

function imagesRing(pen, x, y, width, height = width) {
  pen.context.strokeStyle = pen.theme.categorical[1];
  pen.context.lineWidth = 2.5;
  pen.context.strokeRect(x - 2.5, y - 2.5, width + 5, height + 5);
}

function imagesLabel(pen, text, x, y, size, align = "center", strong = false, room = undefined) {
  const { context, theme } = pen;
  context.font = `${strong ? 600 : 400} ${size}px ${theme.font}`;
  context.textAlign = align;
  context.fillStyle = theme.text;
  context.fillText(text, x, y, room);
}

function imagesSign(pen, text, x, y) {
  imagesLabel(pen, text, x, y + 6, 17);
}

// What leads where: thicker where more passes, blue for and orange against. Of a map of the
// second layer or a class that is looked at, only its own lines stay strong.
function imagesLines(pen, net, layout, focus) {
  if (!layout.wide) return;
  const of = (kind) => layout.tiles.filter((tile) => tile.kind === kind);
  const [input] = of("input");
  const kernels = of("kernel1");
  for (const tile of kernels) imagesLine(pen, input, tile, 0, 1);
  of("conv1").forEach((tile, f) => imagesLine(pen, kernels[f], tile, 0, 1));
  of("pool1").forEach((tile, f) => imagesLine(pen, of("conv1")[f], tile, 0, 1));
  imagesLinesBetween(pen, net, of("pool1"), of("conv2"), focus);
  const target = focus.kind === "class" ? focus.index : net.best;
  imagesLinesToClass(pen, net, layout, of("pool2"), target);
}

// A kernel of the second layer, by the sum of its weights.
function imagesLinesBetween(pen, net, from, to, focus) {
  const sums = to.map((_, g) =>
    from.map((__, f) => imagesKernel(net, 2, g, f).reduce((sum, weight) => sum + weight, 0)),
  );
  const largest = imagesLargest(sums, Math.abs);
  const chosen = (g, f) => {
    if (focus.kind === "conv2" || focus.kind === "pool2") return focus.index === g;
    return focus.kind === "class" || focus.kind === "input" || focus.index === f;
  };
  sums.forEach((row, g) =>
    row.forEach((sum, f) => imagesLine(pen, from[f], to[g], sum, largest, chosen(g, f) ? 1 : 0.16)),
  );
}

// What the pooled maps say for or against a class.
function imagesLinesToClass(pen, net, layout, from, c) {
  const sums = from.map((_, g) => imagesEvidence(net, c, g).reduce((a, b) => a + b, 0));
  const largest = imagesLargest([sums], Math.abs);
  const { bars } = layout;
  const end = { x: bars.x, y: bars.y + c * bars.step, size: bars.step };
  sums.forEach((sum, g) => imagesLine(pen, from[g], end, sum, largest));
}

function imagesLine(pen, from, to, value, largest, strength = 1) {
  const { context, theme } = pen;
  const share = Math.min(Math.abs(value) / largest, 1);
  const colour = value === 0 ? theme.text : value > 0 ? theme.diverging.at(-1) : theme.diverging[0];
  context.strokeStyle = faded(colour, strength * (value === 0 ? 0.22 : 0.08 + 0.5 * share));
  context.lineWidth = value === 0 ? 1 : 0.4 + 2.2 * share;
  const [x1, y1] = [from.x + from.size + 1, from.y + from.size / 2];
  const [x2, y2] = [to.x - 1, to.y + to.size / 2];
  const bend = (x2 - x1) / 2;
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  context.stroke();
}
