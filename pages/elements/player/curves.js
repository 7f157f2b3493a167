// Curves over all records held, with the play head as a cursor.

const CURVE_DASHES = [[], [6, 4], [2, 3], [9, 3, 2, 3]];
const CURVE_HEIGHT = 190;
const CURVE_MARGIN = { left: 46, top: 30, bottom: 36 };

function decimal(value, digits) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString("en", options);
}

/** A number as people read it: three digits or so, exponents only where they must be. */
function shown(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const minus = (text) => text.replace("-", "−");
  if (size !== 0 && (size < 5e-4 || size >= 1e6)) return minus(value.toExponential(1));
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return minus(decimal(value, digits));
}

/** A tick's label: only the digits that its distance to the next one needs. */
function tickText(value, step) {
  const size = Math.abs(value);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const extreme = value !== 0 && (size < 1e-4 || size >= 1e5);
  return (extreme ? value.toExponential(0) : decimal(value, digits)).replace("-", "−");
}

/** The smallest of 1, 2, 5 × 10^k that is not below a positive value. */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((m) => m * power).find((nice) => nice >= value * (1 - 1e-9));
}

/** Move labels apart, in the order of their y, and keep them between `top` and `bottom`. */
function curveApart(labels, top, bottom, most) {
  const gap = Math.min(most, (bottom - top) / Math.max(labels.length - 1, 1));
  let free = top;
  for (const label of labels) free = (label.y = Math.max(label.y, free)) + gap;
  let last = bottom;
  for (const label of labels.toReversed()) last = (label.y = Math.min(label.y, last)) - gap;
}

class Curve {
  constructor(host, spec, player) {
    this.spec = spec;
    this.player = player;
    // A share, such as an accuracy, travels as 0.98 and is drawn and said as 98 %.
    this.times = spec.unit === "share" ? 100 : 1;
    this.unit = spec.unit === "share" ? "%" : spec.unit;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "curve";
    this.canvas.setAttribute("role", "img");
    this.hover = null;
    host.append(this.canvas);
    this.listen();
  }

  /** What a series has at a record, in the unit of this chart. */
  value(series, record) {
    return this.times * this.player.records.value(series, record);
  }

  /** A value of this chart as text: counts are whole, per cents end in a sign. */
  text(value) {
    const percent = this.unit === "%";
    if (!Number.isFinite(value) || !(this.whole || percent)) return shown(value);
    return decimal(value, this.whole ? 0 : 1) + (percent ? "\u00a0%" : "");
  }

  /** The chart in words, as "Loss: training 0.042, test 0.051". */
  told(record) {
    const parts = this.spec.series.map((s) => `${s.label} ${this.text(this.value(s, record))}`);
    return `${this.spec.title}: ${parts.join(", ")}`;
  }

  get title() {
    const { title } = this.spec;
    return this.unit ? `${title} (${this.unit})` : title;
  }

  /** The chart's name for those who cannot see it; told anew when the picture rests. */
  name() {
    const { canvas, player } = this;
    if (player.moving && canvas.ariaLabel) return;
    const told = this.told(player.record);
    if (canvas.ariaLabel !== told) canvas.ariaLabel = told;
  }

