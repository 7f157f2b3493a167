// One network in small: its loss so far, the gradient that reaches each layer, its dead units.

const ACTIVATIONS_TILE = { height: 122, loss: 56, gap: 10, left: 26 };
const ACTIVATIONS_WORST = 1; // nats at the top of every tile's loss
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
    this.losses(record);
    this.gradients(picture.row("gradients", m, record));
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

  losses(record) {
    const { context, theme, picture } = this;
    const { left, loss: height } = ACTIVATIONS_TILE;
    const total = picture.player.options.n_records - 1;
    const y = (value) => 4 + (1 - Math.min(value / ACTIVATIONS_WORST, 1)) * (height - 6);
    const x = (r) => left + (r / total) * (this.width - left - 3);
    context.strokeStyle = faded(theme.text, 0.35);
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${left} ${height - 1.5}H${this.width}`));
    context.setLineDash([3, 3]);
    const guess = y(picture.shown.guess);
    context.stroke(new Path2D(`M${left} ${guess}H${this.width}`));
    context.setLineDash([]);
    this.text("1", left - 4, 7);
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

  /** Bars on a scale of powers of ten; a gradient of exactly zero is written as a zero. */
  gradients(sizes) {
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
    });
  }
}
