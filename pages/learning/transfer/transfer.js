// Maps of answers side by side: each corner is one answer, each dot one picture.
//
// Scene: titles (one map each), classes, corners (C, 2), reach, noun, accuracy (array name);
// dots: "letters" (the true class as a coloured letter) or "pictures"; arrays labels (N),
// pixels (N, h, w) or (N, h, w, 3). Records: xy (P, N, 2) int8, answers (P, N), accuracy (P).

const TRANSFER_LETTER = 13; // pixels
const TRANSFER_PICTURE = 34;

class Transfer {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1, panels: [], chosen: 0 });
    // Where there is no room for all maps side by side, tabs choose one of them.
    this.tabs = barElement("div", "transfer-tabs", stage);
    this.root = barElement("div", "transfer", stage);
    this.told = barElement("p", "transfer-told", stage);
  }

  scene(scene) {
    Object.assign(this, { shown: scene, hover: -1, theme: null, enlarged: new Map() });
    this.labels = scene.arrays.labels.data;
    // Above the highest corner and below the lowest there is room for dots and a name.
    const heights = scene.corners.map(([, y]) => y);
    this.top = Math.max(...heights) * 1.36 + 0.18;
    this.bottom = Math.min(Math.min(...heights) * 1.36 - 0.18, -0.6);
    if (scene.corners.length === 2) this.top = 0.5;
    if (this.panels.length !== scene.titles.length) this.build(scene.titles.length);
    this.panels.forEach((panel, place) => {
      panel.title.textContent = panel.tab.firstChild.textContent = scene.titles[place];
      panel.canvas.ariaLabel = `${scene.titles[place]}: map of the answers to ${this.labels.length} images`;
    });
  }

  build(count) {
    this.root.replaceChildren();
    this.tabs.replaceChildren();
    this.root.dataset.panels = this.tabs.dataset.panels = count;
    this.panels = Array.from({ length: count }, (_, place) => {
      const box = barElement("div", "transfer-panel", this.root);
      const head = barElement("div", "transfer-head", box);
      const [title, share] = [barElement("span", "", head), barElement("span", "", head)];
      const canvas = barElement("canvas", "", box);
      canvas.setAttribute("role", "img");
      const tab = barElement("button", "", this.tabs);
      for (const part of ["span", "b"]) barElement(part, "", tab);
      tab.type = "button";
      tab.onclick = () => this.choose(place);
      const panel = { box, title, share, canvas, place, tab };
      canvas.onpointermove = (event) => this.point(this.nearest(panel, event));
      canvas.onpointerleave = () => this.point(-1);
      canvas.onclick = (event) => this.pick(this.nearest(panel, event));
      return panel;
    });
    this.choose(count - 1);
  }

  choose(place) {
    this.chosen = place;
    this.panels.forEach(({ box, tab }, i) => {
      box.toggleAttribute("data-chosen", i === place);
      tab.setAttribute("aria-pressed", i === place);
    });
    this.player.redraw();
  }

  point(index) {
    if (index === this.hover) return;
    this.hover = index;
    this.player.redraw();
  }

  pick(index) {
    if (index >= 0) this.player.emit("pick", { index });
  }

  nearest(panel, event) {
    const xy = this.player.get("xy", this.player.record);
    let [best, least] = [-1, 18 * 18];
    for (let i = 0; xy && i < this.labels.length; i += 1) {
      const [x, y] = this.place(panel, xy, i);
      const distance = (x - event.offsetX) ** 2 + (y - event.offsetY) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  /** Pixels of dot `i` in a panel. */
  place(panel, xy, i) {
    const from = 2 * (panel.place * this.labels.length + i);
    const unit = this.shown.reach / 127;
    return this.at(panel, xy[from] * unit, xy[from + 1] * unit);
  }

  at(panel, x, y) {
    return [panel.width / 2 + x * panel.scale, (this.top - y) * panel.scale];
  }

  draw(record) {
    const xy = this.player.get("xy", record);
    if (!xy) return;
    if (this.theme !== this.player.theme) this.dress();
    for (const panel of this.panels) this.drawPanel(panel, record, xy);
    this.told.textContent = this.hover >= 0 ? this.sentence(record) : this.shown.hint ?? "";
  }

  dress() {
    this.theme = this.player.theme;
    this.sprites = this.shown.classes.map((name, i) => this.letter(name, this.colour(i)));
  }

  colour(i) {
    const { categorical } = this.theme;
    return categorical[i % categorical.length];
  }

  letter(name, colour) {
    const canvas = document.createElement("canvas");
    const context = sized(canvas, 16, 16);
    context.font = `700 ${TRANSFER_LETTER}px ${this.theme.font}`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    context.lineWidth = 3;
    context.strokeStyle = this.theme.background;
    context.strokeText(name, 8, 8.5);
    context.fillStyle = colour;
    context.fillText(name, 8, 8.5);
    return canvas;
  }

  drawPanel(panel, record, xy) {
    panel.width = panel.canvas.clientWidth;
    const share = this.player.get(this.shown.accuracy, record)[panel.place];
    panel.share.textContent = panel.tab.lastChild.textContent = Number.isFinite(share)
      ? `${(100 * share).toFixed(0)}\u00a0%`
      : "–";
    if (!panel.width) return;
    panel.scale = Math.min(panel.width, this.panels.length > 2 ? 310 : 360) / 2 / this.shown.reach;
    panel.size = Math.round((this.top - this.bottom) * panel.scale);
    panel.canvas.style.height = `${panel.size}px`;
    const context = sized(panel.canvas, panel.width, panel.size);
    this.drawFrame(panel, context);
    if (this.shown.dots === "pictures") this.drawPictures(panel, context, xy);
    else this.drawLetters(panel, context, xy);
    this.drawNames(panel, context);
    if (this.hover >= 0) this.drawHover(panel, context, xy);
  }

  drawFrame(panel, context) {
    const points = this.shown.corners.map(([x, y]) => this.at(panel, x, y));
    context.beginPath();
    points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x, y));
    context.closePath();
    Object.assign(context, { strokeStyle: faded(this.theme.text, 0.25), lineWidth: 1.5 });
    context.stroke();
  }

  /** The answers at their corners, over the dots, so that none hides a name. */
  drawNames(panel, context) {
    const { corners, classes } = this.shown;
    const wide = classes.some((name) => name.length > 2);
    const size = wide ? 14 : panel.width < 200 ? 14 : 20;
    context.font = `700 ${size}px ${this.theme.font}`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    corners.forEach(([x, y], i) => {
      // A long name has no room beside a corner at the side: it stands beneath it.
      const beneath = wide && Math.abs(y) < 0.5 ? 0.38 : 0;
      const [px, py] = this.at(panel, x * (wide ? 1 : 1.36), y * 1.36 - beneath);
      const half = context.measureText(classes[i]).width / 2 + 3;
      const at = [Math.min(Math.max(px, half), panel.width - half), py];
      Object.assign(context, { lineWidth: 5, strokeStyle: this.theme.background });
      context.strokeText(classes[i], ...at);
      context.fillStyle = this.colour(i);
      context.fillText(classes[i], ...at);
    });
  }

  drawLetters(panel, context, xy) {
    const side = panel.width < 200 ? 10 : 16;
    for (let i = 0; i < this.labels.length; i += 1) {
      const [x, y] = this.place(panel, xy, i);
      context.drawImage(this.sprites[this.labels[i]], x - side / 2, y - side / 2, side, side);
    }
  }

  drawPictures(panel, context, xy) {
    const side = Math.max(20, Math.min(TRANSFER_PICTURE, panel.size / 10));
    for (let i = 0; i < this.labels.length; i += 1) {
      const [x, y] = this.place(panel, xy, i);
      context.drawImage(this.picture(i), x - side / 2, y - side / 2, side, side);
      context.lineWidth = 2.5;
      context.strokeStyle = this.colour(this.labels[i]);
      context.strokeRect(x - side / 2, y - side / 2, side, side);
    }
  }

  /** One picture as a canvas of its own pixels. */
  picture(i) {
    if (!this.enlarged.has(i)) this.enlarged.set(i, this.pixels(i));
    return this.enlarged.get(i);
  }

  pixels(i) {
    const { data, shape } = this.shown.arrays.pixels;
    const [, height, width, channels = 1] = shape;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let c = 0; c < 3; c += 1) {
        const value = data[(i * width * height + pixel) * channels + (channels === 3 ? c : 0)];
        image.data[4 * pixel + c] = channels === 3 ? value : 255 - value;
      }
      image.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  drawHover(panel, context, xy) {
    const [x, y] = this.place(panel, xy, this.hover);
    const side = Math.min(84, panel.size / 3.2);
    const left = Math.min(Math.max(x + 14, 2), panel.width - side - 2);
    const top = y > side + 22 ? y - side - 14 : y + 14;
    context.beginPath();
    context.arc(x, y, 12, 0, 2 * Math.PI);
    Object.assign(context, { lineWidth: 2.5, strokeStyle: this.theme.text });
    context.stroke();
    context.imageSmoothingEnabled = this.shown.dots === "pictures";
    context.drawImage(this.picture(this.hover), left, top, side, side);
    context.strokeStyle = this.colour(this.labels[this.hover]);
    context.strokeRect(left, top, side, side);
  }

  sentence(record) {
    const { classes, titles, noun } = this.shown;
    const answers = this.player.get("answers", record);
    const said = titles.map((title, place) => {
      const answer = answers[place * this.labels.length + this.hover];
      return `${title}: ${classes[answer]}${answer === this.labels[this.hover] ? " ✓" : " ✗"}`;
    });
    return `${noun} ${this.hover}, truly ${classes[this.labels[this.hover]]} – ${said.join(" · ")}`;
  }

  describe(record) {
    const shares = this.player.get(this.shown.accuracy, record);
    const said = this.shown.titles.map((title, i) => `${title} ${(100 * shares[i]).toFixed(0)}\u00a0%`);
    return `Accuracy: ${said.join(", ")}.`;
  }

  resize() {}

  destroy() {}
}

function transferDrawing(stage, player) {
  return new Transfer(stage, player);
}
