// What a point of the plane stands for: decoded here where the weights are at hand, between
// them blended from the grid of pictures that every record brings.

/** The error function (Abramowitz and Stegun, 7.1.26), to 1.5e-7. */
function latentErf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const value = 1 - tail * Math.exp(-x * x);
  return x < 0 ? -value : value;
}

function latentGelu(x) {
  return 0.5 * x * (1 + latentErf(x / Math.SQRT2));
}

/** The decoder's layers out of the scene: weights (in, out) and biases as float32. */
function latentLayers(scene) {
  const { sizes, scales } = scene.decoder;
  return sizes.slice(1).map((out, depth) => {
    const read = (name, scale) => Float32Array.from(scene.arrays[`${name}${depth}`].data, (v) => v * scale);
    return { out, weight: read("weight", scales[2 * depth]), bias: read("bias", scales[2 * depth + 1]) };
  });
}

/** Grey levels 0 … 255 that the decoder makes of the place (u, v) of the map. */
function latentDecoded(layers, linear, mean, u, v) {
  let x = Float32Array.of(u, v);
  layers.forEach(({ out, weight, bias }, depth) => {
    const z = Float32Array.from(bias);
    for (let i = 0; i < x.length; i += 1) {
      for (let o = 0, row = i * out; o < out; o += 1) z[o] += x[i] * weight[row + o];
    }
    x = depth === layers.length - 1 ? z : z.map(latentGelu);
  });
  if (linear) return Uint8ClampedArray.from(x, (value, i) => 255 * value + mean[i]);
  return Uint8ClampedArray.from(x, (value) => 255 / (1 + Math.exp(-value)));
}

/** The four pictures of the grid around a place, each as much as it is near. */
function latentBlended(grid, side, reach, u, v) {
  const at = (value) => Math.min(Math.max(((value + reach) / (2 * reach)) * side - 0.5, 0), side - 1);
  const [x, y] = [at(u), side - 1 - at(v)];
  const [left, top] = [Math.min(Math.floor(x), side - 2), Math.min(Math.floor(y), side - 2)];
  const [right, down] = [x - left, y - top];
  const area = grid.length / (side * side);
  const tile = (row, column) => grid.subarray((row * side + column) * area, (row * side + column + 1) * area);
  const [a, b, c, d] = [tile(top, left), tile(top, left + 1), tile(top + 1, left), tile(top + 1, left + 1)];
  const shares = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
  return Uint8ClampedArray.from(a, (_, i) => shares[0] * a[i] + shares[1] * b[i] + shares[2] * c[i] + shares[3] * d[i]);
}

/** A canvas with one pixel a grey level, from paper to ink. */
function latentPicture(grey, width, colours, canvas = document.createElement("canvas")) {
  const height = grey.length / width;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < grey.length; i += 1) pixels[i] = colours[grey[i]];
  context.putImageData(image, 0, 0);
  return canvas;
}

/** 256 colours from paper to ink, as one little-endian number a pixel. */
function latentScale(paper, ink) {
  const [from, to] = [rgbOf(paper), rgbOf(ink)];
  return Uint32Array.from({ length: 256 }, (_, grey) => {
    const [r, g, b] = from.map((channel, c) => Math.round(channel + ((to[c] - channel) * grey) / 255));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** Pictures (side² of them) laid out as one sheet, row by row. */
function latentSheet(pictures, side, tile) {
  const sheet = new Uint8ClampedArray(pictures.length);
  for (let p = 0; p < side * side; p += 1) {
    const corner = Math.floor(p / side) * tile * side * tile + (p % side) * tile;
    for (let y = 0; y < tile; y += 1) {
      const from = p * tile * tile + y * tile;
      sheet.set(pictures.subarray(from, from + tile), corner + y * side * tile);
    }
  }
  return sheet;
}
