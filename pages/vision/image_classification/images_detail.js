// One tile opened up: where a value of a map comes from, number by number.

const IMAGES_DETAIL = 176; // px of an enlarged map

function imagesName(scene, { kind, index }) {
  const n = index + 1;
  const names = {
    input: "The image",
    kernel1: `Kernel ${n} of convolution 1`,
    conv1: `Convolution 1, map ${n}`,
    pool1: `Convolution 1, map ${n}, pooled`,
    conv2: `Convolution 2, map ${n}`,
    pool2: `Convolution 2, map ${n}, pooled`,
    class: `Class ${scene.classes[index]}`,
  };
  return names[kind];
}

// The place of the largest value, where nothing else is pointed at.
function imagesPeak(map, side) {
  let best = 0;
  for (let p = 1; p < map.length; p++) if (map[p] > map[best]) best = p;
  return { x: best % side, y: Math.floor(best / side) };
}

// A kernel is explained by the map it makes.
function imagesShown(focus) {
  return focus.kind === "kernel1" ? { kind: "conv1", index: focus.index } : focus;
}

/** Draws into `pen`, {context, theme, tables, width}; returns {height, map: hit rectangle, text}. */
function imagesExplain(pen, net, scene, focus, pointed) {
  const shown = imagesShown(focus);
  if (shown.kind === "class") return imagesExplainClass(pen, net, scene, shown.index);
  const map = net[shown.kind][shown.index];
  const side = net.sides[shown.kind];
  const place = pointed
    ? { x: Math.min(Math.floor(pointed.u * side), side - 1), y: Math.min(Math.floor(pointed.v * side), side - 1) }
    : imagesPeak(map, side);
  const explain = { input: imagesOfInput, conv1: imagesOfFirst, conv2: imagesOfSecond };
  const told = (explain[shown.kind] ?? imagesOfPool)(pen, net, scene, shown, place);
  return { ...told, side };
}

function imagesOfInput(pen, net, scene, shown, place) {
  const map = imagesBig(pen, scene.arrays.picture.data, 28, "ink", 255, 0, place, 1);
  const level = scene.arrays.picture.data[place.y * 28 + place.x];
  const text = `Pixel ${place.x}, ${place.y} has grey level ${level} of 255; the network sees ${imagesNumber(net.input[0][place.y * 28 + place.x])} after taking the mean off.`;
  return { height: map.size, map, text };
}

function imagesOfFirst(pen, net, scene, shown, place) {
  const { k, sides } = net;
  const kernel = imagesKernel(net, 1, shown.index);
  const patch = imagesPatch(net.input[0], 28, place, k);
  const source = imagesBig(pen, scene.arrays.picture.data, 28, "ink", 255, 0, place, k);
  const largest = imagesLargest([kernel], Math.abs);
  let x = source.size + 10;
  const small = Math.min(110, (pen.width - source.size * 2 - 76) / 2);
  const fits = small >= 70;
  const top = fits ? (source.size - small) / 2 : source.size + 12;
  if (!fits) x = 0;
  const size = fits ? small : 110;
  imagesNumbers(pen, patch, k, x, top, size, "grey", 2);
  imagesSign(pen, "×", x + size + 12, top + size / 2);
  imagesNumbers(pen, kernel, k, x + size + 24, top, size, "signed", largest);
  const sum = imagesSum(patch, kernel);
  const equals = fits ? "=" : `= ${imagesNumber(sum)}`;
  imagesSign(pen, equals, x + 2 * size + (fits ? 38 : 62), top + size / 2);
  const at = fits ? x + 2 * size + 52 : source.size + 14;
  const map = imagesBig(pen, net.conv1[shown.index], sides.conv1, "map", imagesLargest(net.conv1), at, place, 1);
  const text = `Patch × kernel, summed: ${imagesNumber(sum)}, and bias ${imagesNumber(net.bias1[shown.index])}: ${imagesNumber(sum + net.bias1[shown.index])}; ReLU leaves ${imagesNumber(Math.max(sum + net.bias1[shown.index], 0))}.`;
  return { height: fits ? source.size : source.size + 24 + size, map, text };
}

