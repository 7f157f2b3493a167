// One network in small: what it answers over the plane, its loss so far, the gradient that
// reaches each layer, its dead units.

const ACTIVATIONS_TILE = { height: 136, map: 56, loss: 88, gap: 9, left: 26 };
const ACTIVATIONS_WORST = 1; // nats at the top of every tile's loss
const ACTIVATIONS_EARLY = 10; // epochs whose mean gradient is marked: it tells what could be learned
const ACTIVATIONS_LEAST = -8; // powers of ten of the smallest gradient shown

class ActivationsTile {
  constructor(host, picture, name, m) {
    Object.assign(this, { picture, name, m });
    this.button = activationsElement(host, "button", "tile", { type: "button" });
    this.button.onclick = () => picture.choose(m);
    const head = activationsElement(this.button, "span", "tilehead");
    activationsElement(head, "b", "name", { textContent: name });
    this.right = activationsElement(head, "span", "right");
    this.canvas = activationsElement(this.button, "canvas", "small");
    this.dead = activationsElement(this.button, "span", "dead");
  }

  reading(record) {
    const { picture, m } = this;
    const loss = picture.row("losses", m, record)[0];
    const right = Math.round(100 * picture.row("accuracies", m, record)[0]);
    const first = picture.row("gradients", m, record)[0];
    const told = Number.isFinite(loss) ? `loss ${shown(loss)}, ${right}\u00a0% right` : "diverged";
    return `${told}, first layer's gradient ${activationsPower(first)}, ${this.deadShare(record)}\u00a0% dead`;
  }

  deadShare(record) {
    const shares = this.picture.row("dead", this.m, record);
    return Math.round((100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length);
  }

  draw(record) {
    const { picture, m } = this;
    this.theme = picture.player.theme;
    this.width = this.canvas.clientWidth;
    this.context = sized(this.canvas, this.width, ACTIVATIONS_TILE.height);
    const loss = picture.row("losses", m, record)[0];
    const right = Math.round(100 * picture.row("accuracies", m, record)[0]);
    this.right.textContent = Number.isFinite(loss) ? `${right}\u00a0%` : "diverged";
    this.map(picture.row("maps", m, record));
    this.losses(record);
    this.gradients(picture.row("gradients", m, record), this.early(record));
    const dead = this.deadShare(record);
    this.dead.textContent = `${dead}\u00a0% dead`;
    this.dead.style.setProperty("--share", `${dead}%`);
    const pressed = String(picture.chosen === m);
    if (this.button.getAttribute("aria-pressed") !== pressed) {
      this.button.setAttribute("aria-pressed", pressed);
    }
    this.button.title = `${this.name}: ${this.reading(record)}`;
  }

  text(text, x, y, align = "right") {
    const { context, theme } = this;
    context.font = `11px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = align;
    context.fillStyle = faded(theme.text, 0.8);
    context.fillText(text, x, y);
  }

  /** The answers over both inputs, class by class in the theme's colours, under the examples. */
  map(values) {
    const { context, theme, picture } = this;
    const { map: length } = ACTIVATIONS_TILE;
    const left = (this.width - length) / 2;
    const side = Math.round(Math.sqrt(values.length));
    this.paper ??= document.createElement("canvas");
    this.paper.width = this.paper.height = side;
    const paper = this.paper.getContext("2d");
    const pixels = paper.createImageData(side, side);
    const colours = picture.colours();
    values.forEach((value, p) => {
      const shade = 3 * (value + 128);
      pixels.data.set([colours[shade], colours[shade + 1], colours[shade + 2], 255], 4 * p);
    });
    paper.putImageData(pixels, 0, 0);
    // The outermost answers lie on the edge: half a pixel of the picture is cut off.
    context.drawImage(this.paper, 0.5, 0.5, side - 1, side - 1, left, 0, length, length);
    context.strokeStyle = faded(theme.text, 0.35);
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, length - 1, length - 1);
    const { points, labels } = picture.shown.arrays;
    const at = (value) => ((value / picture.shown.extent + 1) / 2) * length;
    labels.data.forEach((label, i) => {
      context.fillStyle = label > 0 ? theme.diverging.at(-1) : theme.diverging[0];
      const [x1, x2] = [points.data[2 * i], points.data[2 * i + 1]];
      if (Math.max(Math.abs(x1), Math.abs(x2)) > picture.shown.extent) return;
      context.fillRect(left + at(x1) - 1, at(-x2) - 1, 2, 2);
    });
  }

  losses(record) {
    const { context, theme, picture } = this;
    const { left, loss: height, map } = ACTIVATIONS_TILE;
    const top = map + 4;
    const total = picture.player.options.n_records - 1;
    const y = (value) => top + 2 + (1 - Math.min(value / ACTIVATIONS_WORST, 1)) * (height - top - 4);
    const x = (r) => left + (r / total) * (this.width - left - 3);
    context.strokeStyle = faded(theme.text, 0.35);
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${left} ${height - 1.5}H${this.width}`));
    context.setLineDash([3, 3]);
    const guess = y(picture.shown.guess);
    context.stroke(new Path2D(`M${left} ${guess}H${this.width}`));
    context.setLineDash([]);
    this.text("1", left - 4, top + 5);
    this.text("0", left - 4, height - 4);
    const path = new Path2D();
    for (let r = 0; r <= record; r += 1) {
      const value = picture.row("losses", this.m, r)[0];
      if (!Number.isFinite(value)) break;
      path[r ? "lineTo" : "moveTo"](x(r), y(value));
    }
    context.lineWidth = 2.2;
    context.lineJoin = "round";
    context.strokeStyle = theme.categorical[0];
    context.stroke(path);
  }

  /** The mean gradient of every layer over the first epochs, as far as they have come. */
  early(record) {
    const n = Math.min(record + 1, ACTIVATIONS_EARLY);
    const rows = Array.from({ length: n }, (_, r) => this.picture.row("gradients", this.m, r));
    return Array.from(rows[0], (_, layer) => rows.reduce((sum, row) => sum + row[layer] / n, 0));
  }

  /** Bars on a scale of powers of ten, early means as marks; exactly zero is written as a zero. */
  gradients(sizes, early) {
    const { context, theme } = this;
    const { height, loss, gap, left } = ACTIVATIONS_TILE;
    const [top, bottom] = [loss + gap, height - 3];
    const share = (value) => Math.min(Math.max(1 - Math.log10(value) / ACTIVATIONS_LEAST, 0), 1);
    for (const [power, label] of [[0, "1"], [-4, "10⁻⁴"], [-8, "10⁻⁸"]]) {
      const y = bottom - (1 - power / ACTIVATIONS_LEAST) * (bottom - top);
      context.strokeStyle = faded(theme.text, power === -8 ? 0.35 : 0.12);
      context.lineWidth = 1;
      context.stroke(new Path2D(`M${left} ${Math.round(y) + 0.5}H${this.width}`));
      this.text(label, left - 4, y - (power === -8 ? 3 : 0));
    }
    const width = (this.width - left) / sizes.length;
    sizes.forEach((size, layer) => {
      const x = left + layer * width;
      if (!(size > 0)) return this.text(size === 0 ? "0" : "–", x + width / 2, bottom - 8, "center");
      const tall = share(size) * (bottom - top);
      context.fillStyle = theme.categorical[1];
      context.fillRect(x + 1, bottom - tall, Math.max(width - 2, 1), tall);
      context.fillStyle = theme.text;
      context.fillRect(x, bottom - share(early[layer]) * (bottom - top) - 1, width, 2);
    });
  }
}
