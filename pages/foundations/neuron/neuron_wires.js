// The neuron drawn as it computes: inputs, weights as lines, sum, activation, answer.

const NEURON_SVG = "http://www.w3.org/2000/svg";
const NEURON_VIEW = { width: 300, height: 172 };
const NEURON_INPUTS = [
  { x: 26, y: 44 },
  { x: 26, y: 134 },
];
const NEURON_SUM = { x: 142, y: 89, r: 21 };
const NEURON_BOX = { x: 196, y: 66, width: 46, height: 46 };
const NEURON_OUT = { x: 276, y: 89, r: 19 };

function neuronSvg(parent, tag, attributes = {}) {
  const element = document.createElementNS(NEURON_SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

class NeuronWires {
  constructor(host) {
    neuronElement(host, "div", "title", { textContent: "The neuron" });
    const { width, height } = NEURON_VIEW;
    this.svg = neuronSvg(host, "svg", { viewBox: `0 0 ${width} ${height}`, class: "neuron-wires" });
    this.svg.setAttribute("role", "img");
    this.lines = NEURON_INPUTS.map((from) => this.line(from, NEURON_SUM));
    this.biasLine = this.line({ x: NEURON_SUM.x, y: 24 }, NEURON_SUM);
    this.line(NEURON_SUM, { x: NEURON_BOX.x, y: 89 }).setAttribute("class", "neuron-plain");
    this.line({ x: 242, y: 89 }, NEURON_OUT).setAttribute("class", "neuron-plain");
    this.inputs = NEURON_INPUTS.map((at, i) => this.node({ ...at, r: 21 }, `x${"₁₂"[i]}`, -29));
    this.sum = this.node(NEURON_SUM, "z = Σ", 36);
    this.out = this.node(NEURON_OUT, "a", 34);
    this.weights = NEURON_INPUTS.map((from, i) =>
      this.text(88, (from.y + NEURON_SUM.y) / 2 + (i ? 22 : -14), "neuron-weight"),
    );
    this.bias = this.text(NEURON_SUM.x, 17, "neuron-weight");
    this.curve();
  }

  line(from, to) {
    return neuronSvg(this.svg, "line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y });
  }

  text(x, y, name) {
    return neuronSvg(this.svg, "text", { x, y, class: name, "text-anchor": "middle" });
  }

  node({ x, y, r }, name, above) {
    const circle = neuronSvg(this.svg, "circle", { cx: x, cy: y, r });
    const value = this.text(x, y + 4.5, "neuron-number");
    this.text(x, y + above, "neuron-small").textContent = name;
    return { circle, value };
  }

  /** The activation function, small, with a dot where z stands. */
  curve() {
    const { x, y, width, height } = NEURON_BOX;
    neuronSvg(this.svg, "rect", { x, y, width, height, rx: 8 });
    this.graph = neuronSvg(this.svg, "path", { class: "neuron-graph" });
    this.dot = neuronSvg(this.svg, "circle", { r: 4, class: "neuron-dot" });
    this.label = this.text(x + width / 2, y + height + 15, "neuron-small");
  }

  spot(of, z) {
    const { x, y, width, height } = NEURON_BOX;
    const clip = (value) => Math.min(Math.max(value, -1.15), 1.15);
    const across = Math.min(Math.max(z / 5, -1), 1);
    return [x + width / 2 + across * (width / 2 - 6), y + height / 2 - clip(of(z)) * (height / 2 - 7)];
  }

  draw(model, p, { x, label }, reach, theme) {
    const z = model.sum(p, ...x);
    const a = model.of(z);
    const shade = diverging(theme);
    const colour = (value) => {
      const i = Math.round(127.5 * (1 + Math.min(Math.max(value, -1), 1)));
      return `rgb(${shade.slice(3 * i, 3 * i + 3).join(", ")})`;
    };
    // A weight of zero is as pale as the page; its line keeps a visible edge.
    [...this.lines, this.biasLine].forEach((line, i) => {
      const share = Math.min(Math.abs(p[i]) / reach, 1);
      line.setAttribute("stroke", colour(Math.sign(p[i]) * (0.45 + 0.55 * share)));
      line.setAttribute("stroke-width", 1.5 + 10 * share);
    });
    this.weights.forEach((text, i) => (text.textContent = `w${"₁₂"[i]} ${neuronNumber(p[i])}`));
    this.bias.textContent = `b ${neuronNumber(p[2])}`;
    this.inputs.forEach(({ value }, i) => (value.textContent = neuronNumber(x[i])));
    this.sum.value.textContent = neuronNumber(z, Math.abs(z) >= 10 ? 1 : 2);
    this.out.value.textContent = neuronNumber(a, Math.abs(a) >= 10 ? 1 : 2);
    const middle = (model.targets[0] + model.targets[1]) / 2;
    this.out.circle.style.fill = colour(Math.max(Math.min(2 * (a - middle), 0.45), -0.45));
    this.trace(model, z);
    const truth = label === null ? "a place of the plane" : `an example of class ${label}`;
    this.svg.setAttribute("aria-label", `The neuron with the numbers of ${truth}`);
  }

  trace(model, z) {
    if (this.traced !== model.activation) {
      this.traced = model.activation;
      const steps = Array.from({ length: 81 }, (_, i) => this.spot(model.of, (i - 40) / 8));
      this.graph.setAttribute("d", `M${steps.map((at) => at.map((v) => v.toFixed(1)).join(" ")).join("L")}`);
      this.label.textContent = model.symbol || "none";
    }
    const [x, y] = this.spot(model.of, z);
    this.dot.setAttribute("cx", x);
    this.dot.setAttribute("cy", y);
  }
}
