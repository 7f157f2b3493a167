// Predicted against true values of rows that no network was trained with.
//
// Scene: centre, scale, money, target, names, picked, unit; arrays truth (N), standardised.
// Records: predicted (N) and spread (N), both in units of the scene.

const BAND_DOLLARS = [12500, 25000, 50000, 100000, 200000, 400000, 800000];

class BandScatter {
  constructor(band, scene) {
    Object.assign(this, { band, scene, over: -1, player: band.player });
    const truth = scene.arrays.truth.data;
    const [low, high] = truth.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    const room = 0.06 * (high - low || 1);
    this.span = [low - room, high + room];
  }

  x(value) {
    const [low, high] = this.span;
    return this.left + ((value - low) / (high - low)) * this.wide;
  }

  y(value) {
    const [low, high] = this.span;
    const share = (value - low) / (high - low);
    // What lies outside is drawn at the edge, so that no row is lost from sight.
    return BAND_MARGIN.top + (1 - Math.min(Math.max(share, 0.005), 0.995)) * this.band.high;
  }

  dress() {
    const { theme, legend } = this.band;
    this.stops = [mix([theme.background, theme.text], 0.42), theme.categorical[1]];
    const scale = document.createElement("li");
    const bar = barElement("i", "band-scale", scale);
    bar.style.background = `linear-gradient(90deg, ${this.stops.map((stop) => `rgb(${rgbOf(stop)})`).join(", ")})`;
    scale.append("members agree → disagree (σ)");
    const on = bandEntry("line", theme.text, "on this line the answer is right");
    legend.replaceChildren(on, scale);
  }

  draw(record) {
    const { band } = this;
    this.left = BAND_MARGIN.left + 26;
    this.wide = band.width - this.left - BAND_MARGIN.right;
    this.drawAxes();
    this.place(record);
    this.drawDots();
    if (this.scene.picked >= 0) this.ring(this.scene.picked, 9, 3);
    if (this.over >= 0) this.drawName(record);
  }

  drawAxes() {
    const { context, theme, high } = this.band;
    const { top } = BAND_MARGIN;
    context.textBaseline = "middle";
    context.lineWidth = 1;
    context.fillStyle = faded(theme.text, 0.8);
    context.strokeStyle = faded(theme.text, 0.12);
    for (const [value, text] of this.ticks()) {
      context.textAlign = "center";
      context.stroke(new Path2D(`M${this.x(value)} ${top}v${high}`));
      context.fillText(text, this.x(value), top + high + 13);
      context.textAlign = "right";
      context.stroke(new Path2D(`M${this.left} ${this.y(value)}h${this.wide}`));
      context.fillText(text, this.left - 6, this.y(value));
    }
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    const [low, far] = this.span;
    context.stroke(new Path2D(`M${this.x(low)} ${top + high}L${this.x(far)} ${top}`));
    context.textAlign = "center";
    context.fillText(`true ${this.scene.target}`, this.left + this.wide / 2, top + high + 32);
    context.save();
    context.translate(11, top + high / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(`predicted ${this.scene.target}`, 0, 0);
    context.restore();
  }

  /** Places and texts of the ticks; dollars lie where their logarithms do. */
  ticks() {
    const { centre, scale, money } = this.scene;
    const [low, high] = this.span.map((value) => centre + scale * value);
    if (money) {
      const inside = BAND_DOLLARS.filter((v) => Math.log10(v) >= low && Math.log10(v) <= high);
      return inside.map((v) => [(Math.log10(v) - centre) / scale, `$${v / 1000}k`]);
    }
    const step = niceAbove((high - low) / 6);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => {
      const value = (first + i) * step;
      return [(value - centre) / scale, tickText(value, step)];
    });
  }

  place(record) {
    const { unit, arrays } = this.scene;
    const [predicted, spread] = [this.player.get("predicted", record), this.player.get("spread", record)];
    const truth = arrays.truth.data;
    this.dots = Array.from(truth, (value, i) => ({
      i,
      px: this.x(value),
      py: this.y(predicted[i] / unit),
      truth: value,
      predicted: predicted[i] / unit,
      spread: spread[i] / unit,
    }));
  }

  /** The shade of a spread: a quarter of the target's deviation is the most that is told apart. */
  colour(spread) {
    return Math.min(Math.round((24 * spread) / 0.25), 24);
  }

  drawDots() {
    const { context, theme } = this.band;
    const shades = Array.from({ length: 25 }, (_, i) => `rgb(${mix(this.stops, i / 24).join(",")})`);
    const sorted = [...this.dots].sort((a, b) => a.spread - b.spread);
    context.lineWidth = 0.8;
    context.strokeStyle = theme.background;
    context.globalAlpha = 0.85;
    for (const dot of sorted) {
      context.fillStyle = shades[this.colour(dot.spread)];
      context.beginPath();
      context.arc(dot.px, dot.py, 4.4, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  ring(i, radius, width) {
    const { context, theme } = this.band;
    context.beginPath();
    context.arc(this.dots[i].px, this.dots[i].py, radius, 0, 2 * Math.PI);
    Object.assign(context, { lineWidth: width, strokeStyle: theme.text });
    context.stroke();
  }

  hover(px, py) {
    let [best, least] = [-1, 16 * 16];
    for (const dot of this.dots ?? []) {
      const apart = (dot.px - px) ** 2 + (dot.py - py) ** 2;
      if (apart < least) [best, least] = [dot.i, apart];
    }
    if (best === this.over) return;
    this.over = best;
    this.band.canvas.style.cursor = best >= 0 ? "pointer" : "";
    this.player.redraw();
  }

  pick() {
    if (this.over < 0) return;
    this.scene.picked = this.over;
    this.player.emit("pick", { index: this.over });
    this.player.redraw();
  }

  key(key) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (key === "Enter") return this.pick();
    if (!by) return;
    this.over = (this.over + by + this.dots.length) % this.dots.length;
    this.player.redraw();
  }

  /** A standardised value as people read it. */
  said(value) {
    const { centre, scale, money } = this.scene;
    const own = centre + scale * value;
    if (!money) return shown(own);
    return `$${decimal(Math.round(10 ** own / 100) * 100, 0)}`;
  }

  drawName() {
    const { context, theme, width } = this.band;
    const { i, px, py, truth, predicted } = this.dots[this.over];
    this.ring(i, 8, 2);
    const text = `${this.scene.names[i]}: true ${this.said(truth)}, predicted ${this.said(predicted)}`;
    context.font = `13px ${theme.font}`;
    const wide = context.measureText(text).width + 14;
    const left = Math.min(Math.max(px - wide / 2, 2), width - wide - 2);
    bandTag(context, text, left, py > 60 ? py - 38 : py + 14, wide, theme.text, theme);
  }

  describe() {
    if (!this.dots?.length) return "";
    const apart = this.dots.map((dot) => Math.abs(dot.truth - dot.predicted)).sort((a, b) => a - b);
    const median = apart[Math.floor(apart.length / 2)] * this.scene.scale;
    const kind = this.scene.money ? `${shown(100 * (10 ** median - 1))}\u00a0% of the price` : shown(median);
    return `${this.dots.length} test rows; half of the answers are off by at most ${kind}.`;
  }
}
