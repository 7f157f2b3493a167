// The points pad: examples of several classes, placed, moved and erased by hand.

const REACH = { mouse: 10, pen: 14, touch: 22 }; // how near counts as on a point, pixels
const TREMBLE = 3; // pixels a click on a point may wander without moving it
const HINT = "Click adds, drag moves. Keys: arrows and Space, 1–5 class, M moves, E erases.";

class PointsPad {
  constructor(component) {
    Object.assign(this, { component, cursor: [0, 0], chosen: 0, erases: false, held: null });
    this.build(component.parentElement);
    this.sender = new Sender(() => this.text(), (text) => this.write(text));
    this.listen();
  }

  build(parent) {
    this.canvas = element("canvas", { tabindex: "0", role: "application", class: "surface" });
    this.plane = new Plane(this.canvas);
    this.count = element("p", { class: "count" });
    this.status = element("p", { class: "unseen", role: "status" });
    const sheet = element("div", { class: "sheet" }, this.canvas);
    const hint = element("p", { class: "hint" }, HINT);
    const side = element("div", { class: "side" }, this.tools(), this.count, hint);
    this.root = element("div", { class: "pad" });
    this.root.append(element("div", { class: "body" }, sheet, side), this.status);
    parent.append(this.root);
  }

  tools() {
    this.buttons = historyButtons(this);
    this.buttons.eraser = button("eraser", "Eraser (E)", ICONS.eraser, () => this.toggleEraser());
    this.classGroup = group("Class");
    const { eraser, undo, redo, clear } = this.buttons;
    const edit = group("Edit", eraser, undo, redo, clear);
    return element("div", { class: "tools" }, this.classGroup, edit);
  }

  classButton(name, index) {
    const label = `Class ${name} (${index + 1})`;
    const made = button(`class-${index}`, label, SHAPE_ICONS[index], () => this.choose(index));
    made.classList.add("named");
    made.append(element("span", {}, name));
    return made;
  }

  listen() {
    followPointer(this.canvas, {
      down: (event) => this.pointerDown(event),
      move: (event) => this.pointerMove(event),
      up: () => this.finish(),
    });
    this.root.onkeydown = (event) => this.keyDown(event);
    this.canvas.onblur = () => (this.finish(), this.hideCursor());
    this.watcher = new ResizeObserver(() => this.paint());
    this.watcher.observe(this.canvas);
  }

  update(component) {
    const { size, label, classes } = component.data;
    this.component = component;
    this.root.style.setProperty("--size", `${size}px`);
    this.canvas.setAttribute("aria-label", `${label}. ${HINT}`);
    if (this.drawing?.token !== component.data.token) this.open(component.data);
    this.plane.readColours();
    this.showClasses(classes);
    this.show();
  }

  // Other start points replace the drawing; the same ones find its changes again.
  open({ key, token, start, holds }) {
    const found = this.drawing ? null : drawings.get(key);
    const fresh = { token, points: start.map(([x, y, c]) => ({ x, y, c })), past: [], future: [] };
    this.drawing = found?.token === token ? found : fresh;
    this.before = this.held = this.sender.last = null;
    drawings.set(key, this.drawing);
    if (!holds && this.drawing.past.length) this.sender.changed(true);
  }

  showClasses(classes) {
    if (this.names?.join() !== classes.join()) {
      this.names = classes;
      this.chosen = 0;
      this.classButtons = classes.map((name, index) => this.classButton(name, index));
      this.classGroup.replaceChildren(...this.classButtons);
    }
    const { classes: colours } = this.plane;
    this.classButtons.forEach((made, i) => made.style.setProperty("--class", colours[i]));
  }