  listen() {
    const { canvas, player } = this;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      player.seek(this.recordAt(event.offsetX));
    };
    canvas.onpointermove = (event) => {
      this.hover = this.recordAt(event.offsetX);
      if (event.buttons & 1) player.seek(this.hover);
      player.redraw();
    };
    canvas.onpointerleave = () => {
      this.hover = null;
      player.redraw();
    };
  }

  recordAt(x) {
    const share = (x - CURVE_MARGIN.left) / Math.max(this.plotWidth, 1);
    const record = Math.round(share * this.end);
    return Math.min(Math.max(record, 0), Math.max(this.player.n - 1, 0));
  }

  /** Widen the range of values by the records that came since the last look. */
  scan() {
    const { records } = this.player;
    if (this.records !== records) {
      Object.assign(this, { records, seen: 0, low: Infinity, high: -Infinity, first: 0, whole: true });
    }
    for (; this.seen < records.n; this.seen += 1) {
      for (const series of this.spec.series) {
        const value = this.value(series, this.seen);
        if (!Number.isFinite(value) || (this.spec.log && value <= 0)) continue;
        this.low = Math.min(this.low, value);
        this.high = Math.max(this.high, value);
        this.whole &&= Math.abs(value - Math.round(value)) <= (this.times - 1) * 1e-6;
        if (this.seen === 0) this.first = Math.max(this.first, Math.abs(value));
      }
    }
  }

  /** The last record and the values that the axes reach to, and where their ticks are. */
  scale() {
    const { n, records } = this.player;
    const reach = records.complete ? n - 1 : Math.min(records.total - 1, niceAbove(Math.max(n - 1, 50)));
    this.end = Math.max(reach, 1);
    let [low, high] = Number.isFinite(this.low) ? [this.low, this.high] : [0, 1];
    // The last records of a run that diverged would flatten everything before them.
    if (records.end === "diverged" && this.first > 0) high = Math.min(high, 20 * this.first);
    if (this.spec.log) return this.logarithmic(low, Math.max(high, low * 1.01));
    if (low >= 0 && low < high / 2) low = 0;
    const step = niceAbove(Math.max(high - low, Math.abs(high) * 1e-3, 1e-9) / 5);
    this.bottom = Math.floor(low / step + 1e-6) * step;
    this.top = Math.max(Math.ceil(high / step - 1e-6) * step, this.bottom + step);
    const count = Math.round((this.top - this.bottom) / step);
    this.ticks = Array.from({ length: count + 1 }, (_, i) => [
      this.bottom + i * step,
      tickText(this.bottom + i * step, step),
    ]);
  }

  logarithmic(low, high) {
    [this.bottom, this.top] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    if (this.top === this.bottom) this.top += 1;
    const step = Math.ceil((this.top - this.bottom) / 5);
    this.ticks = [];
    for (let power = this.bottom; power <= this.top; power += step) {
      this.ticks.push([power, tickText(10 ** power, 10 ** power)]);
    }
  }

  x(record) {
    return CURVE_MARGIN.left + (record / this.end) * this.plotWidth;
  }

  y(value) {
    const height = CURVE_HEIGHT - CURVE_MARGIN.top - CURVE_MARGIN.bottom;
    return CURVE_MARGIN.top + (1 - (value - this.bottom) / (this.top - this.bottom)) * height;
  }

  place(series, record) {
    const value = this.value(series, record);
    return this.y(this.spec.log ? Math.log10(value) : value);
  }

  /** The lines, made anew only when records, size or axes have changed. */
  lines() {
    const state = [this.player.n, this.width, this.end, this.bottom, this.top].join();
    if (this.state !== state || this.linesOf !== this.records) {
      [this.state, this.linesOf] = [state, this.records];
      this.paths = this.spec.series.map((series) => this.line(series));
    }
    return this.paths;
  }

  /** One line; where records are closer than pixels, the range of each pixel column. */
  line(series) {
    const path = new Path2D();
    const perColumn = Math.max(1, Math.floor(this.end / Math.max(this.plotWidth, 1)));
    let broken = true;
    for (let from = 0; from < this.player.n; from += perColumn) {
      let [low, high] = [Infinity, -Infinity];
      for (let r = from; r < Math.min(from + perColumn, this.player.n); r += 1) {
        const y = this.place(series, r);
        if (y < low) low = y;
        if (y > high) high = y;
      }
      const missing = !(Number.isFinite(low) && Number.isFinite(high));
      if (!missing) path[broken ? "moveTo" : "lineTo"](this.x(from), low);
      if (!missing && high > low) path.lineTo(this.x(from), high);
      broken = missing;
    }
    return path;
  }

  draw() {
    const { player, canvas } = this;
    this.width = canvas.clientWidth;
    if (!player.n || !this.width) return;
    this.context = sized(canvas, this.width, CURVE_HEIGHT);
    this.context.font = `12px ${player.theme.font}`;
    this.scan();
    this.divide();
    this.scale();
    this.drawAxes();
    this.drawLines();
    this.drawLabels();
    this.drawCursor(player.record, player.theme.text, 0.55);
    this.name();
    if (this.hover !== null) this.drawReading(Math.min(this.hover, player.n - 1));
  }

  /** What the names and values at the right leave of the width; values stand below on a phone. */
  divide() {
    const { context, spec } = this;
    const widest = (texts) => Math.max(...texts.map((text) => context.measureText(text).width));
    const names = widest(spec.series.map(({ label }) => label));
    const numbers = widest([this.text(this.low), this.text(this.high), this.unit === "%" ? "99.9\u00a0%" : "0.000"]);
    const beside = 42 + names + numbers;
    this.inline = beside < 0.36 * this.width || spec.series.length > 4;
    this.named = this.inline ? beside : 32 + Math.max(names, numbers);
    this.plotWidth = this.width - CURVE_MARGIN.left - Math.ceil(this.named) - 2;
  }

  drawAxes() {
    const { context, player } = this;
    context.lineWidth = 1;
    context.strokeStyle = faded(player.theme.text, 0.12);
    context.fillStyle = faded(player.theme.text, 0.75);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, text] of this.ticks) {
      const y = Math.round(this.y(value)) + 0.5;
      context.stroke(new Path2D(`M${CURVE_MARGIN.left} ${y}h${this.plotWidth}`));
      context.fillText(text, CURVE_MARGIN.left - 7, y);
    }
    this.drawRecordAxis();
    context.textAlign = "left";
    context.fillStyle = player.theme.text;
    context.font = `600 12.5px ${player.theme.font}`;
    context.fillText(this.title, 0, 9);
    context.font = `12px ${player.theme.font}`;
  }

  drawRecordAxis() {
    const { context, player } = this;
    const per = player.options.units_per_record;
    const bottom = CURVE_HEIGHT - CURVE_MARGIN.bottom;
    const step = Math.max(niceAbove((this.end * per) / Math.max(this.plotWidth / 55, 1)), per);
    context.textAlign = "center";
    for (let value = 0; value <= this.end * per + 1e-9; value += step) {
      const x = this.x(value / per);
      context.fillRect(Math.round(x), bottom, 1, 4);
      context.fillText(tickText(value, step), x, bottom + 12);
    }
    context.fillText(player.options.unit, CURVE_MARGIN.left + this.plotWidth / 2, CURVE_HEIGHT - 7);
  }

  drawLines() {
    const { context, player } = this;
    const { left, top, bottom } = CURVE_MARGIN;
    const passed = Math.max(this.x(player.record) - left, 0);
    const height = CURVE_HEIGHT - top - bottom;
    context.lineJoin = "round";
    // What lies ahead of the play head has come already, but is not yet the picture's.
    for (const [from, width, alpha] of [[left + passed, this.plotWidth - passed, 0.38], [left, passed, 1]]) {
      context.save();
      context.beginPath();
      context.rect(from, top - 2, width, height + 4);
      context.clip();
      context.globalAlpha = alpha;
      this.lines().forEach((path, i) => this.stroke(path, i));
      context.restore();
    }
  }

  stroke(path, i) {
    this.context.lineWidth = 2;
    this.context.strokeStyle = this.colour(i);
    this.context.setLineDash(CURVE_DASHES[this.style(i) % CURVE_DASHES.length]);
    this.context.stroke(path);
    this.context.setLineDash([]);
  }

  colour(i) {
    const { categorical } = this.player.theme;
    return categorical[this.style(i) % categorical.length];
  }

  /** The same label looks the same in every chart of a player. */
  style(i) {
    const labels = this.player.options.curves.flatMap(({ series }) => series.map((s) => s.label));
    return [...new Set(labels)].indexOf(this.spec.series[i].label);
  }

  /** Each line's name beside its end and its value here, pushed apart where ends meet. */
  drawLabels() {
    const { context, player, spec, inline } = this;
    const x = CURVE_MARGIN.left + this.plotWidth + 8;
    const ends = spec.series.map((series, i) => {
      const y = this.place(series, player.n - 1);
      return { i, label: series.label, y: Number.isFinite(y) ? y : CURVE_MARGIN.top };
    });
    ends.sort((a, b) => a.y - b.y);
    const bottom = CURVE_HEIGHT - CURVE_MARGIN.bottom - (inline ? 0 : 15);
    curveApart(ends, CURVE_MARGIN.top, bottom, inline ? 15 : 31);
    context.fillStyle = player.theme.text;
    for (const end of ends) {
      this.stroke(new Path2D(`M${x} ${end.y}h18`), end.i);
      context.textAlign = "left";
      context.font = `12px ${player.theme.font}`;
      context.fillText(end.label, x + 24, end.y + 0.5);
      context.font = `600 12px ${player.theme.font}`;
      const value = this.text(this.value(spec.series[end.i], player.record));
      if (inline) context.textAlign = "right";
      context.fillText(value, inline ? this.width - 1 : x + 24, end.y + (inline ? 0.5 : 15));
    }
    context.font = `12px ${player.theme.font}`;
  }

  drawCursor(record, colour, alpha) {
    const { context, spec } = this;
    const x = this.x(record);
    context.fillStyle = faded(colour, alpha);
    context.fillRect(Math.round(x) - 0.5, CURVE_MARGIN.top - 4, 1, this.y(this.bottom) - CURVE_MARGIN.top + 4);
    spec.series.forEach((series, i) => {
      const y = this.place(series, record);
      if (!(y >= CURVE_MARGIN.top - 2)) return;
      context.beginPath();
      context.arc(x, y, 4, 0, 2 * Math.PI);
      context.fillStyle = this.colour(i);
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = this.player.theme.background;
      context.stroke();
    });
  }

  /** The values of all series at the record under the pointer. */
  drawReading(record) {
    const { context, player, spec } = this;
    const { theme } = player;
    this.drawCursor(record, theme.text, 0.9);
    const rows = spec.series.map((s) => `${s.label}  ${this.text(this.value(s, record))}`);
    rows.unshift(player.named(record));
    const width = Math.max(...rows.map((row) => context.measureText(row).width)) + 20;
    const right = this.x(record) + 12 + width <= this.width;
    const x = right ? this.x(record) + 12 : Math.max(this.x(record) - 12 - width, 0);
    context.beginPath();
    context.roundRect(x, CURVE_MARGIN.top, width, rows.length * 17 + 11, 6);
    context.fillStyle = theme.background;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = faded(theme.text, 0.25);
    context.stroke();
    context.fillStyle = theme.text;
    rows.forEach((row, i) => context.fillText(row, x + 10, CURVE_MARGIN.top + 15 + i * 17));
  }
}