function imagesOfSecond(pen, net, scene, shown, place) {
  const { k, sides, first } = net;
  const wide = pen.width >= IMAGES_WIDE;
  const map = imagesBig(pen, net.conv2[shown.index], sides.conv2, "map", imagesLargest(net.conv2), wide ? pen.width - IMAGES_DETAIL : 0, place, 1);
  const space = wide ? pen.width - IMAGES_DETAIL - 40 : pen.width;
  const pitch = Math.min(space / first, 72);
  const size = pitch - 5;
  const top = wide ? 0 : map.size + 14;
  const kernels = Array.from({ length: first }, (_, f) => imagesKernel(net, 2, shown.index, f));
  const largest = imagesLargest(kernels, Math.abs);
  const brightest = imagesLargest(net.pool1);
  const sums = kernels.map((kernel, f) => {
    const x = f * pitch;
    imagesTile(pen, net.pool1[f], sides.pool1, "map", brightest, x, top, size);
    imagesWindow(pen, x, top, size / sides.pool1, place, k);
    imagesTile(pen, kernel, k, "signed", largest, x, top + size + 6, size);
    const sum = imagesSum(imagesPatch(net.pool1[f], sides.pool1, place, k), kernel);
    imagesLabel(pen, imagesNumber(sum, pitch < 44 ? 1 : 2), x + size / 2, top + 2 * size + 20, Math.min(12, pitch / 3.4));
    return sum;
  });
  if (wide) imagesSign(pen, "=", first * pitch + 16, size);
  const total = sums.reduce((a, b) => a + b, 0) + net.bias2[shown.index];
  const text = `Each pooled map × its kernel gives the sum beneath it; together with bias ${imagesNumber(net.bias2[shown.index])}: ${imagesNumber(total)}; ReLU leaves ${imagesNumber(Math.max(total, 0))}.`;
  return { height: Math.max(map.size, top + 2 * size + 26), map, text };
}

function imagesOfPool(pen, net, scene, shown, place) {
  const kind = shown.kind === "pool1" ? "conv1" : "conv2";
  const [from, to] = [net[kind][shown.index], net[shown.kind][shown.index]];
  const window = { x: 2 * place.x, y: 2 * place.y };
  const source = imagesBig(pen, from, net.sides[kind], "map", imagesLargest(net[kind]), 0, window, 2);
  const small = pen.width < 2 * IMAGES_DETAIL + 40;
  const at = small ? source.size + 26 : source.size + 60;
  imagesSign(pen, small ? "→" : "max →", source.size + (at - source.size) / 2, source.size / 2);
  const map = imagesBig(pen, to, net.sides[shown.kind], "map", imagesLargest(net[kind]), at, place, 1);
  const values = imagesPatch(from, net.sides[kind], window, 2).map((v) => imagesNumber(v));
  const text = `The largest of ${values.join(", ")}, or 0 if all are negative: ${imagesNumber(to[place.y * net.sides[shown.kind] + place.x])}.`;
  return { height: source.size, map, text };
}

function imagesExplainClass(pen, net, scene, c) {
  const evidence = net.pool2.map((_, g) => imagesEvidence(net, c, g));
  const largest = imagesLargest(evidence, Math.abs);
  const across = pen.width >= IMAGES_WIDE ? Math.min(net.second, 12) : 6;
  const pitch = Math.min(pen.width / across, 78);
  evidence.forEach((values, g) => {
    const [x, y] = [(g % across) * pitch, Math.floor(g / across) * (pitch + 16)];
    imagesTile(pen, values, net.sides.pool2, "signed", largest, x, y, pitch - 6);
    imagesLabel(pen, imagesNumber(values.reduce((a, b) => a + b, 0), 1), x + (pitch - 6) / 2, y + pitch + 5, 11);
  });
  const text = `What each pooled map says for or against ${scene.classes[c]}; the sum with bias ${imagesNumber(net.bias[c])} is the logit ${imagesNumber(net.logits[c])}, a probability of ${(100 * net.probabilities[c]).toFixed(1)}\u00a0%.`;
  return { height: Math.ceil(net.second / across) * (pitch + 16), map: null, text };
}

function imagesPatch(map, side, place, k) {
  return Array.from({ length: k * k }, (_, p) => map[(place.y + Math.floor(p / k)) * side + place.x + (p % k)]);
}

function imagesSum(patch, kernel) {
  return patch.reduce((sum, value, p) => sum + value * kernel[p], 0);
}

function imagesNumber(value, digits = 2) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// An enlarged map with a frame round the place in question.
function imagesBig(pen, map, side, kind, largest, x, place, k) {
  const size = Math.min(IMAGES_DETAIL, (pen.width - 30) / 2);
  imagesTile(pen, map, side, kind, largest, x, 0, size);
  imagesWindow(pen, x, 0, size / side, place, k);
  return { x, y: 0, size };
}
