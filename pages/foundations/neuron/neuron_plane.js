// The plane of the two inputs: the neuron's answer everywhere, its line, the examples.

const NEURON_MARGIN = { left: 34, right: 6, top: 4, bottom: 34 };

/** A square canvas with two axes from low to high, shared by the plane and the landscape. */
class NeuronSquare {
  constructor(host, title) {
    this.host = host;
    this.title = neuronElement(host, "div", "title", { textContent: title });
    this.canvas = neuronElement(host, "canvas", "square", { tabIndex: 0 });
    this.canvas.dataset.keys = "own";
    this.image = document.createElement("canvas");
  }

  /** Sizes the canvas and gives the functions from values to pixels. */
  begin(low, high, theme) {
    const { left, right, top, bottom } = NEURON_MARGIN;
    this.width = this.canvas.clientWidth;
    this.side = Math.max(Math.min(this.width - left - right, 330), 60);
    this.height = this.side + top + bottom;
    this.canvas.style.height = `${this.height}px`;
    Object.assign(this, { low, high, theme });
    this.context = sized(this.canvas, this.width, this.height);
    this.x = (v) => left + ((v - low) / (high - low)) * this.side;
    this.y = (v) => top + (1 - (v - low) / (high - low)) * this.side;
  }

  valueAt(event) {
    const span = this.high - this.low;
    const across = (event.offsetX - NEURON_MARGIN.left) / this.side;
    const up = 1 - (event.offsetY - NEURON_MARGIN.top) / this.side;
    const inside = across >= 0 && across <= 1 && up >= 0 && up <= 1;
    return inside ? [this.low + across * span, this.low + up * span] : null;
  }

  /** A square image of n × n pixels, row 0 on top, spread over the square. */
  paint(n, colourOf) {
    if (this.image.width !== n) [this.image.width, this.image.height] = [n, n];
    const ink = this.image.getContext("2d");
    const pixels = ink.createImageData(n, n);
    const words = new Uint32Array(pixels.data.buffer);
    for (let row = 0; row < n; row += 1) {
      for (let column = 0; column < n; column += 1) words[row * n + column] = colourOf(column, row);
    }
    ink.putImageData(pixels, 0, 0);
    this.stamp();
  }

  stamp() {
    const { left, top } = NEURON_MARGIN;
    this.context.drawImage(this.image, left, top, this.side, this.side);
  }

  clip() {
    const { left, top } = NEURON_MARGIN;
    this.context.save();
    this.context.beginPath();
    this.context.rect(left, top, this.side, this.side);
    this.context.clip();
  }

  axes(across, up) {
    const { context, theme, low, high, side } = this;
    const { left, top } = NEURON_MARGIN;
    const step = niceAbove((high - low) / 5);
    context.font = `12px ${theme.font}`;
    context.fillStyle = faded(theme.text, 0.8);
    context.textBaseline = "middle";
    for (let v = Math.ceil(low / step) * step; v <= high + 1e-9; v += step) {
      const text = tickText(Math.abs(v) < step / 1e6 ? 0 : v, step);
      context.textAlign = "center";
      context.fillText(text, this.x(v), top + side + 11);
      context.textAlign = "right";
      context.fillText(text, left - 5, Math.max(this.y(v), 7));
    }
    context.font = `600 13px ${theme.font}`;
    context.textAlign = "center";
    context.fillText(across, left + side / 2, top + side + 26);
    context.textAlign = "left";
    context.fillText(up, 0, top + side * 0.38);
    context.strokeStyle = faded(theme.text, 0.3);
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  }
}

class NeuronPlane extends NeuronSquare {
  constructor(host, picture) {
    super(host, "Its line in the plane");
    this.picture = picture;
    this.legend = neuronElement(host, "div", "legend");
    const { canvas } = this;
    canvas.setAttribute("role", "application");
    canvas.onpointermove = (event) => this.point(event, false);
    canvas.onclick = (event) => this.point(event, true);
    canvas.onkeydown = (event) => this.key(event);
  }

  renew() {
    const [first, second] = this.picture.shown.classes;
    this.canvas.ariaLabel =
      "The plane of both inputs. Left and right arrows go from example to example.";
    this.legend.replaceChildren();
    neuronElement(this.legend, "span", "block", { textContent: first });
    neuronElement(this.legend, "span", "dot", { textContent: second });
    neuronElement(this.legend, "span", "wrong", { textContent: "wrong side" });
  }

  point(event, pressed) {
    if (!this.picture.player.n || (!pressed && event.pointerType === "touch")) return;
    const value = this.valueAt(event);
    const nearest = this.nearest(event.offsetX, event.offsetY);
    if (nearest >= 0) this.picture.choose(nearest);
    else if (pressed && value) this.picture.choose(this.picture.chosen, value);
  }

