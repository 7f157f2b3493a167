// A rule and a model side by side on the payments of one day, and the truth beside them.
//
// Scene: sizes of the network; centre, scale of its inputs; domain of both axes; rule
// {amount, distance, count, votes}; steps its thresholds snap to; threshold of the model;
// best_threshold, from which a look pays; minutes_per_check, minutes_per_miss; payment [amount, distance, count]; max_count;
// show_truth. Scene arrays: payments (N, 3), is_fraud (N), exact (N), truth (slices, rows,
// columns) uint8. Records: parameters (P).

const RULES_PANELS = [
  ["rule", "Your rule"],
  ["model", "The model"],
  ["truth", "The truth, at its best threshold"],
];

class Rules {
  constructor(stage, player) {
    Object.assign(this, { stage, player, slice: 1, drag: null });
    this.head = barElement("div", "rules-head", stage);
    this.slider();
    this.legend = barElement("div", "rules-legend", this.head);
    this.grid = barElement("div", "rules-panels", stage);
    this.panels = Object.fromEntries(RULES_PANELS.map(([name, title]) => [name, this.panel(name, title)]));
  }

  slider() {
    const label = barElement("label", "rules-slice", this.head);
    this.caption = barElement("span", "", label);
    this.range = barElement("input", "", label);
    Object.assign(this.range, { type: "range", min: 1, max: 10, step: 1, value: 1 });
    this.range.ariaLabel = "Payments in the last hour that the maps are drawn for";
    this.range.oninput = () => {
      this.slice = Number(this.range.value);
      this.player.redraw();
    };
  }

  panel(name, title) {
    const root = barElement("div", "rules-panel", this.grid);
    barElement("div", "rules-title", root).textContent = title;
    const scores = barElement("div", "rules-scores", root);
    const values = ["precision", "recall", "minutes saved"].map((what) => {
      const item = barElement("div", "", scores);
      const value = barElement("b", "", item);
      barElement("span", "", item).textContent = what;
      return value;
    });
    const canvas = barElement("canvas", "", root);
    canvas.setAttribute("role", "img");
    canvas.ariaLabel = `${title}: which payments are stopped`;
    const counts = barElement("div", "rules-counts", root);
    canvas.onclick = (event) => this.click(name, event);
    if (name === "rule") this.draggable(canvas);
    return { root, canvas, values, counts, name, title };
  }

  scene(scene) {
    this.shown = scene;
    this.rule = { ...scene.rule };
    this.theme = null;
    const { data } = scene.arrays.payments;
    this.inputs = new Float32Array(data.length);
    for (let i = 0; i < data.length; i += 3) {
      this.inputs.set(rulesInput(scene, data[i], data[i + 1], data[i + 2]), i);
    }
    this.range.max = scene.max_count;
    this.panels.truth.root.hidden = !scene.show_truth;
  }

  // Hands.

  draggable(canvas) {
    canvas.onpointermove = (event) => {
      if (this.drag) this.move(event);
      canvas.style.cursor = this.drag ?? this.handle(event) ? "grab" : "crosshair";
    };
    canvas.onpointerdown = (event) => {
      this.drag = this.handle(event);
      if (this.drag) canvas.setPointerCapture(event.pointerId);
    };
    canvas.onpointerup = canvas.onpointercancel = (event) => {
      if (!this.drag) return;
      this.drag = null;
      this.dropped = event.timeStamp;
      const { amount, distance } = this.rule;
      this.player.emit("rule", { amount, distance });
    };
  }

  /** Which threshold's line the pointer is on: "amount", "distance" or none. */
  handle(event) {
    const { axes } = this;
    if (!axes || !axes.inside(event.offsetX, event.offsetY)) return null;
    const reach = event.pointerType === "touch" ? 22 : 9;
    if (Math.abs(event.offsetX - axes.x(this.rule.amount)) < reach) return "amount";
    return Math.abs(event.offsetY - axes.y(this.rule.distance)) < reach ? "distance" : null;
  }

  move(event) {
    const { axes, drag, shown } = this;
    const wanted = drag === "amount" ? axes.amount(event.offsetX) : axes.distance(event.offsetY);
    const steps = shown.steps[drag === "amount" ? 0 : 1];
    const apart = (step) => Math.abs(Math.log(step / wanted));
    const nearest = steps.reduce((best, step) => (apart(step) < apart(best) ? step : best));
    if (nearest === this.rule[drag]) return;
    this.rule[drag] = nearest;
    this.player.redraw();
  }

