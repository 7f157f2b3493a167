// A convolutional network computed in the browser: every layer's maps for one picture.

let imagesHalves = null;

// All 65,536 half-precision numbers, by their bits.
function imagesHalfTable() {
  if (imagesHalves) return imagesHalves;
  imagesHalves = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    imagesHalves[bits] = (bits >> 15 ? -1 : 1) * (exponent === 31 ? Infinity : size);
  }
  return imagesHalves;
}

// Empty maps of the sizes that a scene's layers have.
function imagesNetwork(scene) {
  const [first, second] = scene.n_filters;
  const k = scene.kernel_size;
  const sides = { input: 28, conv1: 29 - k };
  sides.pool1 = sides.conv1 >> 1;
  sides.conv2 = sides.pool1 - k + 1;
  sides.pool2 = sides.conv2 >> 1;
  const maps = (n, side) => Array.from({ length: n }, () => new Float32Array(side * side));
  const layers = {
    input: maps(1, 28),
    conv1: maps(first, sides.conv1),
    pool1: maps(first, sides.pool1),
    conv2: maps(second, sides.conv2),
    pool2: maps(second, sides.pool2),
  };
  const n_dense = second * sides.pool2 ** 2;
  const n = first * (k * k + 1) + second * (first * k * k + 1) + 10 * (n_dense + 1);
  return { k, first, second, sides, n_dense, ...layers, values: new Float32Array(n) };
}

// Take a record's parameters apart, in the order in which Python joined them.
function imagesParameters(net, bits) {
  const table = imagesHalfTable();
  for (let p = 0; p < net.values.length; p++) net.values[p] = table[bits[p] & 65535];
  let next = 0;
  const take = (n) => net.values.subarray(next, (next += n));
  const area = net.k * net.k;
  net.kernels1 = take(net.first * area);
  net.bias1 = take(net.first);
  net.kernels2 = take(net.second * net.first * area);
  net.bias2 = take(net.second);
  net.dense = take(10 * net.n_dense);
  net.bias = take(10);
}

// One kernel of a layer, k × k; the second layer has one for each map of the first.
function imagesKernel(net, layer, out, into = 0) {
  const area = net.k * net.k;
  const place = layer === 1 ? out : out * net.first + into;
  return (layer === 1 ? net.kernels1 : net.kernels2).subarray(place * area, (place + 1) * area);
}

// Add a map weighed by a kernel at every place to `out`.
function imagesConvolve(out, side, map, width, kernel, k) {
  for (let v = 0; v < k; v++) {
    for (let u = 0; u < k; u++) {
      const weight = kernel[v * k + u];
      for (let y = 0; y < side; y++) {
        const row = (y + v) * width + u;
        for (let x = 0; x < side; x++) out[y * side + x] += weight * map[row + x];
      }
    }
  }
}

// The largest of each 2 × 2 field, negative ones cut off.
function imagesPool(out, side, map, width) {
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = 2 * y * width + 2 * x;
      out[y * side + x] = Math.max(map[p], map[p + 1], map[p + width], map[p + width + 1], 0);
    }
  }
}

// Every layer for the picture (784 grey levels) under the parameters taken last.
function imagesForward(net, scene) {
  const { sides, k } = net;
  const picture = scene.arrays.picture.data;
  for (let p = 0; p < 784; p++) net.input[0][p] = (picture[p] / 255 - scene.mean) / scene.spread;
  for (let f = 0; f < net.first; f++) {
    net.conv1[f].fill(net.bias1[f]);
    imagesConvolve(net.conv1[f], sides.conv1, net.input[0], 28, imagesKernel(net, 1, f), k);
    imagesPool(net.pool1[f], sides.pool1, net.conv1[f], sides.conv1);
  }
  for (let g = 0; g < net.second; g++) {
    net.conv2[g].fill(net.bias2[g]);
    for (let f = 0; f < net.first; f++) {
      imagesConvolve(net.conv2[g], sides.conv2, net.pool1[f], sides.pool1, imagesKernel(net, 2, g, f), k);
    }
    imagesPool(net.pool2[g], sides.pool2, net.conv2[g], sides.conv2);
  }
  imagesAnswer(net);
}

function imagesAnswer(net) {
  const area = net.sides.pool2 ** 2;
  net.logits = Array.from(net.bias, (bias, c) => {
    let z = bias;
    for (let p = 0; p < net.n_dense; p++) {
      z += net.dense[c * net.n_dense + p] * net.pool2[Math.floor(p / area)][p % area];
    }
    return z;
  });
  const largest = Math.max(...net.logits);
  const exponentials = net.logits.map((z) => Math.exp(z - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  net.probabilities = exponentials.map((e) => e / sum);
  net.best = net.probabilities.indexOf(Math.max(...net.probabilities));
}

// What each value of a map of the last layer adds to a class.
function imagesEvidence(net, c, g) {
  const area = net.sides.pool2 ** 2;
  const weights = net.dense.subarray(c * net.n_dense + g * area, c * net.n_dense + (g + 1) * area);
  return net.pool2[g].map((value, p) => value * weights[p]);
}

function imagesLargest(maps, of = (value) => value) {
  let largest = 0;
  for (const map of maps) for (const value of map) largest = Math.max(largest, of(value));
  return largest || 1;
}
