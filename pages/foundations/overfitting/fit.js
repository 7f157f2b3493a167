// What a network makes of its examples: a curve over x, or a map of two classes.
//
// Scene: kind "curve" or "plane", extent, axes, classes, show_test; arrays train_x, train_y,
// test_x, test_y and, for a curve, along and truth. Records: drawn, the curve or, as int8
// from −127 to 127, the map from top to bottom; kept, the record early stopping would keep.

const FIT_MARGIN = { left: 46, right: 12, top: 8, bottom: 42 };

class Fit {
  constructor(stage, player) {
    Object.assign(this, { stage, player });
    this.canvas = barElement("canvas", "fit-picture", stage);
    this.canvas.setAttribute("role", "img");
    this.legend = barElement("ul", "legend", stage);
    this.image = document.createElement("canvas");
  }

  scene(scene) {
    Object.assign(this, { shown: scene, theme: null });
    const n = scene.arrays.train_y.data.length;
    this.canvas.ariaLabel = `${n} training points and what the network answers around them`;
    this.span = scene.kind === "plane" ? [-scene.extent, scene.extent] : this.reach();
  }

  /** The labels of all points, training and test, with some room. */
  reach() {
    const { train_y, test_y } = this.shown.arrays;
    const most = [...train_y.data, ...test_y.data].reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    return [-1.15 * most, 1.15 * most];
  }

  draw(record) {
    if (!this.player.get("drawn", record)) return;
    if (this.theme !== this.player.theme) this.dress();
    this.size();
    this.context = sized(this.canvas, this.width, this.height);
    this.context.font = `12px ${this.theme.font}`;
    const { player } = this;
    const [kept] = player.get("kept", record);
    if (!this.twice) return this.panel(record, kept, FIT_MARGIN.left, "");
    this.panel(record, record, FIT_MARGIN.left, `Now: ${player.named(record)}`);
    this.panel(kept, kept, this.width / 2 + FIT_MARGIN.left, `Stopped early: ${player.named(kept)}`);
  }

  /** One picture of a record, with what was kept by then, its left edge at `left`. */
  panel(record, kept, left, title) {
    const { context } = this;
    this.left = left;
    if (this.shown.kind === "plane") this.drawPlane(record, kept);
    this.drawAxes(title);
    context.save();
    context.beginPath();
    context.rect(left, this.top, this.wide, this.high);
    context.clip();
    if (this.shown.kind === "curve") this.drawCurves(record, kept);
    if (this.shown.show_test) this.drawPoints("test", 2.2, 0.4);
    this.drawPoints("train", 4.6, 1);
    context.restore();
  }

  size() {
    this.width = this.stage.clientWidth;
    const { left, right, top, bottom } = FIT_MARGIN;
    const square = this.shown.kind === "plane";
    this.twice = square && this.width >= 640;
    this.top = this.twice ? 26 : top;
    this.wide = Math.max(this.width / (this.twice ? 2 : 1) - left - right, 80);
    this.high = square ? Math.min(this.wide, 360) : Math.min(Math.max(this.wide * 0.5, 220), 340);
    if (square) this.wide = this.high;
    this.height = this.high + this.top + bottom;
    this.canvas.style.height = `${this.height}px`;
  }

  x(value) {
    return this.left + ((value / this.shown.extent + 1) / 2) * this.wide;
  }

  y(value) {
    const [low, high] = this.span;
    return this.top + (1 - (value - low) / (high - low)) * this.high;
  }

  /** Colours and legend of the theme. */
  dress() {
    const { theme } = this.player;
    this.theme = theme;
    this.colours = diverging(theme);
    const plane = this.shown.kind === "plane";
    const entries = plane
      ? [["square", theme.diverging[0], this.shown.classes[0]], ["disc", theme.diverging.at(-1), this.shown.classes[1]]]
      : [["disc", theme.categorical[0], "training points"], ["dotted", theme.text, "the truth without noise"]];
    const line = plane ? "boundary" : "network";
    entries.push(["line", plane ? theme.text : theme.primary, line]);
    entries.push(["dashed", plane ? theme.text : theme.categorical[1], "stopped early"]);
    this.legend.replaceChildren(...entries.map(([kind, colour, text]) => this.entry(kind, colour, text)));
  }

  entry(kind, colour, text) {
    const item = document.createElement("li");
    const mark = barElement("i", `fit-${kind}`, item);
    mark.style.setProperty("--ink", colour);
    item.append(text);
    return item;
  }

