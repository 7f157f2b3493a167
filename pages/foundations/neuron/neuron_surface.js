// The landscape of the loss over two of the three parameters, the third as it stands now.

const NEURON_PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
];
const NEURON_GRID = [44, 28]; // places along a side with a loss of their own: at rest, playing
const NEURON_PIXELS = 220;
const NEURON_BANDS = 20;

class NeuronSurface extends NeuronSquare {
  constructor(host, picture) {
    super(host, "The landscape of the loss");
    this.picture = picture;
    this.pair = 0;
    this.choices = neuronElement(host, "div", "pairs");
    this.choices.setAttribute("role", "group");
    this.choices.ariaLabel = "Axes of the landscape";
    this.buttons = NEURON_PAIRS.map(([i, j], k) => {
      const text = `${NEURON_NAMES[i]} · ${NEURON_NAMES[j]}`;
      const button = neuronElement(this.choices, "button", "act", { type: "button", textContent: text });
      button.onclick = () => this.choose(k);
      return button;
    });
    this.caption = neuronElement(host, "div", "caption");
    this.canvas.onpointerdown = (event) => this.take(event);
    this.canvas.onpointermove = (event) => event.buttons & 1 && this.take(event);
    this.canvas.onkeydown = (event) => this.key(event);
    this.canvas.ariaLabel = "The landscape of the loss. Arrows move the neuron in it.";
    this.canvas.setAttribute("role", "application");
    this.choose(0);
  }

  choose(k) {
    this.pair = k;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", i === k));
    this.state = null;
    this.picture.player.redraw();
  }

