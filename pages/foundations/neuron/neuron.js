// One neuron: its numbers, its line in the plane, and its place in the landscape of the loss.
//
// Scene: points (N, 2) float32, labels (N) uint8; data (a name for them), activation, targets,
// domain [low, high] of both inputs, reach of the weights, classes (two names).
// Records: parameters (w1, w2, b). What is done by hand stays in the browser until it is
// handed over: `hand_over` {start, tries, data}.

const NEURON_NAMES = ["w₁", "w₂", "b"];
const NEURON_TRIES = 40;
const NEURON_REST = 450; // ms of rest after which a hand's position counts as a try
const NEURON_STEP = 0.05;

function neuronElement(parent, tag, name, properties = {}) {
  const element = document.createElement(tag);
  element.className = `neuron-${name}`;
  Object.assign(element, properties);
  parent.append(element);
  return element;
}

class NeuronPicture {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hand: null, at: -1, chosen: 0, place: null, tries: [] });
    stage.classList.add("neuron");
    this.formula = neuronElement(stage, "div", "formula");
    this.formulaLines = [0, 1].map(() => neuronElement(this.formula, "p", "line"));
    this.body = neuronElement(stage, "div", "body");
    this.cell = neuronElement(this.body, "div", "cell");
    this.wires = new NeuronWires(this.cell);
    this.buildSliders();
    this.buildStrip();
    this.plane = new NeuronPlane(neuronElement(this.body, "div", "cell"), this);
    this.surface = new NeuronSurface(neuronElement(this.body, "div", "cell"), this);
  }

  buildSliders() {
    const host = neuronElement(this.cell, "div", "sliders");
    this.sliders = NEURON_NAMES.map((name, i) => {
      const row = neuronElement(host, "label", "slider");
      neuronElement(row, "b", "name", { textContent: name });
      const input = neuronElement(row, "input", "range", { type: "range", step: NEURON_STEP });
      input.ariaLabel = i < 2 ? `weight ${name}` : "bias b";
      input.oninput = () => this.move({ [i]: input.valueAsNumber });
      return { input, value: neuronElement(row, "output", "value") };
    });
  }

  buildStrip() {
    this.told = neuronElement(this.cell, "p", "told");
    const strip = neuronElement(this.cell, "div", "strip");
    this.over = neuronElement(strip, "button", "act neuron-main", { type: "button" });
    this.over.textContent = "Hand over to gradient descent";
    this.over.onclick = () => this.handOver();
    this.forget = neuronElement(strip, "button", "act", { type: "button" });
    this.forget.textContent = "Forget my tries";
    this.forget.onclick = () => this.keepTries([]);
  }

  scene(scene) {
    const other = this.shown?.data !== scene.data;
    this.shown = scene;
    this.model = neuronModel(scene);
    this.at = -1;
    if (other) Object.assign(this, { tries: neuronRecall(scene.data), chosen: 0, place: null });
    if (other) this.widest = scene.reach;
    const { run } = this.player.options;
    // A hand-over asked for another run; now it is here, and descent begins.
    if (this.handed && this.handed !== run && !this.player.playing) this.player.toggle();
    this.handed = null;
    this.surface.renew();
    this.plane.renew();
  }

  get parameters() {
    return this.hand ?? [...this.player.get("parameters", this.player.record)];
  }

  /** How far the axes of the weights reach: wider when descent goes beyond, never back. */
  get reach() {
    const far = Math.max(...this.parameters.map(Math.abs));
    if (far > this.widest) this.widest = Math.min(niceAbove(far), 8 * this.shown.reach);
    return this.widest;
  }

  /** Set some of the parameters by hand; the picture follows at once. */
  move(changes) {
    if (!this.player.n) return;
    if (this.player.moving) this.player.pause();
    this.hand = this.parameters;
    this.at = this.player.record;
    for (const [i, value] of Object.entries(changes)) this.hand[i] = Math.round(value * 100) / 100;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.note(), NEURON_REST);
    this.player.redraw();
  }

  /** Keep where the hand has come to rest as a try. */
  note() {
    clearTimeout(this.resting);
    const last = this.tries.at(-1);
    if (!this.hand || last?.every((value, i) => value === this.hand[i])) return;
    this.keepTries([...this.tries, [...this.hand]].slice(-NEURON_TRIES));
    this.player.say(this.summary());
  }

  keepTries(tries) {
    this.tries = tries;
    neuronRemember(this.shown.data, tries);
    this.player.redraw();
  }

  /** Let descent start here: the run for this start comes from Python unless it is at hand. */
  handOver() {
    this.note();
    const start = this.parameters.map((value) => Math.round(value * 100) / 100);
    const first = [...this.player.get("parameters", 0)];
    const same = start.every((value, i) => Math.abs(value - first[i]) < 0.005);
    if (same) {
      this.player.record = 0;
      if (!this.player.playing) this.player.toggle();
    } else this.handed = this.player.options.run;
    this.player.emit("hand_over", { start, tries: this.tries, data: this.shown.data });
  }

  choose(index, place = null) {
    Object.assign(this, { chosen: index, place });
    this.player.redraw();
  }

  /** The example whose numbers are shown: one of the points, or any place of the plane. */
  get example() {
    const { points, labels } = this.shown.arrays;
    if (this.place) return { x: this.place, label: null };
    const i = Math.min(this.chosen, labels.data.length - 1);
    return { x: [points.data[2 * i], points.data[2 * i + 1]], label: labels.data[i], i };
  }

  draw(record) {
    if (!this.player.get("parameters", record)) return;
    if (record !== this.at || this.player.playing) this.hand = null;
    this.at = record;
    const p = this.parameters;
    const { reach } = this;
    this.sliders.forEach(({ input, value }, i) => {
      if (Number(input.max) !== reach) Object.assign(input, { min: -reach, max: reach });
      if (document.activeElement !== input || !this.hand) input.value = p[i];
      value.textContent = neuronNumber(p[i]);
    });
    this.stage.classList.toggle("neuron-by-hand", this.hand !== null);
    this.wires.draw(this.model, p, this.example, reach, this.player.theme);
    this.plane.draw(p);
    this.surface.draw(p, record);
    this.write(p, record);
  }

  write(p, record) {
    const { x, label } = this.example;
    const lines = neuronFormula(this.model, p, x, label);
    this.formulaLines.forEach((line, i) => {
      if (line.textContent !== lines[i]) line.textContent = lines[i];
    });
    this.forget.hidden = !this.tries.length;
    const text = this.summary(p, record);
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  summary(p = this.parameters, record = this.player.record) {
    const { loss, right } = this.model.score(p);
    const who = this.hand ? "By hand" : `Gradient descent, step ${record}`;
    const parts = [`${who}: loss ${shown(loss)}, ${Math.round(100 * right)}\u00a0% right.`];
    if (this.tries.length) {
      const losses = this.tries.map((each) => this.model.score(each).loss);
      const best = losses.indexOf(Math.min(...losses));
      const count = this.tries.length === 1 ? "1 try" : `${this.tries.length} tries`;
      parts.push(`Best of ${count}: number ${best + 1}, loss ${shown(losses[best])}.`);
    }
    return parts.join(" ");
  }

  describe() {
    if (!this.player.n) return "";
    const numbers = this.parameters.map((value, i) => `${NEURON_NAMES[i]} ${neuronNumber(value)}`);
    return `${numbers.join(", ")}. ${this.told.textContent}`;
  }

  resize() {}

  destroy() {
    clearTimeout(this.resting);
    this.stage.replaceChildren();
  }
}

/** Tries outlive the page in the tab's own storage, where it may be used. */
function neuronRemember(data, tries) {
  try {
    sessionStorage.setItem(`explorer-neuron-${data}`, JSON.stringify(tries));
  } catch {
    return;
  }
}

function neuronRecall(data) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(`explorer-neuron-${data}`) ?? "[]");
    const sound = (each) => Array.isArray(each) && each.length === 3 && each.every(Number.isFinite);
    return Array.isArray(kept) ? kept.filter(sound).slice(-NEURON_TRIES) : [];
  } catch {
    return [];
  }
}

function neuronDrawing(stage, player) {
  const picture = new NeuronPicture(stage, player);
  player.neuron = picture;
  return picture;
}
