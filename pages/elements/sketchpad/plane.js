// The plane of the points pad: where coordinates lie on the canvas, and how it is painted.

const MARGIN = { left: 30, right: 10, top: 10, bottom: 26 }; // pixels round the plane
const RADIUS = 6; // half the size of a point, pixels
const FALLBACK = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900"];

const SHAPES = [
  (path, r) => path.arc(0, 0, r, 0, 2 * Math.PI),
  (path, r) => path.rect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r),
  (path, r) => corners(path, [[0, -1.2 * r], [1.1 * r, 0.8 * r], [-1.1 * r, 0.8 * r]]),
  (path, r) => corners(path, [[0, -1.25 * r], [1.25 * r, 0], [0, 1.25 * r], [-1.25 * r, 0]]),
  (path, r) => corners(path, [[0, 1.2 * r], [1.1 * r, -0.8 * r], [-1.1 * r, -0.8 * r]]),
];

const SHAPE_ICONS = [
  '<circle cx="12" cy="12" r="6"/>',
  '<rect x="6.5" y="6.5" width="11" height="11"/>',
  '<path d="M12 5 19 17.5H5Z"/>',
  '<path d="M12 4.5 19.5 12 12 19.5 4.5 12Z"/>',
  '<path d="M12 19 19 6.5H5Z"/>',
];

function corners(path, [first, ...rest]) {
  path.moveTo(...first);
  for (const corner of rest) path.lineTo(...corner);
  path.closePath();
}

// Round distances between ticks: about seven of them.
function tickStep(extent) {
  const rough = (2 * extent) / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}

function ticks(extent) {
  const step = tickStep(extent);
  const last = Math.floor(extent / step + 1e-9);
  return Array.from({ length: 2 * last + 1 }, (_, i) => Number(((i - last) * step).toFixed(6)));
}

const minus = (value) => String(value).replace("-", "−");

class Plane {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.extent = this.scale = 1;
    this.centre = [0, 0];
  }

  // Streamlit sets the theme as custom properties, which only the computed style resolves.
  readColours() {
    const style = getComputedStyle(this.canvas);
    const listed = style.getPropertyValue("--st-chart-categorical-colors").split(/,(?![^(]*\))/);
    this.classes = listed.length >= SHAPES.length ? listed.map((one) => one.trim()) : FALLBACK;
    this.ink = style.color;
    this.paper = style.getPropertyValue("--st-background-color").trim();
    this.accent = style.getPropertyValue("--st-primary-color").trim();
    this.font = `12px ${style.fontFamily}`;
  }

  measure(extent) {
    const ratio = window.devicePixelRatio || 1;
    this.extent = extent;
    this.side = this.canvas.clientWidth;
    this.canvas.width = this.canvas.height = Math.round(this.side * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const room = this.side - Math.max(MARGIN.left + MARGIN.right, MARGIN.top + MARGIN.bottom);
    this.scale = room / (2 * extent);
    this.centre = [MARGIN.left + room / 2, MARGIN.top + room / 2];
  }

  inside(value) {
    return Number(Math.max(-this.extent, Math.min(this.extent, value)).toFixed(3));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - this.centre[0]) / this.scale;
    const y = (this.centre[1] - (event.clientY - box.top)) / this.scale;
    return [this.inside(x), this.inside(y)];
  }

  pixel(x, y) {
    return [this.centre[0] + x * this.scale, this.centre[1] - y * this.scale];
  }

  // In pixels, since a hand aims at pixels.
  distance({ x, y }, [otherX, otherY]) {
    return Math.hypot(x - otherX, y - otherY) * this.scale;
  }

  paint(points, held, cursor) {
    this.context.clearRect(0, 0, this.side, this.side);
    this.paintGrid();
    points.forEach((point, i) => this.paintPoint(point, i === held));
    if (cursor) this.paintCursor(cursor);
  }

  paintGrid() {
    const { context, extent } = this;
    Object.assign(context, { strokeStyle: this.ink, fillStyle: this.ink, lineWidth: 1 });
    Object.assign(context, { font: this.font, textBaseline: "middle" });
    for (const tick of ticks(extent)) {
      context.globalAlpha = tick === 0 ? 0.4 : 0.12;
      this.line([tick, -extent], [tick, extent]);
      this.line([-extent, tick], [extent, tick]);
      this.paintTick(tick);
    }
    this.paintAxisNames();
  }

  line(from, to) {
    this.context.beginPath();
    this.context.moveTo(...this.pixel(...from));
    this.context.lineTo(...this.pixel(...to));
    this.context.stroke();
  }

  paintTick(tick) {
    const [x, y] = this.pixel(tick, tick);
    const [left, bottom] = this.pixel(-this.extent, -this.extent);
    this.context.globalAlpha = 0.75;
    this.text(minus(tick), x, bottom + 14, "center");
    this.text(minus(tick), left - 6, y, "right");
    this.context.globalAlpha = 1;
  }

  paintAxisNames() {
    const [right, bottom] = this.pixel(this.extent, -this.extent);
    const [left, top] = this.pixel(-this.extent, this.extent);
    this.text("x₁", right - 4, bottom - 10, "right");
    this.text("x₂", left + 6, top + 10, "left");
  }

  text(words, x, y, align) {
    this.context.textAlign = align;
    this.context.fillText(words, x, y);
  }

  paintPoint({ x, y, c }, held) {
    const { context } = this;
    context.save();
    context.translate(...this.pixel(x, y));
    context.beginPath();
    SHAPES[c](context, held ? RADIUS * 1.4 : RADIUS);
    Object.assign(context, { fillStyle: this.classes[c], strokeStyle: this.paper, lineWidth: 1.5 });
    context.fill();
    context.stroke();
    context.restore();
  }

  paintCursor(cursor) {
    const [x, y] = this.pixel(...cursor);
    Object.assign(this.context, { strokeStyle: this.accent, lineWidth: 2 });
    this.context.beginPath();
    this.context.arc(x, y, 11, 0, 2 * Math.PI);
    for (const [right, down] of Object.values(ARROWS)) {
      this.context.moveTo(x + 7 * right, y + 7 * down);
      this.context.lineTo(x + 15 * right, y + 15 * down);
    }
    this.context.stroke();
  }
}
