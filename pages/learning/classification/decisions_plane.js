// The plane of two features: regions of the answers, and where the threshold runs.

const DECISIONS_GRID = [48, 30]; // columns and rows at which the network is asked

function decisionsAxes({ domain: [[x0, x1], [y0, y1]] }, width, height) {
  const [left, top, right, bottom] = [50, 8, 12, 40];
  const [w, h] = [width - left - right, height - top - bottom];
  return {
    left, top, w, h, width, height,
    span: { x: [x0, x1], y: [y0, y1] },
    x: (v) => left + ((v - x0) / (x1 - x0)) * w,
    y: (v) => top + (1 - (v - y0) / (y1 - y0)) * h,
  };
}

/** The network's probabilities (rows × columns × C) over the plane, row 0 on top. */
function decisionsMap(plane, parameters) {
  const [columns, rows] = DECISIONS_GRID;
  const [[x0, x1], [y0, y1]] = plane.domain;
  const inputs = new Float32Array(2 * columns * rows);
  for (let i = 0; i < columns * rows; i += 1) {
    const u = x0 + (((i % columns) + 0.5) / columns) * (x1 - x0);
    const v = y1 - ((Math.floor(i / columns) + 0.5) / rows) * (y1 - y0);
    inputs[2 * i] = (u - plane.centre[0]) / plane.deviation[0];
    inputs[2 * i + 1] = (v - plane.centre[1]) / plane.deviation[1];
  }
  return decisionsForward(plane, parameters, inputs);
}

/** Probabilities (n, C) of inputs (n, 2), layer by layer. */
function decisionsForward({ sizes, activation }, parameters, inputs) {
  const n = inputs.length / sizes[0];
  const bend = activation === "relu" ? (z) => Math.max(z, 0) : Math.tanh;
  let [x, at] = [inputs, 0];
  for (let layer = 1; layer < sizes.length; layer += 1) {
    const [from, to] = [sizes[layer - 1], sizes[layer]];
    const last = layer === sizes.length - 1;
    const z = new Float32Array(n * to);
    for (let row = 0; row < n; row += 1) {
      for (let unit = 0; unit < to; unit += 1) {
        let sum = parameters[at + from * to + unit];
        for (let i = 0; i < from; i += 1) sum += parameters[at + unit * from + i] * x[row * from + i];
        z[row * to + unit] = last ? sum : bend(sum);
      }
    }
    at += (from + 1) * to;
    x = z;
  }
  return decisionsSoftmax(x, sizes[sizes.length - 1]);
}

function decisionsSoftmax(z, n) {
  for (let at = 0; at < z.length; at += n) {
    let [most, sum] = [-Infinity, 0];
    for (let k = 0; k < n; k += 1) most = Math.max(most, z[at + k]);
    for (let k = 0; k < n; k += 1) sum += z[at + k] = Math.exp(z[at + k] - most);
    for (let k = 0; k < n; k += 1) z[at + k] /= sum;
  }
  return z;
}

/** Every cell in the colour of its likeliest class, paler where the network is unsure. */
function decisionsShade(context, { left, top, w, h }, map, colours, theme) {
  const [columns, rows] = DECISIONS_GRID;
  const [image, n, ground] = [new ImageData(columns, rows), colours.length, rgbOf(theme.background)];
  for (let cell = 0; cell < columns * rows; cell += 1) {
    let best = 0;
    for (let k = 1; k < n; k += 1) if (map[cell * n + k] > map[cell * n + best]) best = k;
    const sure = (map[cell * n + best] - 1 / n) / (1 - 1 / n);
    for (let c = 0; c < 3; c += 1) {
      image.data[4 * cell + c] = ground[c] + (colours[best][c] - ground[c]) * (0.04 + 0.36 * sure);
    }
    image.data[4 * cell + 3] = 255;
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  small.getContext("2d").putImageData(image, 0, 0);
  context.save();
  context.beginPath();
  context.rect(left, top, w, h);
  context.clip();
  context.drawImage(small, left, top, w, h);
  context.restore();
}

function decisionsFrame(context, axes, plane, theme) {
  const { left, top, w, h, width, height } = axes;
  context.font = `13px ${theme.font}`;
  context.fillStyle = faded(theme.text, 0.8);
  context.textBaseline = "middle";
  for (const axis of ["x", "y"]) {
    const [low, high] = axes.span[axis];
    const step = niceAbove((high - low) / (axis === "x" ? w / 80 : h / 45));
    for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
      const text = tickText(Math.abs(v) < step / 1e6 ? 0 : v, step);
      context.textAlign = axis === "x" ? "center" : "right";
      if (axis === "x") context.fillText(text, axes.x(v), top + h + 12);
      else context.fillText(text, left - 6, axes.y(v));
    }
  }
  context.textAlign = "center";
  context.fillText(decisionsShort(context, plane.names[0], w), left + w / 2, height - 9);
  context.save();
  context.translate(9, top + h / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(decisionsShort(context, plane.names[1], h), 0, 0);
  context.restore();
  context.strokeStyle = faded(theme.text, 0.25);
  context.lineWidth = 1;
  context.strokeRect(left, top, w, h);
}

/** The line where a class's probability passes the threshold, by marching squares. */
function decisionsContour(context, { left, top, w, h }, map, positive, level, colour) {
  const [columns, rows] = DECISIONS_GRID;
  const n = map.length / (columns * rows);
  const value = (c, r) => map[(r * columns + c) * n + positive];
  const place = (c, r) => [left + ((c + 0.5) / columns) * w, top + ((r + 0.5) / rows) * h];
  context.beginPath();
  for (let r = 0; r < rows - 1; r += 1) {
    for (let c = 0; c < columns - 1; c += 1) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const crossed = [];
      corners.forEach((a, i) => {
        const b = corners[(i + 1) % 4];
        const [va, vb] = [value(...a), value(...b)];
        if (va >= level === vb >= level) return;
        const t = (level - va) / (vb - va);
        const [p, q] = [place(...a), place(...b)];
        crossed.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      });
      for (let i = 0; i + 1 < crossed.length; i += 2) {
        context.moveTo(...crossed[i]);
        context.lineTo(...crossed[i + 1]);
      }
    }
  }
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}
