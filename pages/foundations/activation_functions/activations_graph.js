// One function and its derivative on one axis, with an input to be moved along it.

const ACTIVATIONS_HEIGHT = 262;
const ACTIVATIONS_MARGIN = { left: 34, right: 8, top: 10, bottom: 36 };
const ACTIVATIONS_LOW = -1.6;
const ACTIVATIONS_HIGH = 3.2;

class ActivationsGraph {
  constructor(host, picture) {
    this.picture = picture;
    const head = activationsElement(host, "div", "head");
    this.select = activationsElement(head, "select", "select");
    this.select.ariaLabel = "Function shown";
    this.select.onchange = () => picture.choose(Number(this.select.value));
    this.formula = activationsElement(head, "span", "formula");
    this.canvas = activationsElement(host, "canvas", "canvas");
    this.canvas.setAttribute("role", "img");
    const take = (event) => {
      if (event.type === "pointermove" && event.pointerType === "touch" && !event.buttons) return;
      picture.move(this.inputAt(event.offsetX));
    };
    this.canvas.onpointermove = take;
    this.canvas.onpointerdown = take;
    const label = activationsElement(host, "label", "input");
    activationsElement(label, "b", "name", { textContent: "z" });
    this.range = activationsElement(label, "input", "range", { type: "range", step: 0.025 });
    this.range.ariaLabel = "Input z";
    this.range.oninput = () => picture.move(this.range.valueAsNumber);
    this.lines = [0, 1].map(() => activationsElement(host, "p", "told"));
  }

  renew(scene) {
    Object.assign(this.range, { min: -scene.reach, max: scene.reach });
    this.select.replaceChildren();
    scene.names.forEach((name, m) => this.select.add(new Option(name, m)));
  }

  inputAt(x) {
    const { reach } = this.picture.shown;
    const share = (x - ACTIVATIONS_MARGIN.left) / Math.max(this.plotWidth, 1);
    return Math.round(reach * (2 * share - 1) * 40) / 40;
  }

  draw(record) {
    const { picture } = this;
    const { player, chosen, shown: scene } = picture;
    this.theme = player.theme;
    const { left, right, top, bottom } = ACTIVATIONS_MARGIN;
    const width = this.canvas.clientWidth;
    this.plotWidth = width - left - right;
    this.context = sized(this.canvas, width, ACTIVATIONS_HEIGHT);
    this.x = (z) => left + ((z / scene.reach + 1) / 2) * this.plotWidth;
    const height = ACTIVATIONS_HEIGHT - top - bottom;
    const span = ACTIVATIONS_HIGH - ACTIVATIONS_LOW;
    this.y = (v) => top + (1 - (v - ACTIVATIONS_LOW) / span) * height;
    this.canvas.ariaLabel = `${scene.names[chosen]} and its derivative over the input z`;
    this.axes(scene.reach);
    this.stack(picture.row("inputs", chosen, record));
    this.line("slopes", this.theme.categorical[1], [7, 4]);
    this.line("values", this.theme.categorical[0], []);
    this.cursor();
    this.write();
  }

  axes(reach) {
    const { context, theme } = this;
    const bottom = ACTIVATIONS_HEIGHT - ACTIVATIONS_MARGIN.bottom;
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.lineWidth = 1;
    for (let v = -1; v <= 3; v += 1) {
      context.strokeStyle = faded(theme.text, v ? 0.12 : 0.45);
      const y = Math.round(this.y(v)) + 0.5;
      context.stroke(new Path2D(`M${this.x(-reach)} ${y}H${this.x(reach)}`));
      context.fillStyle = faded(theme.text, 0.8);
      context.textAlign = "right";
      context.fillText(String(v).replace("-", "−"), ACTIVATIONS_MARGIN.left - 6, y);
    }
    context.textAlign = "center";
    for (let z = -reach; z <= reach; z += 2) {
      context.fillText(String(z).replace("-", "−"), this.x(z), bottom + 12);
    }
    context.fillText("input z", this.x(0), bottom + 28);
  }

  /** Where the units of this network stand now: bars up from the lower edge. */
  stack(counts) {
    const { context, theme } = this;
    const { reach } = this.picture.shown;
    const bottom = ACTIVATIONS_HEIGHT - ACTIVATIONS_MARGIN.bottom;
    const width = this.plotWidth / counts.length;
    context.fillStyle = faded(theme.text, 0.2);
    counts.forEach((count, i) => {
      const height = (count / 255) * 46;
      context.fillRect(this.x(-reach) + i * width + 0.5, bottom - height, width - 1, height);
    });
  }

