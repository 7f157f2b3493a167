// The network that decides: four inputs, one hidden layer, two answers, with all its weights.

const CARTPOLE_SCALE = [2.4, 2, (12 * 2 * Math.PI) / 360, 2.5];

class CartPoleNetwork {
  constructor(parent) {
    this.canvas = barElement("canvas", "", parent);
    this.canvas.setAttribute("role", "img");
    this.canvas.ariaLabel = "The network: inputs, hidden units, answers";
  }

  scene(scene) {
    this.shown = scene;
  }

  /** Weights (4, H), biases (H), weights (H, 2), biases (2) as views of one record. */
  read(flat) {
    const h = this.shown.n_hidden;
    const [a, b, c] = [4 * h, 5 * h, 7 * h];
    return { w0: flat.subarray(0, a), b0: flat.subarray(a, b), w1: flat.subarray(b, c), b1: flat.subarray(c) };
  }

  forward({ w0, b0, w1, b1 }, state) {
    const h = b0.length;
    const x = state.map((value, i) => value / CARTPOLE_SCALE[i]);
    const hidden = new Float64Array(h);
    const out = [b1[0], b1[1]];
    for (let j = 0; j < h; j += 1) {
      let z = b0[j];
      for (let i = 0; i < 4; i += 1) z += x[i] * w0[i * h + j];
      hidden[j] = Math.tanh(z);
      out[0] += hidden[j] * w1[2 * j];
      out[1] += hidden[j] * w1[2 * j + 1];
    }
    return { x, hidden, out };
  }

  best(layers, state) {
    const { out } = this.forward(layers, state);
    return out[1] > out[0] ? 1 : 0;
  }

  /** Paint all; returns the two answers as they are read: probabilities, or returns. */
  draw(theme, layers, state) {
    if (this.theme !== theme) [this.theme, this.colours] = [theme, diverging(theme)];
    this.canvas.style.cssText = `display:block;width:${this.width}px;height:${this.height}px`;
    const context = sized(this.canvas, this.width, this.height);
    const values = this.forward(layers, state);
    const h = values.hidden.length;
    const room = this.height - 66;
    this.columns = [92, this.width * 0.52, this.width - 104];
    this.y = { in: (i) => 56 + ((i + 0.5) * room) / 4, mid: (j) => 48 + ((j + 0.5) * (room + 12)) / h, out: (k) => 56 + ((k + 0.5) * room) / 2 };
    this.headings(context, theme);
    this.wires(context, layers, h);
    this.units(context, theme, values);
    return this.answers(context, theme, values);
  }

  headings(context, theme) {
    context.fillStyle = theme.text;
    context.textAlign = "left";
    context.font = `600 15px ${theme.font}`;
    const many = this.shown.n_agents > 1 ? ` ${this.shown.agent} of ${this.shown.n_agents}` : "";
    const does = this.shown.kind === "policy" ? "its policy π" : "its values Q";
    context.fillText(`Agent${many}: ${does}`, 4, 18);
    context.font = `13px ${theme.font}`;
    context.fillStyle = faded(theme.text, 0.75);
    context.fillText("state", 4, 40);
    context.textAlign = "center";
    context.fillText(`${this.shown.n_hidden} hidden units`, this.columns[1], 40);
    context.textAlign = "right";
    context.fillText(this.shown.kind === "policy" ? "probability" : "return expected", this.width - 4, 40);
  }

  /** Weights as lines, the larger the stronger; their colours are drawn in few strokes. */
  wires(context, { w0, w1 }, h) {
    const groups = new Map();
    const [a, b, c] = this.columns;
    const add = (weight, path) => {
      const level = Math.round(Math.max(-1, Math.min(1, weight / 2)) * 6);
      if (!level) return;
      if (!groups.has(level)) groups.set(level, new Path2D());
      const line = groups.get(level);
      line.moveTo(path[0], path[1]);
      line.lineTo(path[2], path[3]);
    };
    for (let j = 0; j < h; j += 1) {
      for (let i = 0; i < 4; i += 1) add(w0[i * h + j], [a + 8, this.y.in(i), b - 7, this.y.mid(j)]);
      for (let k = 0; k < 2; k += 1) add(w1[2 * j + k], [b + 7, this.y.mid(j), c - 8, this.y.out(k)]);
    }
    for (const [level, path] of groups) {
      context.strokeStyle = this.colour(level / 6, 0.75);
      context.lineWidth = 0.4 + Math.abs(level) * 0.2;
      context.stroke(path);
    }
  }

  colour(value, alpha = 1) {
    const place = 3 * Math.round((Math.max(-1, Math.min(1, value)) + 1) * 127.5);
    return `rgba(${this.colours[place]}, ${this.colours[place + 1]}, ${this.colours[place + 2]}, ${alpha})`;
  }

  units(context, theme, { x, hidden }) {
    context.strokeStyle = faded(theme.text, 0.35);
    context.lineWidth = 1;
    const side = Math.max(4, Math.min(14, (this.height - 60) / hidden.length - 1));
    hidden.forEach((value, j) => {
      context.fillStyle = this.colour(value);
      context.fillRect(this.columns[1] - 7, this.y.mid(j) - side / 2, 14, side);
      context.strokeRect(this.columns[1] - 7, this.y.mid(j) - side / 2, 14, side);
    });
    const names = ["place x", "speed v", "angle θ", "spin ω"];
    context.textBaseline = "middle";
    x.forEach((value, i) => {
      this.node(context, this.columns[0], this.y.in(i), this.colour(value));
      context.fillStyle = theme.text;
      context.textAlign = "right";
      context.font = `13px ${theme.font}`;
      context.fillText(names[i], this.columns[0] - 14, this.y.in(i));
    });
  }

  node(context, x, y, fill) {
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.stroke();
  }

  answers(context, theme, { out }) {
    const policy = this.shown.kind === "policy";
    const right = 1 / (1 + Math.exp(out[0] - out[1]));
    const read = policy ? [1 - right, right] : out.map((value) => value * this.shown.unit);
    const best = out[1] > out[0] ? 1 : 0;
    read.forEach((value, k) => {
      const y = this.y.out(k);
      this.node(context, this.columns[2], y, this.colour(policy ? 2 * value - 1 : out[k] - out[1 - k]));
      context.fillStyle = theme.text;
      context.textAlign = "left";
      context.font = `${k === best ? "700 " : ""}14px ${theme.font}`;
      context.fillText(this.shown.actions[k], this.columns[2] + 14, y - 10);
      context.fillText(policy ? value.toFixed(2) : value.toFixed(1), this.columns[2] + 14, y + 9);
    });
    context.textBaseline = "alphabetic";
    return read;
  }
}