  text() {
    return JSON.stringify({ points: this.drawing.points });
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

  change(points) {
    this.drawing.points = points;
    this.show();
    this.sender.changed();
  }

  // What happens between begin and finish is undone as one.
  begin() {
    this.before = this.drawing.points;
  }

  finish() {
    const { drawing, before } = this;
    this.before = this.held = this.grip = null;
    if (before && before !== drawing.points) {
      drawing.past.push(before);
      drawing.future = [];
      this.sender.changed(true);
    }
    this.show();
  }

  travel(from, to) {
    if (this.before || !from.length) return;
    to.push(this.drawing.points);
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
    if (this.drawing.points.length) this.change([]);
    this.finish();
  }

  add([x, y]) {
    const { points } = this.drawing;
    if (points.length >= this.component.data.limit) return this.say("No room for more points");
    this.held = points.length;
    this.change([...points, { x, y, c: this.chosen }]);
  }

  moveHeld([x, y]) {
    const { points } = this.drawing;
    if (points[this.held].x === x && points[this.held].y === y) return;
    this.change(points.map((point, i) => (i === this.held ? { ...point, x, y } : point)));
  }

  eraseNear(place, reach) {
    const { points } = this.drawing;
    const left = points.filter((point) => this.plane.distance(point, place) > reach);
    if (left.length < points.length) this.change(left);
  }

  // The index of the nearest point within reach, or null.
  nearest(place, reach) {
    const distances = this.drawing.points.map((point) => this.plane.distance(point, place));
    const least = Math.min(...distances);
    return least <= reach ? distances.lastIndexOf(least) : null;
  }

  pointerDown(event) {
    const place = this.plane.place(event);
    const reach = REACH[event.pointerType] ?? REACH.mouse;
    this.finish();
    this.hideCursor();
    this.begin();
    if (this.erases) return this.eraseNear(place, reach);
    this.held = this.nearest(place, reach);
    this.grip = this.held === null ? null : [event.clientX, event.clientY];
    if (this.held === null) this.add(place);
  }

  pointerMove(event) {
    const place = this.plane.place(event);
    if (this.erases) this.eraseNear(place, REACH[event.pointerType] ?? REACH.mouse);
    else if (this.held !== null && this.hasLeftGrip(event)) this.moveHeld(place);
  }

  hasLeftGrip({ clientX, clientY }) {
    if (!this.grip) return true;
    if (Math.hypot(clientX - this.grip[0], clientY - this.grip[1]) <= TREMBLE) return false;
    this.grip = null;
    return true;
  }

  keyDown(event) {
    if (historyKey(this, event)) return keep(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "e") this.toggleEraser();
    else if (this.classButtons[Number(event.key) - 1]) this.choose(Number(event.key) - 1);
    else if (event.target !== this.canvas || !this.canvasKey(event)) return;
    keep(event);
  }

  canvasKey(event) {
    const step = ARROWS[event.key];
    if (step) this.moveCursor(step, event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.useCursor();
    else if (event.key.toLowerCase() === "m") this.grasp();
    else return false;
    return true;
  }

  moveCursor([right, down], times) {
    const step = (times * this.component.data.extent) / 24;
    const [x, y] = this.cursor;
    this.cursor = [this.plane.inside(x + right * step), this.plane.inside(y - down * step)];
    this.cursorShown = true;
    if (this.held !== null) this.moveHeld(this.cursor);
    this.show();
    this.say(this.cursorText());
  }

  useCursor() {
    if (this.held !== null) return this.finish();
    this.cursorShown = true;
    this.begin();
    if (this.erases) this.eraseNear(this.cursor, REACH.pen);
    else this.add(this.cursor);
    this.finish();
    this.say(this.count.textContent);
  }

  // M picks up the point at the cursor; M or Space puts it down.
  grasp() {
    if (this.held !== null) return this.finish();
    this.held = this.nearest(this.cursor, REACH.touch);
    if (this.held === null) return this.say("No point near the cursor");
    this.begin();
    this.show();
    this.say("Point picked up");
  }

  cursorText() {
    const at = this.nearest(this.cursor, REACH.mouse);
    const on = at === null ? "" : `, on a point of ${this.names[this.drawing.points[at].c]}`;
    return `x1 ${minus(this.cursor[0])}, x2 ${minus(this.cursor[1])}${on}`;
  }

  hideCursor() {
    this.cursorShown = false;
    this.show();
  }

  choose(index) {
    this.chosen = index;
    this.erases = false;
    this.show();
  }

  toggleEraser() {
    this.erases = !this.erases;
    this.show();
    this.say(this.erases ? "Eraser" : "Adding points");
  }

  say(text) {
    this.status.textContent = text;
  }

  show() {
    this.showTools();
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  showTools() {
    const { points, past, future } = this.drawing;
    this.classButtons.forEach((made, i) => press(made, i === this.chosen && !this.erases));
    press(this.buttons.eraser, this.erases);
    this.buttons.undo.disabled = !past.length;
    this.buttons.redo.disabled = !future.length;
    this.buttons.clear.disabled = !points.length;
    this.count.textContent = this.countText();
  }

  countText() {
    const { points } = this.drawing;
    const of = (index) => points.filter((point) => point.c === index).length;
    const parts = this.names.map((name, index) => `${of(index)} ${name}`);
    return `${points.length} point${points.length === 1 ? "" : "s"}: ${parts.join(", ")}`;
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.canvas.clientWidth) return;
    this.plane.measure(this.component.data.extent);
    this.plane.paint(this.drawing.points, this.held, this.cursorShown && this.cursor);
  }
}

const pointsPads = new WeakMap();

export default function (component) {
  return mount(pointsPads, PointsPad, component);
}
