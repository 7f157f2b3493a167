// Where every tile of the network's picture lies: left to right, or in bands on a phone.

const IMAGES_TITLES = {
  input: "Image",
  kernel1: "Kernels",
  conv1: "Maps 1",
  pool1: "Pooled",
  conv2: "Maps 2",
  pool2: "Pooled",
};
const IMAGES_WIDE = 520; // px

function imagesLayout(net, width) {
  return width >= IMAGES_WIDE ? imagesColumns(net, width) : imagesBands(net, width);
}

function imagesCounts(net) {
  const { first, second } = net;
  return { input: 1, kernel1: first, conv1: first, pool1: first, conv2: second, pool2: second };
}

// One column a layer; layers with many maps take two or three.
function imagesColumns(net, width) {
  const counts = imagesCounts(net);
  const across = Math.ceil(net.second / 8);
  const rows = Math.max(net.first, Math.ceil(net.second / across), 5);
  const pitch = Math.min(60, 470 / rows, width / 15);
  const sizes = { input: Math.min(112, width / 8.5), kernel1: pitch * 0.56, conv1: pitch - 7 };
  Object.assign(sizes, { pool1: pitch * 0.6, conv2: pitch - 7, pool2: pitch * 0.56 });
  const columns = { input: 1, kernel1: 1, conv1: 1, pool1: 1, conv2: across, pool2: across };
  const bars = Math.min(220, width / 4.8);
  const kinds = Object.keys(sizes);
  const taken = kinds.reduce((sum, kind) => sum + columns[kind] * (sizes[kind] + 6) - 6, bars);
  const free = width - taken - 8;
  const shares = [0.14, 0.06, 0.07, 0.32, 0.1, 0.31];
  const height = 30 + rows * pitch;
  const tiles = [];
  const titles = [];
  let x = 4;
  kinds.forEach((kind, place) => {
    const size = sizes[kind];
    const n_rows = Math.ceil(counts[kind] / columns[kind]);
    const step = kind === "input" ? size : Math.min(pitch * 1.4, (height - 30) / n_rows);
    const top = 30 + (height - 30 - n_rows * step) / 2 + (step - size) / 2;
    for (let i = 0; i < counts[kind]; i++) {
      const [column, row] = [Math.floor(i / n_rows), i % n_rows];
      tiles.push({ kind, index: i, x: x + column * (size + 6), y: top + row * step, size });
    }
    const span = columns[kind] * (size + 6) - 6;
    titles.push({ kind, x: x + span / 2, y: 14 });
    x += span + free * shares[place];
  });
  const barsAt = { x: width - bars - 4, y: 34, width: bars, step: (height - 40) / 10 };
  return { tiles, titles, bars: barsAt, height, wide: true };
}

// Bands from top to bottom; the classes lie beside the picture.
function imagesBands(net, width) {
  const left = 3;
  const tiles = [{ kind: "input", index: 0, x: left, y: 24, size: 104 }];
  const titles = [{ kind: "input", x: left, y: 12 }];
  const bars = { x: 120, y: 22, width: width - 122, step: 15 };
  let y = 196;
  for (const kind of ["kernel1", "conv1", "pool1", "conv2", "pool2"]) {
    const n = imagesCounts(net)[kind];
    const across = Math.min(n, kind.startsWith("conv") ? 6 : 8);
    const pitch = Math.min((width - left) / across, kind.startsWith("conv") ? 60 : 44);
    titles.push({ kind, x: left, y: y - 6 });
    for (let i = 0; i < n; i++) {
      const place = { x: left + (i % across) * pitch, y: y + Math.floor(i / across) * pitch };
      tiles.push({ kind, index: i, ...place, size: pitch - 5 });
    }
    y += Math.ceil(n / across) * pitch + 26;
  }
  return { tiles, titles, bars, height: y - 18, wide: false };
}

// What lies under a point: a tile, a class, or nothing.
function imagesAt(layout, x, y) {
  const found = layout.tiles.find(
    (tile) => x >= tile.x - 3 && x <= tile.x + tile.size + 3 && y >= tile.y - 3 && y <= tile.y + tile.size + 3,
  );
  if (found) return { kind: found.kind, index: found.index };
  const { bars } = layout;
  const row = Math.floor((y - bars.y) / bars.step);
  if (x >= bars.x && x <= bars.x + bars.width && row >= 0 && row < 10) return { kind: "class", index: row };
  return null;
}

// The tile that an arrow key leads to: along a layer, or to the next one.
function imagesNeighbour(net, focus, key) {
  const counts = { ...imagesCounts(net), class: 10 };
  const kinds = Object.keys(counts);
  const along = { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
  const over = { ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0;
  const place = kinds.indexOf(focus.kind) + over;
  const kind = kinds[Math.min(Math.max(place, 0), kinds.length - 1)];
  const index = Math.min(Math.max(focus.index + along, 0), counts[kind] - 1);
  return { kind, index };
}
