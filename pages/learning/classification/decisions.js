// Test examples placed by a classifier: each slides to the probability it is given, and one
// threshold moves the counts and both curves with it.
//
// Scene: classes; positive: the class looked for; threshold 0 … 1; picked: an example or −1;
// unit: what an integer of 1 is worth, 1 / unit nats; names of the examples; plane (or null):
// {sizes, activation, names, centre, deviation, domain [[x0, x1], [y0, y1]]}. Scene arrays:
// labels (N); with a plane points (N, 2), known (M, 2), known_labels (M).
// Records: logp (N, C) int16; with a plane parameters (P).

class Decisions {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1, drag: false });
    const grid = barElement("div", "decisions-grid", stage);
    const main = barElement("div", "decisions-main", grid);
    this.head = barElement("div", "decisions-head", main);
    this.plane = this.picture(main, "The plane of both features, shaded by the answer");
    this.strip = this.picture(main, "Every test example at the probability it is given");
    const side = barElement("div", "decisions-side", grid);
    this.counts = new DecisionsCounts(side, (isIt, yes) => {
      player.pause();
      player.emit("cell", { is_it: isIt, yes });
    });
    const curves = barElement("div", "decisions-curves", side);
    this.roc = this.curve(curves, "ROC");
    this.pr = this.curve(curves, "PR");
    this.draggable(this.strip);
    for (const canvas of [this.plane, this.strip]) {
      canvas.addEventListener("pointermove", (event) => this.point(canvas, event));
      canvas.addEventListener("pointerleave", () => this.hovered(-1));
      canvas.addEventListener("click", (event) => this.pick(canvas, event));
    }
  }

  picture(parent, label) {
    const canvas = barElement("canvas", "decisions-canvas", parent);
    canvas.setAttribute("role", "img");
    canvas.ariaLabel = label;
    return canvas;
  }

  curve(parent, title) {
    const root = barElement("div", "decisions-curve", parent);
    const name = barElement("div", "decisions-title", root);
    const canvas = this.picture(root, title);
    return { name, canvas, title };
  }

  scene(scene) {
    this.shown = scene;
    this.labels = scene.arrays.labels.data;
    // An edit of our own comes back as a scene: the line must not jump to where it was.
    if (!this.drag) this.threshold = scene.threshold;
    this.positive = scene.positive;
    this.theme = null;
    this.plane.hidden = !scene.plane;
    this.buttons();
  }

  /** The class looked for, as a row of buttons; the list in the sidebar does the same. */
  buttons() {
    const { classes } = this.shown;
    const kept = classes.length <= 8 ? classes : [];
    this.head.replaceChildren(kept.length ? "Look for:" : `Looked for: ${classes[this.positive]}`);
    kept.forEach((name, k) => {
      const button = barElement("button", "decisions-class", this.head);
      button.type = "button";
      button.ariaPressed = String(k === this.positive);
      const mark = barElement("canvas", "decisions-mark", button);
      button.append(name);
      button.mark = () => {
        decisionsMark(sized(mark, 16, 16), 8, 8, k, this.colour(k), 5);
      };
      button.onclick = () => {
        this.positive = k;
        this.buttons();
        this.player.redraw();
        this.player.emit("positive", { positive: k });
      };
    });
    this.theme = null;
  }

  colour(k) {
    const { categorical } = this.player.theme;
    return categorical[k % categorical.length];
  }

  // Hands.

  draggable(canvas) {
    canvas.onpointerdown = (event) => {
      if (!this.onLine(event)) return;
      this.drag = true;
      canvas.setPointerCapture(event.pointerId);
    };
    canvas.onpointermove = (event) => {
      canvas.style.cursor = this.drag || this.onLine(event) ? "ew-resize" : "pointer";
      if (!this.drag) return;
      const at = Math.round(100 * this.layout.probability(event.offsetX)) / 100;
      this.threshold = Math.min(Math.max(at, 0.01), 0.99);
      this.player.redraw();
    };
    canvas.onpointerup = canvas.onpointercancel = (event) => {
      if (!this.drag) return;
      this.drag = false;
      this.dropped = event.timeStamp;
      this.player.emit("threshold", { threshold: Math.round(100 * this.threshold) });
    };
  }

  onLine(event) {
    if (!this.layout) return false;
    const reach = event.pointerType === "touch" ? 22 : 9;
    return Math.abs(event.offsetX - this.layout.x(this.threshold)) < reach;
  }

  point(canvas, event) {
    if (!this.drag) this.hovered(this.nearest(canvas, event));
  }

  hovered(index) {
    if (index === this.hover) return;
    this.hover = index;
    this.player.redraw();
  }

  pick(canvas, event) {
    if (event.timeStamp - (this.dropped ?? -1e9) < 50) return;
    const index = this.nearest(canvas, event);
    if (index < 0) return;
    this.player.pause();
    this.player.emit("pick", { index });
  }

  nearest(canvas, event) {
    const pixels = canvas === this.plane ? this.onPlane : this.onStrip;
    let [best, least] = [-1, 15 * 15];
    for (let i = 0; i < (pixels?.length ?? 0) / 2; i += 1) {
      const distance = (pixels[2 * i] - event.offsetX) ** 2 + (pixels[2 * i + 1] - event.offsetY) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  // What is seen.

  draw(record) {
    const logp = this.player.get("logp", record);
    if (!logp) return;
    if (this.theme !== this.player.theme) this.dress();
    this.odds = decisionsOdds(logp, this.shown.classes.length, this.positive, this.shown.unit, this.odds);
    const cut = Math.log(this.threshold / (1 - this.threshold));
    this.judged = decisionsJudged(this.odds, this.labels, this.positive, cut);
    this.drawStrip();
    if (this.shown.plane) this.drawPlane(record);
    this.counts.show(this.judged, this.shown.classes, this.positive);
    this.drawCurves();
  }

  dress() {
    this.theme = this.player.theme;
    const { background } = this.theme;
    this.sprites = this.shown.classes.map((_, k) => {
      const canvas = document.createElement("canvas");
      decisionsMark(sized(canvas, 14, 14), 7, 7, k, this.colour(k), 4.4, background);
      return canvas;
    });
    for (const button of this.head.querySelectorAll("button")) button.mark();
  }

  drawStrip() {
    const { classes, plane } = this.shown;
    const width = this.strip.parentElement.clientWidth;
    const context = decisionsSized(this.strip, width, decisionsHeight(classes.length, Boolean(plane)));
    this.layout = decisionsLayout(context, classes, width, this.strip.clientHeight, this.theme);
    decisionsLanes(context, this.layout, this);
    this.onStrip = decisionsDots(context, this.layout, this);
    decisionsLine(context, this.layout, this);
    this.drawRings(context, this.onStrip);
  }

  drawPlane(record) {
    const { plane, arrays } = this.shown;
    const width = this.plane.parentElement.clientWidth;
    const context = decisionsSized(this.plane, width, Math.round(Math.min(Math.max(width * 0.5, 220), 300)));
    const axes = decisionsAxes(plane, width, this.plane.clientHeight);
    const map = decisionsMap(plane, this.player.get("parameters", record));
    decisionsShade(context, axes, map, this.shown.classes.map((_, k) => rgbOf(this.colour(k))), this.theme);
    decisionsFrame(context, axes, plane, this.theme);
    decisionsContour(context, axes, map, this.positive, this.threshold, this.theme.text);
    context.globalAlpha = 0.35;
    this.scatter(context, axes, arrays.known.data, arrays.known_labels.data);
    context.globalAlpha = 1;
    this.onPlane = this.scatter(context, axes, arrays.points.data, this.labels);
    this.drawRings(context, this.onPlane);
  }

  scatter(context, axes, xy, labels) {
    const pixels = new Float32Array(xy.length);
    for (let i = 0; i < labels.length; i += 1) {
      [pixels[2 * i], pixels[2 * i + 1]] = [axes.x(xy[2 * i]), axes.y(xy[2 * i + 1])];
      context.drawImage(this.sprites[labels[i]], pixels[2 * i] - 7, pixels[2 * i + 1] - 7, 14, 14);
    }
    return pixels;
  }

  /** Rings round the wrong answers, a thick one round what is picked, a name under the pointer. */
  drawRings(context, pixels) {
    const ring = (i, radius, width) => {
      context.beginPath();
      context.arc(pixels[2 * i], pixels[2 * i + 1], radius, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.stroke();
    };
    context.strokeStyle = this.theme.text;
    // Hundreds of rings would hide what they point at.
    if (this.judged.misses + this.judged.alarms > 60) context.globalAlpha = 0.25;
    for (let i = 0; i < this.labels.length; i += 1) {
      if (this.judged.yes[i] !== Number(this.labels[i] === this.positive)) ring(i, 7.5, 1.5);
    }
    context.globalAlpha = 1;
    if (this.shown.picked >= 0 && this.shown.picked < this.labels.length) ring(this.shown.picked, 11, 3);
    if (this.hover >= 0) decisionsName(context, this, pixels);
  }

  drawCurves() {
    const { roc, pr, area, precision: averaged } = decisionsCurves(this.odds, this.labels, this.positive);
    const { judged } = this;
    const base = (judged.hits + judged.misses) / this.labels.length;
    decisionsCurve(this.roc, roc, [judged.alarmRate, judged.recall], "false positive rate", "recall", area, [[0, 0], [1, 1]], this.theme);
    decisionsCurve(this.pr, pr, [judged.recall, judged.precision], "recall", "precision", averaged, [[0, base], [1, base]], this.theme);
  }

  describe() {
    const { judged, shown } = this;
    if (!judged) return "";
    const share = (value) => (Number.isNaN(value) ? "none" : `${Math.round(100 * value)}\u00a0%`);
    const asked = `Looking for ${shown.classes[this.positive]} from ${Math.round(100 * this.threshold)}\u00a0% on`;
    return `${asked}: precision ${share(judged.precision)}, recall ${share(judged.recall)}.`;
  }

  resize() {}

  destroy() {}
}

function decisionsDrawing(stage, player) {
  return new Decisions(stage, player);
}
