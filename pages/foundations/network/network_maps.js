// What a small dense network answers over the plane: exactly at single points, fast on grids.

const networkFeatures = {
  x1: (x) => x,
  x2: (x, y) => y,
  x1sq: (x) => x * x,
  x2sq: (x, y) => y * y,
  x1x2: (x, y) => x * y,
  sinx1: (x) => Math.sin(x),
  sinx2: (x, y) => Math.sin(y),
};

const networkActivations = {
  identity: (z) => z,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => (z > 0 ? z : 0),
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
  gelu: (z) => 0.5 * z * (1 + networkErf(z * Math.SQRT1_2)),
  softplus: (z) => (z > 30 ? z : Math.log1p(Math.exp(z))),
};

const networkOutputs = {
  tanh: Math.tanh,
  logit: (z) => Math.tanh(z / 2),
  linear: (z) => z,
};

const networkBounded = new Set(["sigmoid", "tanh"]);

// erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: terms of one sign, so nothing cancels.
function networkErf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// Where each layer's weight (out, in) and bias (out) begin in the flat parameter vector.
function networkOffsets(layers) {
  const offsets = [null];
  let next = 0;
  for (let k = 1; k < layers.length; k++) {
    offsets.push({ weight: next, bias: next + layers[k] * layers[k - 1] });
    next += layers[k] * (layers[k - 1] + 1);
  }
  return { offsets, total: next };
}

// All activations at one point in float64, a list for each layer; a muted unit ("k:j") gives 0.
function networkAt(scene, parameters, x, y, muted) {
  const { offsets } = networkOffsets(scene.layers);
  const last = scene.layers.length - 1;
  const silent = (k, j) => muted !== undefined && muted.has(`${k}:${j}`);
  const answers = [scene.features.map((name, j) => (silent(0, j) ? 0 : networkFeatures[name](x, y)))];
  for (let k = 1; k <= last; k++) {
    const f = k === last ? networkOutputs[scene.output] : networkActivations[scene.activation];
    const sums = networkSums(answers[k - 1], parameters, offsets[k], scene.layers[k]);
    answers.push(sums.map((z, j) => (silent(k, j) ? 0 : f(z))));
    if (k === last) answers.push(sums);
  }
  return answers;
}

function networkSums(inputs, parameters, offset, n_out) {
  const sums = [];
  for (let j = 0; j < n_out; j++) {
    let z = parameters[offset.bias + j];
    const row = offset.weight + j * inputs.length;
    for (let i = 0; i < inputs.length; i++) z += parameters[row + i] * inputs[i];
    sums.push(z);
  }
  return sums;
}

// One unit at many points; layer 0 holds the inputs, the last layer what the large map shows.
function networkEvaluate(scene, parameters, xs, ys, layer = scene.layers.length - 1, unit = 0) {
  const values = new Float32Array(xs.length);
  for (let p = 0; p < xs.length; p++) {
    values[p] = networkAt(scene, parameters, xs[p], ys[p])[layer][unit];
  }
  return values;
}

// As in core/foundations/network.py: z is the network's sum, the label y lies in −1 … 1.
const networkLosses = {
  cross_entropy: (z, output, y) => networkActivations.softplus(-z * y),
  hinge: (z, output, y) => Math.max(0, 1 - z * y),
  squared_error: (z, output, y) => (output - y) ** 2 / 2,
  absolute_error: (z, output, y) => Math.abs(output - y),
  huber(z, output, y) {
    const distance = Math.abs(output - y);
    return distance < 0.5 ? distance ** 2 / 2 : 0.5 * (distance - 0.25);
  },
};

// Mean loss over the training points, without penalties.
function networkLoss(scene, parameters, muted) {
  const { points, labels, is_test } = scene.arrays;
  const usual = scene.output === "logit" ? "cross_entropy" : "squared_error";
  const loss = networkLosses[scene.loss ?? usual];
  let sum = 0;
  let n = 0;
  for (let p = 0; p < labels.data.length; p++) {
    if (is_test.data[p]) continue;
    const answers = networkAt(scene, parameters, points.data[2 * p], points.data[2 * p + 1], muted);
    sum += loss(answers.at(-1)[0], answers.at(-2)[0], labels.data[p]);
    n += 1;
  }
  return sum / n;
}

// A smooth activation from a table (256 values to 1, error below 2e-6): three times as fast as
// Math.tanh. Beyond ±16 it is constant or, when `straight`, the value itself.
function networkTabulated(f, straight) {
  const table = Float32Array.from({ length: 8194 }, (_, i) => f((i - 4096) / 256));
  return (plane) => {
    for (let p = 0; p < plane.length; p++) {
      const x = plane[p] * 256 + 4096;
      const i = x | 0;
      if (x <= 0) plane[p] = table[0];
      else if (x < 8192) plane[p] = table[i] + (x - i) * (table[i + 1] - table[i]);
      else if (!straight) plane[p] = table[8192];
    }
  };
}

function networkDirect(slope) {
  return (plane) => {
    for (let p = 0; p < plane.length; p++) if (plane[p] < 0) plane[p] *= slope;
  };
}

// The function that turns a plane of pre-activations into activations, in place.
function networkInPlace(name) {
  const direct = { identity: 1, linear: 1, relu: 0, leaky_relu: 0.01 };
  if (name in direct) return networkDirect(direct[name]);
  const f = networkActivations[name] ?? networkOutputs[name];
  return networkTabulated(f, name === "gelu" || name === "softplus");
}