  drawAxes(title) {
    const { context, theme, shown: scene, left, top } = this;
    context.textBaseline = "middle";
    context.lineWidth = 1;
    context.fillStyle = faded(theme.text, 0.8);
    context.strokeStyle = faded(theme.text, scene.kind === "plane" ? 0 : 0.12);
    for (const tick of this.ticks(-scene.extent, scene.extent)) {
      context.textAlign = "center";
      context.stroke(new Path2D(`M${this.x(tick)} ${top}v${this.high}`));
      context.fillText(tickText(tick, 1), this.x(tick), top + this.high + 12);
    }
    for (const tick of this.ticks(...this.span)) {
      context.textAlign = "right";
      context.stroke(new Path2D(`M${left} ${this.y(tick)}h${this.wide}`));
      context.fillText(tickText(tick, 1), left - 7, this.y(tick));
    }
    context.textAlign = "center";
    context.fillText(scene.axes[0], left + this.wide / 2, top + this.high + 30);
    context.save();
    context.translate(left - 36, top + this.high / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(scene.axes[1], 0, 0);
    context.restore();
    context.textAlign = "left";
    context.fillText(title, left, 10);
  }

  ticks(low, high) {
    const step = Math.max(niceAbove((high - low) / 6), 1);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  }

  drawCurves(record, kept) {
    const { theme, player, shown: scene } = this;
    this.stroke(scene.arrays.truth.data, theme.text, 1.6, [2, 4], 0.75);
    if (kept !== record) this.stroke(player.get("drawn", kept), theme.categorical[1], 2.2, [8, 5], 1);
    this.stroke(player.get("drawn", record), theme.primary, 3, [], 1);
  }

  stroke(values, colour, width, dash, alpha) {
    const { context } = this;
    const along = this.shown.arrays.along.data;
    const path = new Path2D();
    values.forEach((value, i) => path.lineTo(this.x(along[i]), this.y(value)));
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
    context.setLineDash(dash);
    context.stroke(path);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  drawPlane(record, kept) {
    const { context, image, player, theme } = this;
    const values = player.get("drawn", record);
    const side = Math.round(Math.sqrt(values.length));
    if (image.width !== side) image.width = image.height = side;
    const paper = image.getContext("2d");
    const pixels = paper.createImageData(side, side);
    for (let p = 0; p < values.length; p += 1) {
      const shade = 3 * (values[p] + 128);
      pixels.data.set([this.colours[shade], this.colours[shade + 1], this.colours[shade + 2], 255], 4 * p);
    }
    paper.putImageData(pixels, 0, 0);
    context.imageSmoothingQuality = "high";
    // The outermost values lie on the edge: half a pixel of the picture is cut off.
    context.drawImage(image, 0.5, 0.5, side - 1, side - 1, this.left, this.top, this.wide, this.high);
    if (kept !== record) this.outline(player.get("drawn", kept), side, [7, 5], theme.text);
    this.outline(values, side, [], theme.text);
  }

  /** Where the classes are equally likely. */
  outline(values, side, dash, colour) {
    const { context } = this;
    context.save();
    context.translate(this.left, this.top);
    context.setLineDash(dash);
    Object.assign(context, { strokeStyle: colour, lineWidth: dash.length ? 1.4 : 2 });
    context.stroke(fitBoundary(values, side, this.wide));
    context.restore();
  }

  drawPoints(part, radius, alpha) {
    const { context, theme, shown: scene } = this;
    const [x, y] = [scene.arrays[`${part}_x`].data, scene.arrays[`${part}_y`].data];
    const plane = scene.kind === "plane";
    context.globalAlpha = alpha;
    context.strokeStyle = theme.background;
    context.lineWidth = 1.3;
    for (let p = 0; p < y.length; p += 1) {
      const [px, py] = plane ? [this.x(x[2 * p]), this.y(x[2 * p + 1])] : [this.x(x[p]), this.y(y[p])];
      context.beginPath();
      if (plane && y[p] < 0) context.rect(px - 0.9 * radius, py - 0.9 * radius, 1.8 * radius, 1.8 * radius);
      else context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fillStyle = plane ? theme.diverging.at(y[p] < 0 ? 0 : -1) : theme.categorical[0];
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  describe(record) {
    const [kept] = this.player.get("kept", record);
    return `Early stopping would keep ${this.player.named(kept)}.`;
  }

  resize() {}

  destroy() {}
}

function fitDrawing(stage, player) {
  return new Fit(stage, player);
}
