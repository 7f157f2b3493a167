// Numbers go in, units answer, a place comes out: the encoder while it learns.
//
// Scene: sizes [numbers, hidden, 2, classes]; shape [rows, columns] of the numbers; classes,
// names of the known examples; input_names or []; caption. Scene arrays: labels (N), x (D).
// Records: xy (N, 2), parameters (P) as the bits of halves.

const PATTERNS_NEAREST = 5;
const PATTERNS_MARKS = [
  (p) => p.arc(0, 0, 3.6, 0, 2 * Math.PI),
  (p) => p.rect(-3.2, -3.2, 6.4, 6.4),
  (p) => patternsPolygon(p, 3, 4.6, -90),
  (p) => patternsPolygon(p, 4, 4.6, 0),
  (p) => p.addPath(new Path2D("M-4.2 -1.4h2.8v-2.8h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8z")),
  (p) => patternsPolygon(p, 3, 4.6, 90),
  (p) => p.addPath(new Path2D("M-4 -4l4 2.4 4-2.4-2.4 4 2.4 4-4-2.4-4 2.4 2.4-4z")),
  (p) => patternsPolygon(p, 5, 4.6, -90),
  (p) => patternsPolygon(p, 6, 4.2, 0),
  (p) => p.rect(-4.6, -1.8, 9.2, 3.6),
];

function patternsPolygon(path, n, radius, degrees) {
  for (let i = 0; i < n; i += 1) {
    const angle = ((degrees + (360 * i) / n) * Math.PI) / 180;
    path[i ? "lineTo" : "moveTo"](radius * Math.cos(angle), radius * Math.sin(angle));
  }
  path.closePath();
}

/** Values (rows × columns) as coloured cells in a box; the largest is full colour. */
function patternsCells(context, values, [rows, columns], box, limit, table) {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i += 1) {
    const entry = 3 * Math.round(127.5 + 127.5 * Math.min(Math.max(values[i] / limit, -1), 1));
    image.data.set([table[entry], table[entry + 1], table[entry + 2], 255], 4 * i);
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, box.x, box.y, box.width, box.height);
}

function patternsLargest(values) {
  let largest = 1e-6;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function patternsNumber(value, decimals) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) ? `−${text}` : text;
}

