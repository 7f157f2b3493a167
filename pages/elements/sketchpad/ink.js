// The digit pad: brush, eraser, history and a keyboard cursor on 28 × 28 cells.

const HINT = "Draw, or move with the arrow keys and hold Space. E erases, Ctrl+Z undoes.";

class InkPad {
  constructor(component) {
    this.component = component;
    this.cursor = [13, 13];
    this.brush = "medium";
    this.erases = false;
    this.mark = null;
    this.kept = inkContext();
    this.build(component.parentElement);
    this.sender = new Sender(() => this.image(), (ink) => this.write(ink));
    this.listen();
  }

  build(parent) {
    this.context = inkContext({ tabindex: "0", role: "application", class: "surface" });
    this.canvas = this.context.canvas;
    this.marker = element("div", { class: "cursor", hidden: "" });
    this.status = element("p", { class: "unseen", role: "status" });
    this.label = element("div", { class: "label" });
    const sheet = element("div", { class: "sheet ink" }, this.canvas, this.marker);
    this.root = element("div", { class: "pad" }, this.label);
    this.root.append(element("div", { class: "body" }, sheet, this.side()), this.status);
    parent.append(this.root);
  }

  side() {
    this.small = element("canvas", { width: CELLS, height: CELLS, "aria-hidden": "true" });
    const caption = element("figcaption", {}, "Your ink in 28 × 28 pixels");
    const preview = element("figure", { class: "preview" }, this.small, caption);
    const hint = element("p", { class: "hint" }, HINT);
    return element("div", { class: "side" }, this.tools(), preview, hint);
  }

  tools() {
    this.buttons = historyButtons(this);
    for (const brush of Object.keys(BRUSHES)) this.buttons[brush] = this.brushButton(brush);
    this.buttons.eraser = button("eraser", "Eraser (E)", ICONS.eraser, () => this.toggleEraser());
    const { thin, medium, thick, eraser, undo, redo, clear } = this.buttons;
    const pens = group("Brush", thin, medium, thick, eraser);
    return element("div", { class: "tools" }, pens, group("History", undo, redo, clear));
  }

  brushButton(brush) {
    return button(brush, `Brush: ${brush}`, ICONS[brush], () => {
      this.brush = brush;
      this.erases = false;
      this.showTools();
    });
  }

  listen() {
    followPointer(this.canvas, {
      down: (event) => (this.hideCursor(), this.begin(this.place(event))),
      move: (event) => this.extend(...coalesced(event).map((one) => this.place(one))),
      up: () => this.finish(),
    });
    this.root.onkeydown = (event) => this.keyDown(event);
    this.canvas.onkeyup = (event) => this.keyUp(event);
    this.canvas.onblur = () => (this.hideCursor(), this.finish());
  }

  update(component) {
    const { key, label, size, token, holds } = component.data;
    this.component = component;
    this.label.textContent = label;
    this.canvas.setAttribute("aria-label", `${label}. ${HINT}`);
    this.root.style.setProperty("--size", `${size}px`);
    this.colour = getComputedStyle(this.canvas).color;
    if (this.drawing?.token !== token) this.open(key, token, holds);
    else this.repaint();
  }

  // Another clear token starts on empty paper; the same one finds its strokes again.
  open(key, token, holds) {
    const found = this.drawing ? null : drawings.get(key);
    this.mark = this.sender.last = null;
    this.drawing = found?.token === token ? found : { token, marks: [], undone: [] };
    drawings.set(key, this.drawing);
    this.repaint();
    if (!holds && this.drawing.marks.length) this.sender.changed(true);
  }

  write(ink) {
    const { token } = this.drawing;
    this.component.setStateValue("ink", ink === null ? null : { image: ink, token });
  }

  destroy() {
    this.sender.stop();
    this.root.remove();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const along = (at, from, length) => ((at - from) / length) * CELLS;
    return [along(event.clientX, box.left, box.width), along(event.clientY, box.top, box.height)];
  }

  begin(point) {
    const width = BRUSHES[this.brush] * (this.erases ? ERASER : 1);
    this.mark = { erases: this.erases, width, path: [point] };
    this.changed();
  }