  renew() {
    this.state = null;
    // Colours keep their meaning over a run: from nearly nothing to the worst corner.
    const { reach } = this.picture.shown;
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => [1, 2, 4].map((bit) => (c & bit ? reach : -reach)));
    const worst = Math.max(...corners.map(this.picture.model.mean));
    this.span = [Math.log(0.02), Math.log(Math.max(worst, 0.1))];
  }

  take(event) {
    const value = this.valueAt(event);
    if (!value) return;
    const [i, j] = NEURON_PAIRS[this.pair];
    const grid = value.map((each) => Math.round(each / NEURON_STEP) * NEURON_STEP);
    this.picture.move({ [i]: grid[0], [j]: grid[1] });
  }

  key(event) {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 * NEURON_STEP : 2 * NEURON_STEP;
    const p = this.picture.parameters;
    const [i, j] = NEURON_PAIRS[this.pair];
    this.picture.move({ [i]: p[i] + size * by[0], [j]: p[j] + size * by[1] });
  }

  draw(p, record) {
    const { player, reach } = this.picture;
    const [i, j] = NEURON_PAIRS[this.pair];
    const k = 3 - i - j;
    this.begin(-reach, reach, player.theme);
    this.landscape(p, i, j, k, reach);
    this.axes(NEURON_NAMES[i], NEURON_NAMES[j]);
    this.clip();
    this.tries(p, i, j, k);
    this.path(record, i, j);
    this.here(p, i, j);
    this.context.restore();
    const text = `A slice at ${NEURON_NAMES[k]} = ${neuronNumber(p[k])}; ${this.theme.dark ? "lighter" : "darker"} is a larger loss. Click to try a place.`;
    if (this.caption.textContent !== text) this.caption.textContent = text;
  }

  /** The heights are computed anew only when the third parameter or the axes have moved. */
  landscape(p, i, j, k, reach) {
    this.n = NEURON_GRID[Number(this.picture.player.playing)];
    const state = [this.n, i, j, reach, p[k].toFixed(2)].join();
    if (this.state !== state) {
      this.state = state;
      this.heights = this.compute(p, i, j, reach);
      this.painted = null;
    }
    if (this.painted === this.theme) return this.stamp();
    this.painted = this.theme;
    this.colour();
    const last = this.n - 1;
    const [low, high] = this.span;
    this.paint(NEURON_PIXELS, (column, row) => {
      const u = (column / (NEURON_PIXELS - 1)) * last;
      const v = (1 - row / (NEURON_PIXELS - 1)) * last;
      const t = (this.heightAt(u, v) - low) / (high - low);
      return this.shades[Math.max(0, Math.min(NEURON_BANDS - 1, Math.floor(t * NEURON_BANDS)))];
    });
  }

  compute(p, i, j, reach) {
    const { n } = this;
    const heights = new Float32Array(n * n);
    const place = (step) => reach * ((2 * step) / (n - 1) - 1);
    const at = [...p];
    for (let row = 0; row < n; row += 1) {
      at[j] = place(row);
      for (let column = 0; column < n; column += 1) {
        at[i] = place(column);
        heights[row * n + column] = Math.log(this.picture.model.mean(at) + 1e-4);
      }
    }
    return heights;
  }

  heightAt(u, v) {
    const { n, heights } = this;
    const column = Math.min(Math.floor(u), n - 2);
    const row = Math.min(Math.floor(v), n - 2);
    const [s, t] = [u - column, v - row];
    const k = row * n + column;
    const below = heights[k] * (1 - s) + heights[k + 1] * s;
    const above = heights[k + n] * (1 - s) + heights[k + n + 1] * s;
    return below * (1 - t) + above * t;
  }

  colour() {
    const { theme } = this;
    const stops = [theme.background, theme.dark ? mix([theme.background, theme.text], 0.55) : "#6B7C93"];
    this.shades = Uint32Array.from({ length: NEURON_BANDS }, (_, i) => {
      const [r, g, b] = mix(stops, i / (NEURON_BANDS - 1));
      return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    });
  }

  /** Descent so far, and paler what has been computed but not yet shown. */
  path(record, i, j) {
    const { player } = this.picture;
    const { context, theme } = this;
    const colour = theme.categorical[4];
    const lines = [new Path2D(), new Path2D()];
    for (let r = 0; r < player.n; r += 1) {
      const p = player.get("parameters", r);
      const [x, y] = [this.x(p[i]), this.y(p[j])];
      if (r <= record) lines[0][r ? "lineTo" : "moveTo"](x, y);
      if (r >= record) lines[1][r === record ? "moveTo" : "lineTo"](x, y);
    }
    context.lineJoin = "round";
    for (const [width, stroke] of [[6, theme.background], [3, colour]]) {
      context.lineWidth = width;
      context.strokeStyle = stroke;
      context.stroke(lines[0]);
    }
    const first = player.get("parameters", 0);
    context.fillStyle = colour;
    context.fillRect(this.x(first[i]) - 4, this.y(first[j]) - 4, 8, 8);
  }

  /** The hand's tries in their order; paler the further they lie off this slice. */
  tries(p, i, j, k) {
    const { tries, reach } = this.picture;
    const { context, theme } = this;
    const points = tries.map((each) => [this.x(each[i]), this.y(each[j])]);
    context.setLineDash([3, 3]);
    context.lineWidth = 1.5;
    context.strokeStyle = faded(theme.text, 0.65);
    context.stroke(new Path2D(points.length ? `M${points.map((at) => at.join(" ")).join("L")}` : ""));
    context.setLineDash([]);
    context.font = `600 11px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    points.forEach(([x, y], t) => {
      context.globalAlpha = Math.max(0.45, 1 - Math.abs(tries[t][k] - p[k]) / reach);
      context.beginPath();
      context.arc(x, y, 8.5, 0, 2 * Math.PI);
      context.fillStyle = theme.text;
      context.fill();
      context.fillStyle = theme.background;
      context.fillText(t + 1, x, y + 0.5);
    });
    context.globalAlpha = 1;
  }

  here(p, i, j) {
    const { context, theme } = this;
    const { hand } = this.picture;
    const colour = hand ? theme.text : theme.categorical[4];
    for (const [width, stroke] of [[6, theme.background], [3.5, colour]]) {
      context.beginPath();
      context.arc(this.x(p[i]), this.y(p[j]), hand ? 12 : 8, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = stroke;
      context.stroke();
    }
  }
}
