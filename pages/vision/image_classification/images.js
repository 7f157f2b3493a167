// The convolutional network as a picture: from the pixels to the classes, layer by layer.

function imagesDrawing(stage, player) {
  return new ImagesDrawing(stage, player);
}

class ImagesDrawing {
  constructor(stage, player) {
    this.stage = stage;
    this.player = player;
    Object.assign(this, { hovered: null, pinned: null, pointed: null, colours: null });
    this.canvas = this.surface("The layers of the network: arrow keys move from tile to tile");
    this.title = imagesText(stage, "600 0.9375rem");
    this.detail = this.surface("The tile enlarged: arrow keys move over its pixels");
    this.text = imagesText(stage, "400 0.875rem");
    this.scratch = document.createElement("canvas");
    this.listen();
  }

  surface(label) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { tabIndex: 0, ariaLabel: label });
    canvas.setAttribute("role", "img");
    canvas.dataset.keys = "";
    canvas.style.cssText = "display: block; width: 100%; touch-action: pan-y; cursor: pointer";
    this.stage.append(canvas);
    return canvas;
  }

  listen() {
    const { canvas, detail } = this;
    canvas.onpointermove = (event) => this.hover(this.under(event));
    canvas.onpointerleave = () => this.hover(null);
    canvas.onclick = (event) => this.pin(this.under(event));
    detail.onpointermove = (event) => this.point(...imagesPoint(event));
    detail.onpointerdown = detail.onpointermove;
    canvas.onkeydown = (event) => this.travel(event);
    detail.onkeydown = (event) => this.sweep(event);
  }

  // What is looked at.

  get focus() {
    return this.hovered ?? this.pinned ?? { kind: "conv1", index: 0 };
  }

  under(event) {
    return this.layout && imagesAt(this.layout, ...imagesPoint(event));
  }

  hover(found) {
    if (found?.kind === this.hovered?.kind && found?.index === this.hovered?.index) return;
    this.hovered = found;
    if (found) this.pointed = null;
    this.player.redraw();
  }

  pin(found) {
    const same = found?.kind === this.pinned?.kind && found?.index === this.pinned?.index;
    this.pinned = same ? null : found;
    this.pointed = null;
    this.player.redraw();
  }

  /** Point at a pixel of the enlarged map, as shares of its sides. */
  point(x, y) {
    const { map } = this.told ?? {};
    if (!map) return;
    const [u, v] = [(x - map.x) / map.size, (y - map.y) / map.size];
    if (u < 0 || v < 0 || u >= 1 || v >= 1) return;
    this.pinned = this.focus;
    this.pointed = { u, v };
    this.player.redraw();
  }

  travel(event) {
    if (event.key === "Escape") this.pin(null);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    this.hovered = null;
    this.pin(imagesNeighbour(this.net, this.focus, event.key));
    this.player.say(imagesName(this.scenery, this.focus));
  }

  sweep(event) {
    if (!event.key.startsWith("Arrow") || !this.told?.map) return;
    event.preventDefault();
    const { side } = this.told;
    const step = (value, by) => Math.min(Math.max(value + by / side, 0.5 / side), 1 - 0.5 / side);
    const at = this.pointed ?? { u: 0.5, v: 0.5 };
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const [across, down] = by[event.key];
    this.pinned = this.focus;
    this.pointed = { u: step(at.u, across), v: step(at.v, down) };
    this.player.redraw();
  }

  // What the player calls.

  scene(scene) {
    this.scenery = scene;
    this.net = imagesNetwork(scene);
    this.layout = null;
  }

  resize() {
    this.layout = null;
  }

  draw(record) {
    const width = Math.max(Math.floor(this.stage.clientWidth), 300);
    this.layout ??= imagesLayout(this.net, width);
    imagesParameters(this.net, this.player.get("parameters", record));
    imagesForward(this.net, this.scenery);
    const { theme } = this.player;
    if (this.colours?.theme !== theme) this.colours = { theme, ...imagesColours(theme) };
    this.canvas.style.height = `${this.layout.height}px`;
    const context = sized(this.canvas, width, this.layout.height);
    const pen = { context, theme, width, tables: this.colours, scratch: this.scratch };
    imagesLines(pen, this.net, this.layout, this.focus);
    this.tiles(pen);
    this.bars(pen);
    this.explain(pen);
  }

  tiles(pen) {
    const { net, layout } = this;
    for (const { kind, x, y } of layout.titles) {
      imagesLabel(pen, IMAGES_TITLES[kind], x, y, 12.5, layout.wide ? "center" : "left");
    }
    const kernels = Array.from({ length: net.first }, (_, f) => imagesKernel(net, 1, f));
    const largest = { kernel1: imagesLargest(kernels, Math.abs), input: 255 };
    largest.conv1 = largest.pool1 = imagesLargest(net.conv1);
    largest.conv2 = largest.pool2 = imagesLargest(net.conv2);
    const inks = { input: "ink", kernel1: "signed" };
    for (const tile of layout.tiles) {
      const { kind, index, x, y, size } = tile;
      const own = { input: this.scenery.arrays.picture.data, kernel1: kernels[index] }[kind];
      const side = kind === "kernel1" ? net.k : net.sides[kind];
      imagesTile(pen, own ?? net[kind][index], side, inks[kind] ?? "map", largest[kind], x, y, size);
      if (this.is(tile)) imagesRing(pen, x, y, size);
    }
  }

  is({ kind, index }) {
    return this.focus.kind === kind && this.focus.index === index;
  }

  bars(pen) {
    const { bars } = this.layout;
    const { classes, truth } = this.scenery;
    const { context, theme } = pen;
    const longest = Math.max(...classes.map((name) => name.length)) + 2;
    const label = Math.min(longest * 6.6 + 12, bars.width * 0.5);
    this.net.probabilities.forEach((p, c) => {
      const y = bars.y + c * bars.step;
      const best = c === this.net.best;
      const name = `${classes[c]}${c === truth ? " ✓" : ""}`;
      imagesLabel(pen, name, bars.x + label - 8, y + bars.step / 2 + 4, 12.5, "right", best, label - 8);
      const room = bars.width - label - 38;
      context.fillStyle = faded(theme.categorical[0], best ? 1 : 0.45);
      context.fillRect(bars.x + label, y + bars.step * 0.2, Math.max(room * p, 1), bars.step * 0.6);
      const percent = p >= 0.005 ? `${Math.round(100 * p)}\u00a0%` : "";
      imagesLabel(pen, percent, bars.x + label + room * p + 6, y + bars.step / 2 + 4, 12, "left", best);
      if (this.is({ kind: "class", index: c })) imagesRing(pen, bars.x, y + 1, bars.width, bars.step - 2);
    });
  }

  explain(pen) {
    // Measured first, because a canvas that changes its height is cleared.
    const measure = document.createElement("canvas").getContext("2d");
    const { focus, pointed, net, scenery } = this;
    const room = imagesExplain({ ...pen, context: measure }, net, scenery, focus, pointed).height;
    const height = Math.max(Math.ceil(room) + 6, IMAGES_DETAIL + 6);
    this.detail.style.height = `${height}px`;
    const context = sized(this.detail, pen.width, height);
    context.translate(2, 3);
    this.told = imagesExplain({ ...pen, context, width: pen.width - 4 }, net, scenery, focus, pointed);
    const pinned = this.pinned ? " (kept; click it again to let go)" : "";
    this.title.textContent = `${imagesName(scenery, focus)}${pinned}`;
    this.text.textContent = this.told.text;
  }

  describe(record) {
    const { classes, caption } = this.scenery;
    const { best, probabilities } = this.net;
    return `${caption} is read as ${classes[best]} (${Math.round(100 * probabilities[best])}\u00a0%).`;
  }

  destroy() {
    this.stage.replaceChildren();
  }
}

function imagesPoint(event) {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function imagesText(stage, font) {
  const line = document.createElement("p");
  line.style.cssText = `margin: 10px 0 8px; font: ${font} / 1.4 inherit; min-height: 1.4em`;
  const [weight, size] = font.split(" ");
  Object.assign(line.style, { fontWeight: weight, fontSize: size });
  stage.append(line);
  return line;
}
