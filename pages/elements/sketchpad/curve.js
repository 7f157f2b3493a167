// The curve pad: a line over time, drawn over a given one, and what is answered to it.

const CURVE_HINT = "Drag over the line to redraw it. Keys: ← → choose a place, ↑ ↓ bend it there.";
const CURVE_MARGIN = { left: 40, right: 10, top: 22, bottom: 96 };
const CURVE_ERRORS = 54; // pixels of the error axis at the foot

class CurvePad {
  constructor(component) {
    Object.assign(this, { component, cursor: null });
    this.build(component.parentElement);
    this.sender = new Sender(() => JSON.stringify(this.drawing.values), (text) => this.write(text));
    this.listen();
  }

  build(parent) {
    this.canvas = element("canvas", { tabindex: "0", role: "application", class: "surface" });
    this.status = element("p", { class: "unseen", role: "status" });
    this.buttons = historyButtons(this);
    const { undo, redo, clear } = this.buttons;
    const hint = element("p", { class: "hint" }, CURVE_HINT);
    this.root = element("div", { class: "pad curve" });
    const sheet = element("div", { class: "long" }, this.canvas);
    const tools = element("div", { class: "tools" }, group("Edit", undo, redo, clear), hint);
    this.root.append(sheet, tools, this.status);
    parent.append(this.root);
  }

  listen() {
    followPointer(this.canvas, {
      down: (event) => (this.begin(), (this.last = null), this.pull(event)),
      move: (event) => coalesced(event).forEach((each) => this.pull(each)),
      up: () => this.finish(),
    });
    this.root.onkeydown = (event) => this.keyDown(event);
    this.canvas.onblur = () => ((this.cursor = null), this.show());
    this.watcher = new ResizeObserver(() => this.paint());
    this.watcher.observe(this.canvas);
  }

  update(component) {
    this.component = component;
    const { data } = component;
    this.canvas.setAttribute("aria-label", `${data.label}. ${CURVE_HINT}`);
    if (this.drawing?.token !== data.token) this.open(data);
    this.show();
  }

  open({ key, token, start, holds }) {
    const found = this.drawing ? null : drawings.get(key);
    const fresh = { token, values: start.slice(), past: [], future: [] };
    this.drawing = found?.token === token ? found : fresh;
    this.before = this.sender.last = null;
    drawings.set(key, this.drawing);
    if (!holds && this.drawing.past.length) this.sender.changed(true);
  }

  write(text) {
    this.component.setStateValue("drawn", { text, token: this.drawing.token });
  }

  destroy() {
    this.sender.stop();
    this.watcher.disconnect();
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }

  change(values) {
    this.drawing.values = values;
    this.show();
    this.sender.changed();
  }

  begin() {
    this.before = this.drawing.values;
  }

  finish() {
    const { drawing, before } = this;
    this.before = null;
    if (before && before !== drawing.values) {
      drawing.past.push(before);
      drawing.future = [];
      this.sender.changed(true);
    }
    this.show();
  }

  travel(from, to) {
    if (this.before || !from.length) return;
    to.push(this.drawing.values);
    this.change(from.pop());
    this.sender.changed(true);
  }

  undo() {
    this.travel(this.drawing.past, this.drawing.future);
  }

  redo() {
    this.travel(this.drawing.future, this.drawing.past);
  }

  clear() {
    this.begin();
    this.change(this.component.data.start.slice());
    this.finish();
  }

  // The line between this place of the pointer and the last one becomes the curve there.
  pull(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = [this.column(event.clientX - box.left), this.value(event.clientY - box.top)];
    const from = this.last ?? at;
    this.last = at;
    const values = this.drawing.values.slice();
    const [low, high] = [Math.min(from[0], at[0]), Math.max(from[0], at[0])];
    for (let i = Math.max(Math.round(low), 0); i <= Math.min(Math.round(high), values.length - 1); i += 1) {
      const t = high > low ? (i - from[0]) / (at[0] - from[0]) : 1;
      values[i] = from[1] + (at[1] - from[1]) * Math.min(Math.max(t, 0), 1);
    }
    this.change(values);
  }