  key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const n = this.picture.shown.arrays.labels.data.length;
    this.picture.choose((this.picture.chosen + by + n) % n);
    this.picture.player.say(this.picture.formula.textContent);
  }

  nearest(x, y) {
    const { data } = this.picture.shown.arrays.points;
    let [best, least] = [-1, 144];
    for (let i = 0; i < data.length / 2; i += 1) {
      const distance = (this.x(data[2 * i]) - x) ** 2 + (this.y(data[2 * i + 1]) - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  draw(p) {
    const { shown, model, player } = this.picture;
    this.begin(...shown.domain, player.theme);
    this.colour();
    this.answer(model, p);
    this.axes("x₁", "x₂");
    this.clip();
    this.line(p);
    this.points(model, p);
    this.context.restore();
  }

  colour() {
    if (this.coloured === this.theme) return;
    this.coloured = this.theme;
    const table = diverging(this.theme);
    this.shades = Uint32Array.from({ length: 256 }, (_, i) => {
      const [r, g, b] = mix([this.theme.background, [...table.slice(3 * i, 3 * i + 3)]], 0.6);
      return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    });
    this.ink = [0, 255].map((i) => `rgb(${table.slice(3 * i, 3 * i + 3).join(", ")})`);
    this.host.style.setProperty("--neuron-zero", this.ink[0]);
    this.host.style.setProperty("--neuron-one", this.ink[1]);
  }

  answer(model, p) {
    const n = 120;
    const span = this.high - this.low;
    const [low, high] = model.targets;
    const places = Array.from({ length: n }, (_, i) => this.low + ((i + 0.5) / n) * span);
    this.paint(n, (column, row) => {
      const a = model.of(model.sum(p, places[column], places[n - 1 - row]));
      const t = (a - low) / (high - low);
      return this.shades[Math.max(0, Math.min(255, Math.round(255 * t)))];
    });
  }

  /** Where the sum is zero, and an arrow that points to where it is positive. */
  line([w1, w2, b]) {
    const size = Math.hypot(w1, w2);
    if (size < 1e-6) return;
    const { context, theme } = this;
    const [u, v] = [w1 / size, w2 / size];
    const middle = (this.low + this.high) / 2;
    const away = -(b + (w1 + w2) * middle) / size;
    const [x, y] = [middle + u * away, middle + v * away];
    const far = 3 * (this.high - this.low);
    context.strokeStyle = theme.text;
    context.lineWidth = 2.5;
    context.stroke(
      new Path2D(
        `M${this.x(x - v * far)} ${this.y(y + u * far)}L${this.x(x + v * far)} ${this.y(y - u * far)}`,
      ),
    );
    const [px, py] = [this.x(x), this.y(y)];
    const [qx, qy] = [px + 30 * u, py - 30 * v];
    context.stroke(new Path2D(`M${px} ${py}L${qx} ${qy}`));
    context.beginPath();
    context.moveTo(qx + 7 * u, qy - 7 * v);
    context.lineTo(qx + 5 * v, qy + 5 * u);
    context.lineTo(qx - 5 * v, qy - 5 * u);
    context.fillStyle = theme.text;
    context.fill();
  }

  points(model, p) {
    const { points, labels } = this.picture.shown.arrays;
    for (let i = 0; i < labels.data.length; i += 1) {
      const [x1, x2] = [points.data[2 * i], points.data[2 * i + 1]];
      const right = model.sum(p, x1, x2) > 0 === labels.data[i] > 0;
      this.mark(this.x(x1), this.y(x2), labels.data[i], right);
    }
    const { x, label } = this.picture.example;
    this.ring(this.x(x[0]), this.y(x[1]), label === null);
  }

  mark(x, y, label, right) {
    const { context, theme, ink } = this;
    context.beginPath();
    // Colours and shapes are those of the pad for one's own points: blue circle, orange square.
    if (label) context.arc(x, y, 4.6, 0, 2 * Math.PI);
    else context.rect(x - 4, y - 4, 8, 8);
    context.fillStyle = ink[label];
    context.fill();
    context.lineWidth = 1.2;
    context.strokeStyle = theme.background;
    context.stroke();
    if (right) return;
    context.lineWidth = 1.8;
    context.strokeStyle = theme.text;
    context.stroke(new Path2D(`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`));
  }

  ring(x, y, isPlace) {
    const { context, theme } = this;
    for (const [width, colour] of [[5, theme.background], [2.5, theme.text]]) {
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (isPlace) context.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
}
