// Strokes on 28 × 28 cells, drawn fine and averaged to what a network reads.

const CELLS = 28;
const FINE = 20; // canvas pixels along one cell
const BRUSHES = { thin: 1.5, medium: 2.3, thick: 3.3 }; // width of full ink, in cells
const ERASER = 1.5; // the eraser is this much wider than the brush
// [added width, opacity] of the layers of a stroke, outside in
const SOFT_EDGE = [[0.8, 0.15], [0.6, 0.25], [0.4, 0.4], [0.2, 0.5], [0, 1]];

function tracePath(context, path) {
  const [x, y] = path[0];
  context.beginPath();
  context.moveTo(x, y);
  for (let i = 1; i < path.length - 1; i++) {
    const [[ax, ay], [bx, by]] = [path[i], path[i + 1]];
    context.quadraticCurveTo(ax, ay, (ax + bx) / 2, (ay + by) / 2);
  }
  const [endX, endY] = path[path.length - 1];
  context.lineTo(endX + 0.01, endY); // a line of no length would leave no dot
}

// The whole stroke is one path per layer, so that its soft edge never adds up with itself.
function paintMark(context, mark, colour) {
  context.save();
  context.scale(FINE, FINE);
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = colour;
  context.globalCompositeOperation = mark.erases ? "destination-out" : "source-over";
  tracePath(context, mark.path);
  for (const [added, opacity] of SOFT_EDGE) {
    context.lineWidth = mark.width + added;
    context.globalAlpha = opacity;
    context.stroke();
  }
  context.restore();
}

// Mean opacity of every cell, 0 paper … 255 ink.
function averageCells(context) {
  const side = CELLS * FINE;
  const { data } = context.getImageData(0, 0, side, side);
  const sums = new Float64Array(CELLS * CELLS);
  for (let y = 0, at = 3; y < side; y++) {
    const row = CELLS * Math.floor(y / FINE);
    for (let x = 0; x < side; x++, at += 4) sums[row + Math.floor(x / FINE)] += data[at];
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / (FINE * FINE)));
}

// Kept out of graphics memory, since the pixels are read back at every picture.
function inkContext(attributes = {}) {
  const canvas = element("canvas", attributes);
  canvas.width = canvas.height = CELLS * FINE;
  return canvas.getContext("2d", { willReadFrequently: true });
}
