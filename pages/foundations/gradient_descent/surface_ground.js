// The ground of a loss surface: colours and contour lines over the logarithm of the loss.

const SURFACE_LEVELS = 14;

/** Logarithms of the losses scaled to 0…1, and what 0 and 1 stand for. */
function surfaceHeights({ data, shape }) {
  const size = shape[0];
  const logs = Float32Array.from(data, (loss) => Math.log10(Math.max(loss, 1e-12)));
  const low = logs.reduce((a, b) => Math.min(a, b), Infinity);
  const high = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = Math.max(high - low, 1e-9);
  return { size, low: 10 ** low, high: 10 ** high, values: logs.map((v) => (v - low) / span) };
}

/** The sequential colours of the page's theme, from low to high. */
function surfaceColours(element) {
  const list = getComputedStyle(element).getPropertyValue("--st-chart-sequential-colors");
  const stops = list.split(/,(?![^(]*\))/).map((part) => part.trim());
  // The strongest colours are left to the paths.
  return stops.slice(0, Math.max(2, Math.ceil(0.6 * stops.length)));
}

/** A canvas of one pixel a value, row 0 of the values at the bottom. */
function surfaceHeat({ size, values }, stops) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  const image = context.createImageData(size, size);
  const table = Array.from({ length: 256 }, (_, i) => mix(stops, i / 255));
  for (let p = 0; p < values.length; p += 1) {
    const row = size - 1 - Math.floor(p / size);
    const [r, g, b] = table[Math.round(255 * values[p])];
    image.data.set([r, g, b, 255], 4 * (row * size + (p % size)));
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Contour lines in a square of the given side, one path for all levels. */
function surfaceContours({ size, values }, side) {
  const path = new Path2D();
  const step = side / (size - 1);
  for (let level = 1; level < SURFACE_LEVELS; level += 1) {
    for (let row = 0; row < size - 1; row += 1) {
      for (let column = 0; column < size - 1; column += 1) {
        surfaceCell(path, values, size, row, column, level / SURFACE_LEVELS, step, side);
      }
    }
  }
  return path;
}

/** Joins the places where one cell's edges cross a level, two at a time. */
function surfaceCell(path, values, size, row, column, level, step, side) {
  const p = row * size + column;
  const corners = [values[p], values[p + 1], values[p + size + 1], values[p + size]];
  const above = corners.map((value) => value >= level);
  if (above.every((up) => up === above[0])) return;
  const places = [[0, 0], [1, 0], [1, 1], [0, 1]];
  let drawing = false;
  for (let edge = 0; edge < 4; edge += 1) {
    const next = (edge + 1) % 4;
    if (above[edge] === above[next]) continue;
    const t = (level - corners[edge]) / (corners[next] - corners[edge]);
    const x = column + places[edge][0] + t * (places[next][0] - places[edge][0]);
    const y = row + places[edge][1] + t * (places[next][1] - places[edge][1]);
    path[drawing ? "lineTo" : "moveTo"](x * step, side - y * step);
    drawing = !drawing;
  }
}

/** The loss between the grid's places, and which way is down, in units of the picture. */
function surfaceAt({ data, shape }, extent, u, v) {
  const size = shape[0];
  const place = (value) => Math.min(Math.max(((value / extent + 1) / 2) * (size - 1), 0), size - 1.001);
  const [x, y] = [place(u), place(v)];
  const p = Math.floor(y) * size + Math.floor(x);
  const [fx, fy] = [x % 1, y % 1];
  const [a, b, c, d] = [data[p], data[p + 1], data[p + size], data[p + size + 1]];
  const loss = (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
  const across = (b - a) * (1 - fy) + (d - c) * fy;
  const up = (c - a) * (1 - fx) + (d - b) * fx;
  const length = Math.hypot(across, up) || 1;
  return { loss, down: [-across / length, -up / length] };
}