  extend(...points) {
    if (!this.mark) return;
    this.mark.path.push(...points);
    this.changed();
  }

  finish() {
    const { mark } = this;
    this.mark = null;
    if (mark) this.add(mark);
  }

  add(mark) {
    this.drawing.marks.push(mark);
    this.drawing.undone = [];
    this.rewrite();
  }

  undo() {
    const mark = this.drawing.marks.pop();
    if (mark) this.drawing.undone.push(mark);
    this.rewrite();
  }

  redo() {
    const mark = this.drawing.undone.pop();
    if (mark) this.drawing.marks.push(mark);
    this.rewrite();
  }

  clear() {
    if (this.visible().length) this.add({ wipes: true });
  }

  // The marks since the last wipe.
  visible() {
    const { marks } = this.drawing;
    return marks.slice(marks.findLastIndex((mark) => mark.wipes) + 1);
  }

  rewrite() {
    this.repaint();
    this.sender.changed(true);
  }

  repaint() {
    this.kept.clearRect(0, 0, CELLS * FINE, CELLS * FINE);
    for (const mark of this.visible()) paintMark(this.kept, mark, this.colour);
    this.paint();
    this.showTools();
  }

  changed() {
    this.frame ??= requestAnimationFrame(() => this.paint());
    this.sender.changed();
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.context.clearRect(0, 0, CELLS * FINE, CELLS * FINE);
    this.context.drawImage(this.kept.canvas, 0, 0);
    if (this.mark) paintMark(this.context, this.mark, this.colour);
    this.cells = averageCells(this.context);
    this.showSmall();
  }

  showSmall() {
    const [red, green, blue] = this.colour.match(/[\d.]+/g).map(Number);
    const picture = new ImageData(CELLS, CELLS);
    this.cells.forEach((ink, i) => picture.data.set([red, green, blue, ink], 4 * i));
    this.small.getContext("2d").putImageData(picture, 0, 0);
  }

  // Base64 of the 784 cells, or null while all of them are paper.
  image() {
    this.paint();
    if (!this.cells.some((ink) => ink > 0)) return null;
    return btoa(String.fromCharCode(...this.cells));
  }

  showTools() {
    for (const brush of Object.keys(BRUSHES))
      press(this.buttons[brush], brush === this.brush && !this.erases);
    press(this.buttons.eraser, this.erases);
    this.buttons.undo.disabled = !this.drawing.marks.length;
    this.buttons.redo.disabled = !this.drawing.undone.length;
    this.buttons.clear.disabled = !this.visible().length;
  }

  toggleEraser() {
    this.erases = !this.erases;
    this.showTools();
    this.say(this.erases ? "Eraser" : "Brush");
  }

  keyDown(event) {
    if (historyKey(this, event)) return keep(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "e") this.toggleEraser();
    else if (event.target !== this.canvas || !this.canvasKey(event)) return;
    keep(event);
  }

  canvasKey(event) {
    const step = ARROWS[event.key];
    if (step) this.moveCursor(step, event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.inkCursor(event);
    else return false;
    return true;
  }

  keyUp(event) {
    if (event.key === " " || event.key === "Enter") this.finish();
  }

  inkCursor(event) {
    if (!event.repeat) this.begin(this.cursorCentre());
    this.showCursor();
  }

  moveCursor([right, down], cells) {
    const inside = (at) => Math.max(0, Math.min(CELLS - 1, at));
    this.cursor = [inside(this.cursor[0] + right * cells), inside(this.cursor[1] + down * cells)];
    this.extend(this.cursorCentre());
    this.showCursor();
  }

  cursorCentre() {
    return this.cursor.map((cell) => cell + 0.5);
  }

  showCursor() {
    const [column, row] = this.cursor;
    this.marker.hidden = false;
    this.marker.style.left = `${(100 * column) / CELLS}%`;
    this.marker.style.top = `${(100 * row) / CELLS}%`;
    this.say(`Column ${column + 1}, row ${row + 1}`);
  }

  hideCursor() {
    this.marker.hidden = true;
  }

  say(text) {
    this.status.textContent = text;
  }
}

const inkPads = new WeakMap();

export default function (component) {
  return mount(inkPads, InkPad, component);
}