  click(name, event) {
    // The end of a drag is a click too, but not on a payment.
    if (name === "rule" && (this.handle(event) || event.timeStamp - (this.dropped ?? -1e9) < 50)) return;
    const { axes } = this;
    if (!axes?.inside(event.offsetX, event.offsetY)) return;
    const round = (value) => Number(value.toPrecision(3));
    const [amount, distance] = [axes.amount(event.offsetX), axes.distance(event.offsetY)];
    this.player.emit("pick", { amount: round(amount), distance: round(distance), count: this.slice });
  }

  // What is seen.

  draw(record) {
    const parameters = this.player.get("parameters", record);
    if (!parameters) return;
    const { theme } = this.player;
    if (this.theme !== theme) this.dress(theme);
    this.caption.textContent = `Shown: payment number ${this.slice} of a card within an hour`;
    this.size();
    this.judge(parameters);
    const map = rulesForward(this.shown.sizes, parameters, this.places());
    this.drawPanel(this.panels.model, map, this.shown.threshold, this.by.model);
    this.drawStill();
  }

  /** Rule and truth, which training does not move, only when something else has changed. */
  drawStill() {
    const { rule, slice, width, height, theme, shown } = this;
    const drawn = [shown, theme, slice, width, height, ...Object.values(rule), devicePixelRatio];
    if (this.drawn?.every((value, i) => value === drawn[i])) return;
    this.drawn = drawn;
    const stopped = this.map((amount, distance) => [Number(rulesAlarm(rule, amount, distance, slice))], 1);
    this.drawPanel(this.panels.rule, stopped, 0.5, this.by.rule);
    if (!shown.show_truth) return;
    const size = RULES_GRID[0] * RULES_GRID[1];
    const truth = shown.arrays.truth.data.subarray((slice - 1) * size, slice * size);
    const exact = Float32Array.from(truth, (value) => value / 255);
    this.drawPanel(this.panels.truth, exact, shown.best_threshold, this.by.truth);
  }

  dress(theme) {
    this.theme = theme;
    const mark = (isFraud, wrong, text) => {
      const item = document.createElement("span");
      const canvas = barElement("canvas", "", item);
      canvas.style.cssText = "width:20px;height:20px";
      rulesPayment(sized(canvas, 20, 20), 10, 10, isFraud, wrong, theme);
      item.append(text);
      return item;
    };
    this.legend.replaceChildren(
      mark(false, false, "honest"),
      mark(true, false, "fraud"),
      mark(true, true, "wrong answer"),
      "orange ground: stopped",
    );
  }

  size() {
    this.width = this.panels.rule.root.clientWidth;
    this.height = Math.round(Math.min(Math.max(this.width * 0.8, 220), 330));
    this.axes = rulesAxes(this.shown.domain, this.width, this.height);
  }

  /** What rule, model and truth answer to every payment of the day, and their scores. */
  judge(parameters) {
    const { payments, is_fraud: isFraud, exact } = this.shown.arrays;
    const n = isFraud.data.length;
    this.by = { rule: new Uint8Array(n), model: new Uint8Array(n), truth: new Uint8Array(n) };
    const p = rulesForward(this.shown.sizes, parameters, this.inputs);
    for (let i = 0; i < n; i += 1) {
      const [amount, distance, count] = payments.data.subarray(3 * i, 3 * i + 3);
      this.by.rule[i] = rulesAlarm(this.rule, amount, distance, count);
      this.by.model[i] = p[i] >= this.shown.threshold;
      this.by.truth[i] = exact.data[i] >= this.shown.best_threshold;
    }
    this.scores = Object.fromEntries(Object.entries(this.by).map(([name, alarms]) => [name, this.score(alarms)]));
  }

  score(alarms) {
    const { minutes_per_check: check, minutes_per_miss: miss } = this.shown;
    const isFraud = this.shown.arrays.is_fraud.data;
    let [caught, missed, wrong] = [0, 0, 0];
    for (let i = 0; i < alarms.length; i += 1) {
      if (isFraud[i] && alarms[i]) caught += 1;
      else if (isFraud[i]) missed += 1;
      else if (alarms[i]) wrong += 1;
    }
    const saved = alarms.length * check - (caught + wrong) * check - missed * miss;
    return { caught, missed, wrong, saved, precision: caught / (caught + wrong), recall: caught / (caught + missed) };
  }

  drawPanel(panel, map, level, alarms) {
    const { width, height, axes, theme, slice } = this;
    panel.canvas.style.height = `${height}px`;
    const context = sized(panel.canvas, width, height);
    const [columns, rows] = RULES_GRID;
    rulesShade(context, axes, map, columns, rows, theme);
    rulesFrame(context, axes, theme, height);
    if (panel.name !== "rule") rulesContour(context, axes, map, columns, rows, level, theme.text);
    this.drawPayments(context, alarms, slice);
    if (panel.name === "rule") this.drawThresholds(context);
    this.drawOwn(context);
    this.showScore(panel, this.scores[panel.name]);
  }