// Planes of size × size values for every unit, row 0 on top; the inputs are filled in at once.
function networkGrid(scene, size) {
  const planes = scene.layers.map((n) =>
    Array.from({ length: n }, () => new Float32Array(size * size)),
  );
  const place = (i) => ((2 * i + 1) / size - 1) * scene.extent;
  for (const [j, name] of scene.features.entries()) {
    for (let p = 0; p < size * size; p++) {
      planes[0][j][p] = networkFeatures[name](place(p % size), -place(Math.floor(p / size)));
    }
  }
  const [silence, sums] = [new Float32Array(size * size), new Float32Array(size * size)];
  const ones = () => scene.layers.map((n) => new Float32Array(n).fill(1));
  return { size, planes, silence, sums, scales: ones(), peaks: ones() };
}

// Fills every plane and the value at which each unit's colours are strongest.
function networkForward(net, grid, parameters) {
  const last = grid.planes.length - 1;
  for (let k = 1; k <= last; k++) {
    for (let j = 0; j < grid.planes[k].length; j++) {
      const plane = grid.planes[k][j];
      networkWeigh(net, grid, plane, k, j, parameters);
      if (k === last) grid.sums.set(plane);
      (k === last ? net.squash : net.activate)(plane);
    }
  }
  for (let k = 0; k < last; k++) networkScales(net, grid, k);
}

// A unit's sums over the grid, four inputs a pass: a third of the time of one input a pass.
function networkWeigh(net, grid, plane, k, j, parameters) {
  const inputs = grid.planes[k - 1];
  const row = net.offsets[k].weight + j * inputs.length;
  const heard = (i) => i < inputs.length && !(net.muted.size > 0 && net.muted.has(`${k - 1}:${i}`));
  const input = (i) => (heard(i) ? inputs[i] : grid.silence);
  const weight = (i) => (heard(i) ? parameters[row + i] : 0);
  plane.fill(parameters[net.offsets[k].bias + j]);
  for (let i = 0; i < inputs.length; i += 4) {
    const [p0, p1, p2, p3] = [input(i), input(i + 1), input(i + 2), input(i + 3)];
    const [w0, w1, w2, w3] = [weight(i), weight(i + 1), weight(i + 2), weight(i + 3)];
    networkAdd(plane, p0, p1, p2, p3, w0, w1, w2, w3);
  }
}

function networkAdd(plane, p0, p1, p2, p3, w0, w1, w2, w3) {
  for (let p = 0; p < plane.length; p++) {
    plane[p] += w0 * p0[p] + w1 * p1[p] + w2 * p2[p] + w3 * p3[p];
  }
}

// Bounded activations keep ±1. The others are coloured up to twice their mean size on the plane:
// up to their peak, which lies in a corner, most of a ReLU's or a square's map would be pale.
function networkScales(net, grid, k) {
  if (k > 0 && networkBounded.has(net.scene.activation)) return;
  for (let j = 0; j < grid.planes[k].length; j++) {
    const plane = grid.planes[k][j];
    let [sum, peak] = [0, 1];
    for (let p = 0; p < plane.length; p++) {
      const size = plane[p] < 0 ? -plane[p] : plane[p];
      sum += size;
      if (size > peak) peak = size;
    }
    grid.scales[k][j] = Math.min(peak, Math.max(1, (2 * sum) / plane.length));
    grid.peaks[k][j] = peak;
  }
}

// Writes every `stride`-th value as a colour; `pixels` is the Uint32 view of a square image.
function networkPaint(pixels, plane, size, stride, scale, colours, hard) {
  const gain = 127.5 / scale;
  let pixel = 0;
  for (let row = 0; row < size; row += stride) {
    for (let p = row * size; p < (row + 1) * size; p += stride) {
      const value = plane[p];
      let shade = hard ? (value >= 0 ? 255 : 0) : (value * gain + 128) | 0;
      if (shade < 0) shade = 0;
      else if (shade > 255) shade = 255;
      pixels[pixel++] = colours[shade];
    }
  }
}

// Adds the line where the plane is zero to the context's path (marching squares).
function networkContour(context, plane, size, side) {
  const step = side / size;
  for (let row = 0; row < size - 1; row++) {
    for (let p = row * size; p < row * size + size - 1; p++) {
      const up = plane[p] >= 0;
      const same = plane[p + 1] >= 0 === up && plane[p + size] >= 0 === up;
      if (same && plane[p + size + 1] >= 0 === up) continue;
      const x = (p - row * size + 0.5) * step;
      networkCrossing(context, plane, size, p, x, (row + 0.5) * step, step);
    }
  }
}

const networkCorners = { dx: [0, 1, 1, 0], dy: [0, 0, 1, 1] };

// Joins the places where the sign changes on the edges of one cell, two at a time.
function networkCrossing(context, plane, size, p, x, y, step) {
  const { dx, dy } = networkCorners;
  let drawing = false;
  for (let edge = 0; edge < 4; edge++) {
    const next = (edge + 1) % 4;
    const a = plane[p + dx[edge] + dy[edge] * size];
    const b = plane[p + dx[next] + dy[next] * size];
    if (a >= 0 === b >= 0) continue;
    const t = a / (a - b);
    const px = x + step * (dx[edge] + t * (dx[next] - dx[edge]));
    const py = y + step * (dy[edge] + t * (dy[next] - dy[edge]));
    if (drawing) context.lineTo(px, py);
    else context.moveTo(px, py);
    drawing = !drawing;
  }
}