  line(name, colour, dash) {
    const { context } = this;
    const { shown: scene, chosen } = this.picture;
    const { data, shape } = scene.arrays[name];
    const n = shape[1];
    const path = new Path2D();
    let previous = NaN;
    for (let i = 0; i < n; i += 1) {
      const value = data[chosen * n + i];
      // A jump is a gap, not a slope.
      const jump = Math.abs(value - previous) > 0.5;
      path[Number.isNaN(previous) || jump ? "moveTo" : "lineTo"](
        this.x(scene.reach * ((2 * i) / (n - 1) - 1)),
        this.y(value),
      );
      previous = value;
    }
    context.save();
    context.beginPath();
    context.rect(this.x(-scene.reach), 0, this.plotWidth, ACTIVATIONS_HEIGHT - ACTIVATIONS_MARGIN.bottom);
    context.clip();
    context.lineWidth = 2.8;
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.stroke(path);
    context.restore();
  }

  cursor() {
    const { context, theme, picture } = this;
    const { z, chosen } = picture;
    const [value, slope] = [picture.at("values", chosen), picture.at("slopes", chosen)];
    const bottom = ACTIVATIONS_HEIGHT - ACTIVATIONS_MARGIN.bottom;
    context.fillStyle = faded(theme.text, 0.5);
    context.fillRect(Math.round(this.x(z)) - 0.5, ACTIVATIONS_MARGIN.top, 1, bottom - ACTIVATIONS_MARGIN.top);
    this.tangent(z, value, slope);
    for (const [at, colour] of [[slope, theme.categorical[1]], [value, theme.categorical[0]]]) {
      if (this.y(at) < 0) continue;
      context.beginPath();
      context.arc(this.x(z), this.y(at), 5.5, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = theme.background;
      context.stroke();
    }
    this.names();
  }

  /** The slope as what it is: a short line along the function. */
  tangent(z, value, slope) {
    const { context, theme } = this;
    const [dx, dy] = [this.x(1) - this.x(0), (this.y(0) - this.y(1)) * slope];
    const length = 30 / Math.hypot(dx, dy);
    const [x, y] = [this.x(z), this.y(value)];
    context.lineWidth = 2;
    context.strokeStyle = theme.text;
    context.stroke(
      new Path2D(`M${x - dx * length} ${y + dy * length}L${x + dx * length} ${y - dy * length}`),
    );
  }

  names() {
    const { context, theme } = this;
    context.font = `600 12px ${theme.font}`;
    context.textAlign = "left";
    const x = this.x(-this.picture.shown.reach) + 8;
    [["f(z)", 0, []], ["its derivative f′(z)", 1, [7, 4]]].forEach(([text, place, dash], i) => {
      const y = 18 + 17 * i;
      context.lineWidth = 2.8;
      context.strokeStyle = theme.categorical[place];
      context.setLineDash(dash);
      context.stroke(new Path2D(`M${x} ${y}h24`));
      context.setLineDash([]);
      context.fillStyle = theme.text;
      context.fillText(text, x + 30, y + 0.5);
    });
    const { n_layers: depth } = this.picture.shown;
    context.font = `11px ${theme.font}`;
    context.fillStyle = faded(theme.text, 0.8);
    const bottom = ACTIVATIONS_HEIGHT - ACTIVATIONS_MARGIN.bottom;
    context.fillText(`bars: the z of all units in ${depth} layer${depth > 1 ? "s" : ""}, now`, x, bottom - 54);
  }

  told() {
    const { z, chosen, shown: scene } = this.picture;
    const [value, slope] = ["values", "slopes"].map((name) => this.picture.at(name, chosen));
    const number = z.toFixed(2).replace("-", "−");
    return `${scene.names[chosen]} of ${number} is ${shown(value)}; its slope there is ${shown(slope)}.`;
  }

  write() {
    const { chosen, z, shown: scene } = this.picture;
    const slope = this.picture.at("slopes", chosen);
    const power = slope ** scene.n_layers;
    const layers = scene.n_layers === 1 ? "one layer" : `${scene.n_layers} layers`;
    const number = shown(slope);
    const base = number.startsWith("−") ? `(${number})` : number;
    const chain = `A gradient going back through ${layers} of this slope is multiplied by ${base}${activationsRaised(scene.n_layers)} = ${activationsPower(power)}.`;
    [this.told(), chain].forEach((text, i) => {
      if (this.lines[i].textContent !== text) this.lines[i].textContent = text;
    });
    this.formula.textContent = scene.formulas[chosen];
    if (this.select.value !== String(chosen)) this.select.value = String(chosen);
    if (this.range.valueAsNumber !== z) this.range.value = z;
  }
}
