// What an autoencoder restores, how far it is off, and which errors raise an alarm.
//
// Scene: kind "beats" or "rows"; names, unit, axis, reach, threshold, steps it snaps to, span
// of the error axis in powers of ten, chosen, strip_rate. Scene arrays: examples (M, D),
// is_anomaly (M) and, for beats, places (D), peaks (M), strip (T, 2). Records: errors (M),
// restored (M, D) as whole numbers of which the largest stands for reach, counts (bins) of
// the training errors.

const BEATS_TALL = 222; // pixels of the upper pictures
const BEATS_STRIP = 112;

class Beats {
  constructor(stage, player) {
    Object.assign(this, { stage, player, held: false });
    this.grid = barElement("div", "beats", stage);
    this.example = this.part("", "One example and its reconstruction");
    this.errors = this.part("", "Errors of all examples and the threshold");
    this.all = this.part("beats-wide", "All examples in the colour of their error");
    this.legend = barElement("ul", "legend", stage);
    this.scores();
    this.hands();
  }

  part(more, label) {
    const root = barElement("div", `beats-part ${more}`, this.grid);
    const title = barElement("div", "beats-title", root);
    const canvas = barElement("canvas", "", root);
    canvas.setAttribute("role", "img");
    canvas.ariaLabel = label;
    return { root, title, canvas };
  }

  scores() {
    const scores = barElement("div", "beats-scores", this.errors.root);
    this.errors.title.replaceWith(scores);
    this.values = ["alarms", "precision", "recall"].map((what) => {
      const item = barElement("div", "", scores);
      const value = barElement("b", "", item);
      const word = barElement("span", "", item);
      word.textContent = what;
      return { value, word };
    });
  }

  // Hands.

  hands() {
    const { canvas } = this.errors;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "slider");
    canvas.ariaLabel = "Threshold of the reconstruction error";
    canvas.dataset.keys = "";
    canvas.onpointerdown = (event) => this.press(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.release(event);
    canvas.onkeydown = (event) => this.nudge(event);
    const { canvas: all } = this.all;
    all.tabIndex = 0;
    all.dataset.keys = "";
    all.style.cursor = "pointer";
    all.onclick = (event) => this.choose(this.found(event.offsetX, event.offsetY));
    all.onkeydown = (event) => this.walk(event);
  }

  press(event) {
    const reach = event.pointerType === "touch" ? 26 : 12;
    const onLine = Math.abs(event.offsetX - this.axis.x(this.threshold)) < reach || event.offsetY < 28;
    if (!onLine) return this.choose(this.nearestDot(event.offsetX, event.offsetY));
    this.held = true;
    this.errors.canvas.setPointerCapture(event.pointerId);
    this.move(event);
  }

  move(event) {
    if (!this.axis) return;
    const near = Math.abs(event.offsetX - this.axis.x(this.threshold)) < 12;
    this.errors.canvas.style.cursor = this.held || near ? "ew-resize" : "pointer";
    if (this.held) this.setThreshold(this.axis.error(event.offsetX));
  }

  release() {
    if (!this.held) return;
    this.held = false;
    this.player.emit("threshold", { value: this.threshold });
    this.player.redraw();
  }

  setThreshold(wanted) {
    const apart = (step) => Math.abs(Math.log(step / wanted));
    this.threshold = this.shown.steps.reduce((best, step) => (apart(step) < apart(best) ? step : best));
    this.player.redraw();
  }

