// The encoder evaluated in the browser: numbers, hidden units, a place, the classes there.

const PATTERNS_HALVES = new Float32Array(65536);
let patternsHalvesKnown = false;

/** What the 16 bits of a half-precision number say. */
function patternsHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

function patternsFloats(halves) {
  if (!patternsHalvesKnown) {
    for (let bits = 0; bits < 65536; bits += 1) PATTERNS_HALVES[bits] = patternsHalf(bits);
    patternsHalvesKnown = true;
  }
  return Float32Array.from(halves, (bits) => PATTERNS_HALVES[bits & 0xffff]);
}

/** The layers' weights and biases as views of the flat parameters. */
function patternsLayers(sizes, flat) {
  const layers = [];
  let at = 0;
  for (let i = 1; i < sizes.length; i += 1) {
    const [from, to] = [sizes[i - 1], sizes[i]];
    const weight = flat.subarray(at, at + from * to);
    layers.push({ from, to, weight, bias: flat.subarray(at + from * to, at + (from + 1) * to) });
    at += (from + 1) * to;
  }
  return layers;
}

function patternsLinear({ from, to, weight, bias }, x) {
  const z = new Float32Array(to);
  for (let unit = 0; unit < to; unit += 1) {
    let sum = bias[unit];
    for (let i = 0; i < from; i += 1) sum += weight[unit * from + i] * x[i];
    z[unit] = sum;
  }
  return z;
}

function patternsForward([hidden, place, classes], x) {
  const units = patternsLinear(hidden, x).map(Math.tanh);
  const at = patternsLinear(place, units);
  const z = patternsLinear(classes, at);
  const largest = Math.max(...z);
  const shares = z.map((value) => Math.exp(value - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return { units, place: at, shares: shares.map((share) => share / total) };
}
