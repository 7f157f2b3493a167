// Where a map of values changes sign, as a path over a square.

function fitBoundary(values, side, length) {
  const path = new Path2D();
  const step = length / (side - 1);
  for (let row = 0; row < side - 1; row += 1) {
    for (let column = 0; column < side - 1; column += 1) {
      fitCell(path, values, side, row, column, step);
    }
  }
  return path;
}

/** Joins the places where the sign changes on the edges of one cell, two at a time. */
function fitCell(path, values, side, row, column, step) {
  const p = row * side + column;
  const corners = [values[p], values[p + 1], values[p + side + 1], values[p + side]];
  const places = [[0, 0], [1, 0], [1, 1], [0, 1]];
  let drawing = false;
  for (let edge = 0; edge < 4; edge += 1) {
    const next = (edge + 1) % 4;
    const [a, b] = [corners[edge], corners[next]];
    if (a >= 0 === b >= 0) continue;
    const t = a / (a - b);
    const x = column + places[edge][0] + t * (places[next][0] - places[edge][0]);
    const y = row + places[edge][1] + t * (places[next][1] - places[edge][1]);
    path[drawing ? "lineTo" : "moveTo"](x * step, y * step);
    drawing = !drawing;
  }
}