  keyDown(event) {
    if (historyKey(this, event)) return keep(event);
    if (event.target !== this.canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = ARROWS[event.key];
    if (!step) return;
    this.cursor ??= Math.round(this.drawing.values.length / 2);
    if (step[0]) this.cursor = Math.min(Math.max(this.cursor + step[0], 0), this.drawing.values.length - 1);
    else this.bend(-step[1] * (event.shiftKey ? 0.3 : 0.08));
    this.status.textContent = `At ${this.component.data.places[this.cursor].toFixed(2)}: ${this.drawing.values[this.cursor].toFixed(2)}`;
    this.show();
    keep(event);
  }

  bend(by) {
    this.begin();
    const bump = (i) => by * Math.exp(-((i - this.cursor) ** 2) / 8);
    this.change(this.drawing.values.map((value, i) => this.inside(value + bump(i))));
    this.finish();
  }

  inside(value) {
    const { low, high } = this.component.data;
    return Math.min(Math.max(value, low), high);
  }

  show() {
    const { values, past, future } = this.drawing;
    this.buttons.undo.disabled = !past.length;
    this.buttons.redo.disabled = !future.length;
    this.buttons.clear.disabled = values.every((value, i) => value === this.component.data.start[i]);
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  // Pixels.

  x(i) {
    const { left, right } = CURVE_MARGIN;
    return left + (i / (this.drawing.values.length - 1)) * (this.width - left - right);
  }

  column(x) {
    const { left, right } = CURVE_MARGIN;
    return ((x - left) / (this.width - left - right)) * (this.drawing.values.length - 1);
  }

  y(value) {
    const { low, high } = this.component.data;
    const { top, bottom } = CURVE_MARGIN;
    return top + (1 - (value - low) / (high - low)) * (this.height - top - bottom);
  }

  value(y) {
    const { low, high } = this.component.data;
    const { top, bottom } = CURVE_MARGIN;
    return this.inside(low + (1 - (y - top) / (this.height - top - bottom)) * (high - low));
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !this.drawing) return;
    Object.assign(this, { width, height });
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    [this.canvas.width, this.canvas.height] = [width * ratio, height * ratio];
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const style = getComputedStyle(this.canvas);
    const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
    const [blue, orange] = read("chart-categorical-colors").split(/,(?![^(]*\))/);
    this.ink = { text: read("text-color"), ground: read("background-color"), blue, orange };
    this.font = read("font") || "sans-serif";
    this.paintAxes(context);
    this.paintCurves(context);
    this.paintErrors(context);
  }

  paintAxes(context) {
    const { low, high, places, axis } = this.component.data;
    context.font = `13px ${this.font}`;
    context.fillStyle = context.strokeStyle = this.ink.text;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let v = Math.ceil(low); v <= high; v += 1) {
      context.globalAlpha = 0.15;
      context.stroke(new Path2D(`M${CURVE_MARGIN.left} ${this.y(v)}H${this.width - CURVE_MARGIN.right}`));
      context.globalAlpha = 0.8;
      context.fillText(`${v}`, CURVE_MARGIN.left - 6, this.y(v));
    }
    const foot = this.height - CURVE_MARGIN.bottom + 12;
    context.textAlign = "left";
    context.fillText("R-peak heights", CURVE_MARGIN.left + 4, 10);
    context.fillText(places[0].toFixed(1), CURVE_MARGIN.left, foot);
    context.textAlign = "right";
    context.fillText(`${places[places.length - 1].toFixed(1)} ${axis}`, this.width - CURVE_MARGIN.right, foot);
    context.globalAlpha = 1;
  }

  paintCurves(context) {
    const { restored } = this.component.data;
    const { values } = this.drawing;
    const line = (curve) => curve.reduce((path, value, i) => (path.lineTo(this.x(i), this.y(value)), path), new Path2D());
    const gap = line(values);
    for (let i = values.length - 1; i >= 0; i -= 1) gap.lineTo(this.x(i), this.y(restored[i]));
    context.fillStyle = this.ink.orange;
    context.globalAlpha = 0.45;
    context.fill(gap);
    context.globalAlpha = 1;
    for (const [curve, colour] of [[restored, this.ink.blue], [values, this.ink.text]]) {
      context.strokeStyle = colour;
      context.lineWidth = 2.4;
      context.stroke(line(curve));
    }
    if (this.cursor === null) return;
    context.fillStyle = this.ink.text;
    context.fill(this.dot(this.x(this.cursor), this.y(values[this.cursor]), 6));
  }

  dot(x, y, radius) {
    const path = new Path2D();
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return path;
  }

  /** Yours among the errors of the excerpt's beats, and the threshold. */
  paintErrors(context) {
    const { errors, error, threshold, span } = this.component.data;
    const { text, ground, blue, orange } = this.ink;
    const [left, right] = [CURVE_MARGIN.left, this.width - CURVE_MARGIN.right];
    const place = (e) => Math.min(Math.max((Math.log10(e || 1e-9) - span[0]) / (span[1] - span[0]), 0), 1);
    const x = (e) => left + place(e) * (right - left);
    const y = this.height - CURVE_ERRORS / 2 - 2;
    context.globalAlpha = 0.3;
    context.fillStyle = text;
    context.fillRect(left, y, right - left, 1);
    context.globalAlpha = 0.6;
    for (const each of errors) {
      context.fillStyle = each > threshold ? orange : blue;
      context.fill(this.dot(x(each), y, 5));
    }
    context.globalAlpha = 1;
    context.fillStyle = text;
    context.fillRect(x(threshold) - 1, y - 14, 2, 28);
    context.textAlign = x(threshold) > this.width / 2 ? "right" : "left";
    context.fillText(`threshold ${threshold}`, x(threshold) + (context.textAlign === "left" ? 6 : -6), y + 19);
    context.strokeStyle = ground;
    context.fillStyle = error > threshold ? orange : blue;
    context.lineWidth = 2;
    const star = this.star(x(error), y, 11);
    context.fill(star);
    context.strokeStyle = text;
    context.stroke(star);
    context.fillStyle = text;
    context.textAlign = place(error) > 0.8 ? "right" : "center";
    context.fillText(`yours ${error.toPrecision(2)}`, x(error), y - 20);
  }

  star(x, y, radius) {
    const path = new Path2D();
    for (let i = 0; i < 10; i += 1) {
      const angle = ((36 * i - 90) * Math.PI) / 180;
      const r = i % 2 ? radius * 0.45 : radius;
      path.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    path.closePath();
    return path;
  }
}

const curvePads = new WeakMap();

export default function (component) {
  return mount(curvePads, CurvePad, component);
}