  /** What `values(amount, distance)` gives for every cell of the map, `width` numbers each. */
  map(values, width) {
    const { axes } = this;
    const [columns, rows] = RULES_GRID;
    const found = new Float32Array(columns * rows * width);
    for (let i = 0; i < columns * rows; i += 1) {
      const [c, r] = [i % columns, Math.floor(i / columns)];
      const amount = axes.amount(axes.left + ((c + 0.5) / columns) * axes.w);
      const distance = axes.distance(axes.top + ((r + 0.5) / rows) * axes.h);
      found.set(values(amount, distance), i * width);
    }
    return found;
  }

  /** The network's inputs for every cell of the map, made once for a slice. */
  places() {
    const { shown, slice } = this;
    if (this.placed?.shown !== shown || this.placed.slice !== slice) {
      const inputs = this.map((amount, distance) => rulesInput(shown, amount, distance, slice), 3);
      this.placed = { shown, slice, inputs };
    }
    return this.placed.inputs;
  }

  drawThresholds(context) {
    const { axes, rule, theme } = this;
    const [x, y] = [axes.x(rule.amount), axes.y(rule.distance)];
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    context.setLineDash([6, 4]);
    context.stroke(new Path2D(`M${x} ${axes.top}V${axes.top + axes.h}M${axes.left} ${y}H${axes.left + axes.w}`));
    context.setLineDash([]);
    this.knob(context, x, axes.top + axes.h - 14, `${rule.amount} €`);
    this.knob(context, axes.left + axes.w - 30, y, `${rule.distance} km`);
  }

  knob(context, x, y, text) {
    const { theme, axes } = this;
    context.font = `600 12px ${theme.font}`;
    const width = context.measureText(text).width + 14;
    const left = Math.min(Math.max(x - width / 2, axes.left), axes.left + axes.w - width);
    const top = Math.min(Math.max(y - 11, axes.top), axes.top + axes.h - 22);
    context.beginPath();
    context.roundRect(left, top, width, 22, 11);
    context.fillStyle = theme.text;
    context.fill();
    context.fillStyle = theme.background;
    context.textAlign = "center";
    context.fillText(text, left + width / 2, top + 11.5);
  }

  /** The payments of the slice; those of other slices faintly, for orientation. */
  drawPayments(context, alarms, slice) {
    const { axes, theme, shown } = this;
    const { payments, is_fraud: isFraud } = shown.arrays;
    for (const here of [false, true]) {
      context.globalAlpha = here ? 0.95 : 0.13;
      for (let i = 0; i < alarms.length; i += 1) {
        const [amount, distance, count] = payments.data.subarray(3 * i, 3 * i + 3);
        if ((Math.min(count, shown.max_count) === slice) !== here) continue;
        const wrong = here && alarms[i] !== isFraud.data[i];
        rulesPayment(context, axes.x(amount), axes.y(distance), isFraud.data[i], wrong, theme);
      }
    }
    context.globalAlpha = 1;
  }

  drawOwn(context) {
    const [amount, distance, count] = this.shown.payment;
    const { axes, theme } = this;
    const [x, y] = [axes.x(amount), axes.y(distance)];
    context.globalAlpha = Math.min(count, this.shown.max_count) === this.slice ? 1 : 0.35;
    context.beginPath();
    for (let i = 0; i < 10; i += 1) {
      const angle = ((36 * i - 90) * Math.PI) / 180;
      const radius = i % 2 ? 4 : 10;
      context[i ? "lineTo" : "moveTo"](x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    context.closePath();
    context.fillStyle = theme.background;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = theme.text;
    context.stroke();
    context.globalAlpha = 1;
  }

  showScore(panel, score) {
    const share = (value) => (Number.isNaN(value) ? "–" : `${Math.round(100 * value)}\u00a0%`);
    const texts = [share(score.precision), share(score.recall), decimal(Math.round(score.saved), 0)];
    texts.forEach((text, i) => {
      if (panel.values[i].textContent !== text) panel.values[i].textContent = text;
    });
    const counts = `${score.caught} frauds caught, ${score.missed} missed, ${score.wrong} false alarms`;
    if (panel.counts.textContent !== counts) panel.counts.textContent = counts;
  }

  describe() {
    const said = (name, title) => {
      const { precision, recall, saved } = this.scores[name];
      const share = (value) => (Number.isNaN(value) ? "none" : `${Math.round(100 * value)}\u00a0%`);
      return `${title}: precision ${share(precision)}, recall ${share(recall)}, ${Math.round(saved)} minutes saved.`;
    };
    return this.scores ? `${said("rule", "Your rule")} ${said("model", "The model")}` : "";
  }

  resize() {}

  destroy() {}
}

function rulesDrawing(stage, player) {
  return new Rules(stage, player);
}
