// The plane between encoder and decoder: where pictures land, and what places stand for.
//
// Scene: classes, short (names on the map), reach, grid (pictures on a side), model, linear,
// single: whether there is one latent number only; perplexity of t-SNE;
// x, y: axis titles; decoder: {record, sizes, scales} with arrays weight0, bias0, … of that
// record in map coordinates; arrays labels, samples, pca, pca_errors, pca_xy, tsne_xy,
// shown_rows, shown, mean. Records: xy (N, 2) int16 of 4096 a unit, grid (G², T²) uint8,
// restored (10, 784) uint8, errors (10).

const LATENT_UNIT = 4096;
const LATENT_SIDE = 28;
const LATENT_STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class Latent {
  constructor(stage, player) {
    Object.assign(this, { stage, player, u: -2, v: 1.6, walking: false, phase: 0 });
    this.shows = { decoded: true, dots: true, pictures: false };
    this.root = barElement("div", "latent", stage);
    const left = barElement("div", "", this.root);
    this.plane = barElement("canvas", "latent-plane", left);
    this.tools = barElement("div", "latent-tools", left);
    this.side = barElement("div", "latent-side", this.root);
    const row = barElement("div", "latent-cursor", this.side);
    this.lens = barElement("canvas", "", row);
    this.said = barElement("p", "", row);
    this.strip = barElement("canvas", "", this.side);
    const maps = barElement("div", "latent-maps", this.side);
    this.still = [barElement("canvas", "", maps), barElement("canvas", "", maps)];
    this.caveat = barElement("p", "latent-caveat", this.side);
    this.buttons();
    this.listen();
  }

  buttons() {
    const named = { decoded: "Decoded plane", dots: "Dots", pictures: "Images", walk: "Walk" };
    for (const [name, text] of Object.entries(named)) {
      const button = barElement("button", "", this.tools);
      button.type = "button";
      button.textContent = text;
      button.ariaPressed = String(Boolean(this.shows[name]));
      button.onclick = () => this.press(button, name);
    }
  }

  press(button, name) {
    if (name === "walk") this.walking = !this.walking;
    else this.shows[name] = !this.shows[name];
    button.ariaPressed = String(name === "walk" ? this.walking : this.shows[name]);
    this.since = performance.now();
    this.player.redraw();
  }

  listen() {
    const { plane } = this;
    plane.tabIndex = 0;
    plane.dataset.keys = "arrows";
    plane.setAttribute("role", "img");
    plane.onpointerdown = (event) => {
      plane.setPointerCapture(event.pointerId);
      this.drag(event);
    };
    plane.onpointermove = (event) => {
      if (event.buttons) this.drag(event);
    };
    plane.onkeydown = (event) => {
      const step = LATENT_STEP[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const by = event.shiftKey ? 0.5 : 0.1;
      this.go(this.u + by * step[0], this.v + by * step[1]);
    };
  }

  drag(event) {
    const { reach } = this.shown;
    const across = (value) => (2 * value) / this.size - 1;
    this.go(reach * across(event.offsetX), -reach * across(event.offsetY));
  }

  go(u, v) {
    const { reach } = this.shown;
    const held = (value) => Math.min(Math.max(value, -reach), reach);
    Object.assign(this, { u: held(u), v: held(v) });
    this.player.bar.said = undefined; // the same record is said anew, with this place
    this.player.redraw();
  }

  scene(scene) {
    this.shown = scene;
    this.layers = scene.decoder ? latentLayers(scene) : null;
    Object.assign(this, { sheet: null, theme: null });
    this.plane.ariaLabel =
      `Plane of ${scene.model}: ${scene.arrays.labels.data.length} held-out images and decoded ones behind. ` +
      "Arrow keys move the cursor, with shift faster.";
  }

  /** Whether the decoder of this very record is at hand. */
  exact(record) {
    return this.layers !== null && this.shown.decoder.record === record;
  }

  draw(record) {
    const xy = this.player.get("xy", record);
    if (!xy) return;
    this.walk();
    this.measure();
    if (this.theme !== this.player.theme || this.drawnAt !== this.size) this.dress();
    this.place(xy);
    this.drawPlane(record);
    this.drawLens(record);
    this.drawStrip(record);
  }

  /** Take the cursor along a slow curve that comes by everywhere. */
  walk() {
    if (!this.walking) return;
    const now = performance.now();
    this.phase += Math.min(now - this.since, 100) / 4200;
    this.since = now;
    const { reach } = this.shown;
    this.u = 0.72 * reach * Math.sin(2 * this.phase + 0.6);
    this.v = 0.72 * reach * Math.sin(3 * this.phase);
    requestAnimationFrame(() => this.walking && this.player.redraw());
  }

  measure() {
    const width = this.stage.clientWidth;
    const narrow = width < 680;
    this.size = Math.round(narrow ? width : Math.min(width * 0.52, this.player.room() - 60));
    this.wide = narrow ? width : width - this.size - 24;
    this.root.dataset.narrow = narrow;
    this.root.style.setProperty("--plane", `${this.size}px`);
    this.plane.style.cssText = `width:${this.size}px;height:${this.size}px`;
  }

  /** Colours of the theme, and the maps that stand still. */
  dress() {
    const { theme } = this.player;
    Object.assign(this, { theme, drawnAt: this.size });
    const soft = mix([theme.background, theme.text], theme.dark ? 0.5 : 0.42);
    this.faint = latentScale(theme.background, soft);
    this.full = latentScale(theme.background, theme.text);
    this.dots = theme.categorical.map((colour) => latentDot(colour, theme.background, 3.3));
    const { labels, pca_xy, tsne_xy, samples, pca, shown } = this.shown.arrays;
    const side = Math.floor(Math.min((this.wide - 12) / 2, 190));
    const { short } = this.shown;
    latentStill(this.still[0], side, "PCA", pca_xy.data, labels.data, short, this.dots, theme);
    this.caveat.textContent =
      `t-SNE (perplexity ${this.shown.perplexity}) keeps neighbours together; how large a group is, ` +
      "and how far from another one, means little.";
    latentStill(this.still[1], side, "t-SNE", tsne_xy.data, labels.data, short, this.dots, theme);
    const tall = (array) => latentPicture(array.data, LATENT_SIDE, this.full);
    Object.assign(this, { originals: tall(samples), rebuilt: tall(pca), few: tall(shown) });
  }

  place(xy) {
    this.pixels ??= new Float32Array(xy.length);
    if (this.pixels.length !== xy.length) this.pixels = new Float32Array(xy.length);
    const scale = this.size / (2 * this.shown.reach * LATENT_UNIT);
    for (let i = 0; i < xy.length; i += 2) {
      this.pixels[i] = this.size / 2 + xy[i] * scale;
      this.pixels[i + 1] = this.size / 2 - xy[i + 1] * scale;
    }
  }

  drawPlane(record) {
    const { theme, size, shows, shown } = this;
    const context = sized(this.plane, size, size);
    this.context = context;
    if (shows.decoded) this.drawGround(record);
    context.strokeStyle = faded(theme.text, 0.35);
    context.strokeRect(0.5, 0.5, size - 1, size - 1);
    if (shows.dots) this.drawDots();
    if (shows.pictures) this.drawPictures();
    if (shows.dots || shows.pictures) {
      const places = latentMiddles(this.pixels, shown.arrays.labels.data, shown.short);
      latentNames(context, places, shown.short, theme, 18);
    }
    this.drawTitles();
    this.drawCursor();
  }

  /** The decoded pictures: sharp where the weights are at hand, half as sharp else. */
  drawGround(record) {
    const { shown, context, size } = this;
    const busy = this.shows.dots || this.shows.pictures;
    const sharp = this.exact(record);
    const tile = sharp ? LATENT_SIDE : LATENT_SIDE / 2;
    if (sharp) this.sheet ??= latentSheet(this.sharpened(), shown.grid, tile);
    const sheet = sharp ? this.sheet : latentSheet(this.player.get("grid", record), shown.grid, tile);
    this.ground = latentPicture(sheet, shown.grid * tile, busy ? this.faint : this.full, this.ground);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.ground, 0, 0, size, size);
  }

  sharpened() {
    const { grid: n, reach } = this.shown;
    const all = new Uint8ClampedArray(n * n * LATENT_SIDE * LATENT_SIDE);
    const middle = (i) => ((i + 0.5) * 2 * reach) / n - reach;
    for (let p = 0; p < n * n; p += 1) {
      const grey = this.decoded(middle(p % n), -middle(Math.floor(p / n)));
      all.set(grey, p * LATENT_SIDE * LATENT_SIDE);
    }
    return all;
  }

  decoded(u, v) {
    return latentDecoded(this.layers, this.shown.linear, this.shown.arrays.mean.data, u, v);
  }

  drawDots() {
    const { context, pixels, dots } = this;
    const labels = this.shown.arrays.labels.data;
    context.globalAlpha = 0.8;
    for (let i = 0; i < labels.length; i += 1) {
      context.drawImage(dots[labels[i] % 10], pixels[2 * i] - 6, pixels[2 * i + 1] - 6, 12, 12);
    }
    context.globalAlpha = 1;
  }

  /** A few of the examples as the pictures they are, framed in the colour of their class. */
  drawPictures() {
    const { context, pixels, theme } = this;
    const { shown_rows: rows, labels } = this.shown.arrays;
    rows.data.forEach((row, place) => {
      const [x, y] = [pixels[2 * row] - 12, pixels[2 * row + 1] - 12];
      context.drawImage(this.few, 0, place * LATENT_SIDE, LATENT_SIDE, LATENT_SIDE, x, y, 24, 24);
      context.strokeStyle = theme.categorical[labels.data[row] % 10];
      context.lineWidth = 2;
      context.strokeRect(x, y, 24, 24);
    });
    context.lineWidth = 1;
  }

  drawTitles() {
    const { context, theme, size, shown } = this;
    context.font = `13px ${theme.font}`;
    context.textBaseline = "alphabetic";
    context.lineWidth = 4;
    context.strokeStyle = theme.background;
    context.fillStyle = theme.text;
    const say = (text, x, y) => {
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    };
    context.textAlign = "right";
    say(`${shown.x} →`, size - 8, size - 8);
    context.save();
    context.rotate(-Math.PI / 2);
    say(`${shown.y}`, -8, 16);
    context.restore();
    context.lineWidth = 1;
  }

  drawCursor() {
    const { context, theme, size } = this;
    const { reach } = this.shown;
    const [x, y] = [(size * (1 + this.u / reach)) / 2, (size * (1 - this.v / reach)) / 2];
    for (const [width, colour] of [[6, theme.background], [3, theme.primary]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      context.arc(x, y, 13, 0, 2 * Math.PI);
      context.stroke();
      context.stroke(new Path2D(`M${x - 20} ${y}h14M${x + 6} ${y}h14M${x} ${y - 20}v14M${x} ${y + 6}v14`));
    }
    context.lineWidth = 1;
  }

  drawLens(record) {
    const side = 128;
    this.lens.style.cssText = `width:${side}px;height:${side}px`;
    const context = sized(this.lens, side, side);
    const sharp = this.exact(record);
    const { grid, reach } = this.shown;
    const grey = sharp
      ? this.decoded(this.u, this.v)
      : latentBlended(this.player.get("grid", record), grid, reach, this.u, this.v);
    const width = sharp ? LATENT_SIDE : LATENT_SIDE / 2;
    this.tiny = latentPicture(grey, width, this.full, this.tiny);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.tiny, 0, 0, side, side);
    this.tell(sharp);
  }

  tell(sharp) {
    const { single } = this.shown;
    const at = single ? [this.u] : [this.u, this.v];
    const place = at.map((value) => decimal(value, 2).replace("-", "−")).join(", ");
    const near = this.nearest();
    const told = `${place} ${near} ${sharp}`;
    if (this.told === told) return;
    this.told = told;
    const strong = (text) => Object.assign(document.createElement("b"), { textContent: text });
    this.said.replaceChildren(
      sharp ? "Decoded at " : "Blended from the decoded plane at ", strong(single ? place : `(${place})`),
      ", where there need be no example. Nearest held-out image: ",
      strong(near), ". Drag the ring, or use the arrow keys.",
    );
  }

  /** With one latent number only the way across counts: rows are there for looks. */
  nearest() {
    const { reach, arrays, classes, single } = this.shown;
    const [x, y] = [(this.size * (1 + this.u / reach)) / 2, (this.size * (1 - this.v / reach)) / 2];
    let [best, least] = [0, Infinity];
    for (let i = 0; i < this.pixels.length; i += 2) {
      const distance = (this.pixels[i] - x) ** 2 + (single ? 0 : (this.pixels[i + 1] - y) ** 2);
      if (distance < least) [best, least] = [i / 2, distance];
    }
    return classes[arrays.labels.data[best]];
  }

  /** Originals above what the model and what PCA restore of them, with the errors. */
  drawStrip(record) {
    const { theme, wide, shown } = this;
    const margin = 76;
    const n = shown.arrays.pca_errors.data.length;
    const tile = Math.min(Math.floor((wide - margin) / n), 40);
    const rows = [0, tile + 6, 2 * tile + 28];
    const height = 3 * tile + 46;
    this.strip.style.cssText = `width:${wide}px;height:${height}px`;
    const context = sized(this.strip, wide, height);
    this.strip.ariaLabel = "Ten held-out images and what is restored of them";
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.text;
    context.textBaseline = "middle";
    ["original", shown.short_model, "PCA"].forEach((name, row) => context.fillText(name, 0, rows[row] + tile / 2));
    this.again = latentPicture(this.player.get("restored", record), LATENT_SIDE, this.full, this.again);
    const errors = [this.player.get("errors", record), shown.arrays.pca_errors.data];
    [this.originals, this.again, this.rebuilt].forEach((sheet, row) => {
      for (let i = 0; i < n; i += 1) {
        const x = margin + i * tile;
        context.drawImage(sheet, 0, i * LATENT_SIDE, LATENT_SIDE, LATENT_SIDE, x, rows[row], tile - 2, tile - 2);
        if (row) this.drawError(context, errors, row - 1, i, x + tile / 2 - 1, rows[row] + tile + 8);
      }
      if (row) context.fillText("× 1000", 0, rows[row] + tile + 8);
    });
  }

  /** The error of one picture in thousandths, bold where it is the smaller one. */
  drawError(context, errors, which, i, x, y) {
    const { theme } = this;
    const better = errors[which][i] < errors[1 - which][i];
    context.font = `${better ? 700 : 400} 13px ${theme.font}`;
    context.fillStyle = better ? theme.text : faded(theme.text, 0.72);
    context.textAlign = "center";
    context.fillText(decimal(1000 * errors[which][i], 0), x, y);
    context.textAlign = "left";
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.text;
  }

  describe(record) {
    const errors = this.player.get("errors", record);
    if (!errors || !this.pixels) return "";
    const better = errors.filter((error, i) => error < this.shown.arrays.pca_errors.data[i]).length;
    const where = `${decimal(this.u, 2)}, ${decimal(this.v, 2)}`;
    return (
      `Cursor at ${where}; the nearest held-out image there is ${this.nearest()}. ` +
      `Restored better than by PCA: ${better} of the ${errors.length} images shown.`
    );
  }

  resize() {}

  destroy() {
    this.walking = false;
  }
}

function latentDrawing(stage, player) {
  return new Latent(stage, player);
}