class Patterns {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1 });
    this.grid = barElement("div", "patterns", stage);
    this.input = this.part("");
    this.units = this.part("");
    this.map = this.part("The map: near means alike");
    this.map.canvas.style.cursor = "crosshair";
    this.map.canvas.onpointermove = (event) => this.point(this.nearest(event.offsetX, event.offsetY));
    this.map.canvas.onpointerleave = () => this.point(-1);
    this.answer = barElement("div", "patterns-answer", stage);
    this.legend = barElement("ul", "legend", stage);
  }

  part(title) {
    const root = barElement("div", "patterns-part", this.grid);
    const heading = barElement("div", "patterns-title", root);
    heading.textContent = title;
    const canvas = barElement("canvas", "", root);
    canvas.setAttribute("role", "img");
    return { root, heading, canvas };
  }

  scene(scene) {
    this.shown = scene;
    this.theme = null;
    this.hover = -1;
    this.input.heading.textContent = scene.caption;
    this.units.heading.textContent = `${scene.sizes[1]} unit${scene.sizes[1] > 1 ? "s" : ""}: what each looks for, and its answer`;
    this.input.canvas.ariaLabel = scene.caption;
    this.grid.classList.toggle("patterns-named", scene.input_names.length > 0);
    this.units.canvas.ariaLabel = "The weights of every hidden unit and its activation";
    this.map.canvas.ariaLabel = "Where the known examples and yours stand";
  }

  point(index) {
    if (index === this.hover) return;
    this.hover = index;
    this.player.redraw();
  }

  draw(record) {
    const halves = this.player.get("parameters", record);
    if (!halves) return;
    const { theme } = this.player;
    if (this.theme !== theme) this.dress(theme);
    this.layers = patternsLayers(this.shown.sizes, patternsFloats(halves));
    this.found = patternsForward(this.layers, this.shown.arrays.x.data);
    this.drawInput();
    this.drawUnits();
    this.drawMap(record);
    this.drawAnswer();
  }

  dress(theme) {
    this.theme = theme;
    this.table = diverging(theme);
    this.sprites = this.shown.classes.map((_, i) => this.sprite(i));
    this.legend.replaceChildren(
      ...this.shown.classes.map((name, i) => {
        const item = document.createElement("li");
        const mark = this.sprite(i);
        mark.style.cssText = "width:16px;height:16px";
        item.append(mark, name);
        return item;
      }),
    );
  }

  sprite(i) {
    const canvas = document.createElement("canvas");
    const context = sized(canvas, 16, 16);
    context.translate(8, 8);
    const path = new Path2D();
    PATTERNS_MARKS[i % 10](path);
    context.lineWidth = 1;
    context.strokeStyle = this.theme.background;
    context.stroke(path);
    context.fillStyle = this.theme.categorical[i % this.theme.categorical.length];
    context.fill(path);
    return canvas;
  }

  context(part, height) {
    const width = part.root.clientWidth;
    part.canvas.style.height = `${height}px`;
    return [sized(part.canvas, width, height), width];
  }

  /** The numbers that go in; written into their cells where there is room. */
  drawInput() {
    const { shown, theme } = this;
    const [rows, columns] = shown.shape;
    const named = shown.input_names.length > 0;
    const width = this.input.root.clientWidth;
    const cell = named ? 44 : Math.min(width / columns, 360 / rows);
    const [context] = this.context(this.input, rows * cell + 2);
    const box = { x: 0, y: 0, width: named ? width : columns * cell, height: rows * cell };
    const x = shown.arrays.x.data;
    const limit = named ? 2.5 : Math.min(patternsLargest(x), 3);
    patternsCells(context, x, shown.shape, box, limit, this.table);
    context.textBaseline = "middle";
    if (!named) {
      this.writeCells(context, x, columns, cell, limit);
      return;
    }
    context.font = `12px ${theme.font}`;
    shown.input_names.forEach((name, i) => {
      context.fillStyle = this.inkOn(x[i] / limit);
      context.textAlign = "left";
      context.fillText(name.split(",")[0], 8, (i + 0.5) * cell);
      context.textAlign = "right";
      context.fillText(x[i].toFixed(2), width - 8, (i + 0.5) * cell);
    });
  }

  /** Every number in its cell, with two decimals or one; none where they cannot be read. */
  writeCells(context, x, columns, cell, limit) {
    context.font = `11px ${this.theme.font}`;
    context.textAlign = "center";
    for (const decimals of [2, 1]) {
      const texts = Array.from(x, (value) => patternsNumber(value, decimals));
      const widest = Math.max(...texts.map((text) => context.measureText(text).width));
      if (widest + 2 > cell || cell < 14) continue;
      texts.forEach((text, i) => {
        context.fillStyle = this.inkOn(x[i] / limit);
        context.fillText(text, ((i % columns) + 0.5) * cell, (Math.floor(i / columns) + 0.5) * cell);
      });
      return;
    }
  }

  /** Black or white, whichever is read on the colour of a value from −1 to 1. */
  inkOn(value) {
    const entry = 3 * Math.round(127.5 + 127.5 * Math.min(Math.max(value, -1), 1));
    return luminance([...this.table.slice(entry, entry + 3)]) > 0.3 ? "#111" : "#fff";
  }

  /** Every unit's weights, laid out as the input is, over a bar for its activation. */
  drawUnits() {
    const { shown, theme, layers, found } = this;
    const [rows, columns] = shown.shape;
    const n = shown.sizes[1];
    const width = this.units.root.clientWidth;
    const across = n > 16 ? 6 : 4;
    const step = Math.min(width / across, 74);
    const tall = Math.min(Math.max((step - 8) * (rows / columns), 24), step - 8);
    const [context] = this.context(this.units, Math.ceil(n / across) * (tall + 18));
    const limit = patternsLargest(layers[0].weight);
    for (let unit = 0; unit < n; unit += 1) {
      const [x, y] = [(unit % across) * step, Math.floor(unit / across) * (tall + 18)];
      const box = { x, y, width: step - 8, height: tall };
      const weights = layers[0].weight.subarray(unit * rows * columns, (unit + 1) * rows * columns);
      patternsCells(context, weights, shown.shape, box, limit, this.table);
      context.strokeStyle = faded(theme.text, 0.25);
      context.strokeRect(x + 0.5, y + 0.5, box.width - 1, tall - 1);
      this.drawBar(context, found.units[unit], x, y + tall + 4, box.width);
    }
  }

  /** An activation from −1 to 1 as a bar from its middle. */
  drawBar(context, value, x, y, width) {
    const { theme } = this;
    context.fillStyle = faded(theme.text, 0.1);
    context.fillRect(x, y, width, 7);
    context.fillStyle = value > 0 ? theme.diverging.at(-1) : theme.diverging[0];
    const length = (Math.abs(value) * width) / 2;
    context.fillRect(value > 0 ? x + width / 2 : x + width / 2 - length, y, length, 7);
    context.fillStyle = theme.text;
    context.fillRect(x + width / 2 - 0.5, y - 1, 1, 9);
  }

  /** From a place to pixels: as wide as the known examples and the learner's thing reach. */
  axes(xy, width, height) {
    const { place } = this.found;
    const edges = [place[0], place[0], place[1], place[1]];
    for (let i = 0; i < xy.length; i += 2) {
      edges[0] = Math.min(edges[0], xy[i]);
      edges[1] = Math.max(edges[1], xy[i]);
      edges[2] = Math.min(edges[2], xy[i + 1]);
      edges[3] = Math.max(edges[3], xy[i + 1]);
    }
    const [across, up] = [(edges[1] - edges[0] || 1) * 1.08, (edges[3] - edges[2] || 1) * 1.08];
    const [cx, cy] = [(edges[0] + edges[1]) / 2, (edges[2] + edges[3]) / 2];
    this.x = (v) => ((v - cx) / across + 0.5) * width;
    this.y = (v) => (0.5 - (v - cy) / up) * height;
    this.back = (px, py) => [(px / width - 0.5) * across + cx, (0.5 - py / height) * up + cy];
  }

  drawMap(record) {
    const xy = this.player.get("xy", record);
    const height = Math.min(Math.max(this.map.root.clientWidth * 0.72, 250), 340);
    const [context, width] = this.context(this.map, height);
    this.axes(xy, width, height);
    this.drawRegions(context, width, height);
    const labels = this.shown.arrays.labels.data;
    this.pixels = Float32Array.from(xy, (v, i) => (i % 2 ? this.y(v) : this.x(v)));
    context.globalAlpha = 0.75;
    for (let i = 0; i < labels.length; i += 1) {
      const [x, y] = [this.pixels[2 * i], this.pixels[2 * i + 1]];
      context.drawImage(this.sprites[labels[i]], x - 8, y - 8, 16, 16);
    }
    context.globalAlpha = 1;
    this.drawOwn(context, xy);
    if (this.hover >= 0) this.drawName(context, width);
  }

  /** The ground in the colour of the class that the last layer names there, faintly. */
  drawRegions(context, width, height) {
    const step = 7;
    for (let y = 0; y < height; y += step) {
      for (let x = 0; x < width; x += step) {
        const z = patternsLinear(this.layers[2], this.back(x + step / 2, y + step / 2));
        let best = 0;
        for (let c = 1; c < z.length; c += 1) if (z[c] > z[best]) best = c;
        context.fillStyle = this.theme.categorical[best % this.theme.categorical.length];
        context.globalAlpha = 0.16;
        context.fillRect(x, y, Math.min(step, width - x), Math.min(step, height - y));
      }
    }
    context.globalAlpha = 1;
  }

  drawOwn(context, xy) {
    const { theme, found, shown } = this;
    const [ox, oy] = found.place;
    const apart = (i) => (xy[2 * i] - ox) ** 2 + (xy[2 * i + 1] - oy) ** 2;
    const order = Array.from(shown.arrays.labels.data.keys()).sort((a, b) => apart(a) - apart(b));
    const [x, y] = [this.x(ox), this.y(oy)];
    context.strokeStyle = theme.text;
    context.lineWidth = 1.3;
    for (const i of order.slice(0, PATTERNS_NEAREST)) {
      context.stroke(new Path2D(`M${x} ${y}L${this.pixels[2 * i]} ${this.pixels[2 * i + 1]}`));
    }
    context.beginPath();
    for (let i = 0; i < 10; i += 1) {
      const angle = ((36 * i - 90) * Math.PI) / 180;
      const radius = i % 2 ? 5 : 12;
      context[i ? "lineTo" : "moveTo"](x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    context.closePath();
    context.fillStyle = theme.text;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = theme.background;
    context.stroke();
  }

  nearest(x, y) {
    let [best, least] = [-1, 12 * 12];
    const { pixels = [] } = this;
    for (let i = 0; i < pixels.length / 2; i += 1) {
      const distance = (pixels[2 * i] - x) ** 2 + (pixels[2 * i + 1] - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  drawName(context, width) {
    const { theme, shown, hover } = this;
    const text = shown.names[hover];
    context.font = `12px ${theme.font}`;
    const wide = Math.min(context.measureText(text).width + 16, width);
    const x = Math.min(Math.max(this.pixels[2 * hover] - wide / 2, 0), width - wide);
    const y = this.pixels[2 * hover + 1] > 40 ? this.pixels[2 * hover + 1] - 36 : this.pixels[2 * hover + 1] + 12;
    context.beginPath();
    context.roundRect(x, y, wide, 24, 6);
    context.fillStyle = theme.text;
    context.fill();
    context.fillStyle = theme.background;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, x + 8, y + 12.5, wide - 16);
  }

  /** The three likeliest classes, in words. */
  drawAnswer() {
    const { shares } = this.found;
    const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
    const named = order.slice(0, 3).map((c) => `${this.shown.classes[c]} ${Math.round(100 * shares[c])}\u00a0%`);
    const text = `★ yours, with its ${PATTERNS_NEAREST} nearest. The encoder says: ${named.join(" · ")}`;
    if (this.answer.textContent !== text) this.answer.textContent = text;
  }

  describe() {
    return this.answer.textContent;
  }

  resize() {}

  destroy() {}
}

function patternsDrawing(stage, player) {
  return new Patterns(stage, player);
}