  nudge(event) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const { steps } = this.shown;
    const place = steps.indexOf(this.threshold) + by;
    this.threshold = steps[Math.min(Math.max(place, 0), steps.length - 1)];
    this.player.redraw();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.player.emit("threshold", { value: this.threshold }), 400);
  }

  walk(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const n = this.order.length;
    this.choose(this.order[(this.order.indexOf(this.chosen) + by + n) % n]);
  }

  choose(index) {
    if (index < 0 || index === undefined) return;
    this.chosen = index;
    this.player.redraw();
  }

  nearestDot(x, y) {
    let [best, least] = [-1, 26 * 26];
    (this.dots ?? []).forEach(([px, py], i) => {
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    });
    return best;
  }

  /** The example at a place of the lower picture. */
  found(x, y) {
    if (this.shown.kind === "beats") return this.parts.findIndex(([from, to]) => x >= from && x < to);
    return this.parts.findIndex(([left, top]) => x >= left && x < left + BEATS_CELL && y >= top && y < top + BEATS_CELL);
  }

  // What is shown.

  scene(scene) {
    const before = this.shown;
    const { examples, is_anomaly: labels } = scene.arrays;
    this.shown = scene;
    this.theme = null;
    if (!this.held) this.threshold = scene.threshold;
    this.labels = labels.data;
    [this.m, this.d] = examples.shape;
    const same = before?.kind === scene.kind && before.chosen === scene.chosen && before.arrays.examples.shape[0] === this.m;
    if (!same) this.chosen = scene.chosen;
    const rows = Array.from(this.labels.keys());
    this.order = scene.kind === "beats" ? rows : rows.sort((a, b) => this.labels[a] - this.labels[b] || a - b);
    this.nAnomalous = this.labels.reduce((sum, label) => sum + label, 0);
  }

  draw(record) {
    this.now = this.player.get("errors", record);
    if (!this.now) return;
    if (this.theme !== this.player.theme) this.dress();
    this.judge();
    this.drawExample(record);
    this.drawErrors(record);
    if (this.shown.kind === "beats") this.drawStrip();
    else this.drawCells();
  }

  dress() {
    this.theme = this.player.theme;
    const { theme } = this;
    const item = (draw, text) => {
      const li = document.createElement("li");
      const canvas = document.createElement("canvas");
      canvas.style.cssText = "width:26px;height:22px";
      draw(sized(canvas, 26, 22));
      li.append(canvas, text);
      return li;
    };
    const line = (colour) => (c) => ((c.fillStyle = colour), c.fillRect(2, 9, 22, 3));
    const mark = (colour, isAnomaly, alarm) => (c) => beatsMark(c, theme, 13, 11, 5, colour, isAnomaly, alarm);
    const [blue, orange, third] = theme.categorical;
    const dashed = (c) => [2, 11, 20].forEach((x) => ((c.fillStyle = third), c.fillRect(x, 9, 5, 3)));
    const one = this.shown.kind === "beats" ? "beat" : "row";
    const shared = [
      item(line(theme.text), `the ${one} as it came in`),
      item(line(blue), "as restored"),
      item(dashed, `by ${this.shown.straight} (PCA)`),
      item((c) => ((c.fillStyle = faded(orange, 0.45)), c.fillRect(2, 4, 22, 14)), "the error between"),
    ];
    const marks = [
      item(mark(blue, false, false), "restored well"),
      item(mark(orange, false, true), "ring: alarm"),
      item(mark(blue, true, false), this.shown.simulated.length ? "diamond: premature or simulated" : "diamond: labelled premature"),
    ];
    this.legend.replaceChildren(...shared, ...(one === "beat" ? marks : []));
  }

  judge() {
    const { now: errors, labels, threshold } = this;
    let [alarms, hits] = [0, 0];
    for (let i = 0; i < this.m; i += 1) {
      if (errors[i] <= threshold) continue;
      alarms += 1;
      hits += labels[i];
    }
    const share = (part, whole) => (whole ? `${Math.round((100 * part) / whole)}\u00a0%` : "–");
    this.counted = [decimal(alarms, 0), share(hits, alarms), share(hits, this.nAnomalous)];
    this.values.forEach(({ value }, i) => {
      if (value.textContent !== this.counted[i]) value.textContent = this.counted[i];
    });
    this.values[0].word.textContent = alarms === 1 ? "alarm" : "alarms";
  }

  context(part, height) {
    const width = part.root.clientWidth;
    part.canvas.style.height = `${height}px`;
    return [sized(part.canvas, width, height), width];
  }

  colour(error) {
    return beatsColour(this.theme, error, this.threshold);
  }

  name(i) {
    if (this.shown.kind === "rows") return `Row ${i}${this.labels[i] ? ", an anomaly" : ", normal"}`;
    const second = this.shown.arrays.peaks.data[i] / this.shown.strip_rate;
    return `Beat at ${second.toFixed(1)} s${this.kind(i)}`;
  }

  kind(i) {
    if (!this.labels[i]) return "";
    return this.shown.simulated.includes(i) ? ", simulated" : ", premature";
  }

  drawExample(record) {
    const { shown, d, chosen, theme } = this;
    const [context, width] = this.context(this.example, BEATS_TALL);
    const whole = this.player.get("restored", record);
    const unit = shown.reach / (whole instanceof Int16Array ? 32767 : 127);
    const values = (all) => Float32Array.from(all.subarray(chosen * d, (chosen + 1) * d), (v) => v * unit);
    const [restored, straight] = [values(whole), values(shown.arrays.straight.data)];
    const input = shown.arrays.examples.data.subarray(chosen * d, (chosen + 1) * d);
    const error = this.now[chosen];
    const theirs = shown.arrays.straight_errors.data[chosen];
    const alarm = error > this.threshold ? "alarm" : "no alarm";
    this.title(this.example, `${this.name(chosen)}: error ${error.toPrecision(2)} (PCA ${theirs.toPrecision(2)}), ${alarm}`);
    if (shown.kind === "rows") {
      return beatsBars(context, width, BEATS_TALL, theme, { input, restored, straight, names: shown.names, reach: shown.reach });
    }
    const places = shown.arrays.places.data;
    const span = [places[0], places[d - 1], -0.55, 1.45];
    return beatsCurve(context, width, BEATS_TALL, theme, { places, input, restored, straight, span, axis: shown.axis });
  }

  title(part, text) {
    if (part.title.textContent !== text) part.title.textContent = text;
  }

  drawErrors(record) {
    const { theme, shown, now: errors } = this;
    const height = BEATS_TALL - 4;
    const [context, width] = this.context(this.errors, height);
    this.axis = beatsErrorAxis(width, shown.span);
    beatsTicks(context, this.axis, shown.span, height, theme, shown.unit);
    const counts = this.player.get("counts", record);
    const of = shown.kind === "beats" ? "beats" : "rows";
    const low = height - BEATS_LANE.bottom;
    const colour = (error) => this.colour(error);
    const lanes = shown.kind === "beats" ? 2 : 3;
    const tall = (low - BEATS_LANE.top) / lanes;
    const top = (lane) => BEATS_LANE.top + lane * tall;
    beatsColumns(context, this.axis, counts, top(1), tall - 18, () => faded(theme.text, 0.3));
    this.dots = null;
    if (shown.kind === "rows") {
      [`normal ${of}, held out`, `anomalous ${of}, held out`].forEach((_, kind) => {
        const binned = beatsBinned(this.axis, errors, (i) => this.labels[i] === kind, counts.length);
        beatsColumns(context, this.axis, binned, top(kind + 2), tall - 18, colour);
      });
    }
    beatsThreshold(context, this.axis, theme, height, this.threshold, this.held);
    const titles = shown.kind === "beats" ? ["training beats, unlabelled", "beats of the excerpt"] : ["training rows", "normal rows, held out", "anomalous rows, held out"];
    titles.forEach((text, lane) => beatsLaneTitle(context, theme, this.axis, top(lane), text, false));
    if (shown.kind === "beats") this.drawDots(context, low, top(1) + 22);
    this.tellSlider();
  }

  drawDots(context, low, top) {
    const { theme, now: errors, labels, threshold } = this;
    this.dots = beatsStacked(this.axis, errors, low - 4, 5.5, top);
    const draw = (i) => {
      const [x, y] = this.dots[i];
      beatsMark(context, theme, x, y, 5, this.colour(errors[i]), labels[i], errors[i] > threshold);
      if (i !== this.chosen) return;
      context.fillStyle = theme.text;
      context.fillRect(x - 6, low - 2, 12, 3);
    };
    for (const wanted of [0, 1]) this.dots.forEach((_, i) => labels[i] === wanted && draw(i));
  }

  tellSlider() {
    const { canvas } = this.errors;
    const text = String(this.threshold);
    if (canvas.getAttribute("aria-valuenow") === text) return;
    const { steps } = this.shown;
    Object.assign(canvas, { ariaValueNow: text, ariaValueMin: steps[0], ariaValueMax: steps[steps.length - 1] });
  }

  drawStrip() {
    const { shown, now: errors, labels } = this;
    const [context, width] = this.context(this.all, BEATS_STRIP);
    this.title(this.all, "The excerpt: click a beat to see it");
    const { strip, peaks } = shown.arrays;
    const beats = Array.from(errors, (error, i) => ({
      colour: this.colour(error),
      alarm: error > this.threshold,
      isAnomaly: labels[i],
    }));
    this.parts = beatsStrip(context, width, BEATS_STRIP, this.theme, {
      strip: strip.data, peaks: peaks.data, rate: shown.strip_rate, beats, chosen: this.chosen,
    });
  }

  drawCells() {
    const { now: errors, theme, order } = this;
    const nNormal = this.m - this.nAnomalous;
    const wide = this.all.root.clientWidth;
    const [context, width] = this.context(this.all, beatsCellsHeight(wide, nNormal, this.nAnomalous));
    this.title(this.all, `${nNormal} normal rows, then ${this.nAnomalous} anomalous ones; a marked cell is an alarm. Click one to see it.`);
    const colours = Array.from(errors, (error) => this.colour(error));
    const alarms = Array.from(errors, (error) => error > this.threshold);
    this.parts = beatsCells(context, width, theme, {
      order, n_normal: nNormal, colours, alarms, chosen: this.chosen, top: 4,
    });
  }

  describe() {
    const [alarms, precision, recall] = this.counted ?? [];
    return `${alarms} alarms, precision ${precision}, recall ${recall}. ${this.example.title.textContent}.`;
  }

  resize() {}

  destroy() {
    clearTimeout(this.telling);
  }
}

function beatsDrawing(stage, player) {
  return new Beats(stage, player);
}
