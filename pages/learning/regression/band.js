// An ensemble's answers: curves with the band of their doubt, or predicted against true values.
//
// Scene: kind "curve": extent, losses (names), members (of each loss), unit; arrays along,
// truth (optional), x, y, born, gone, is_outlier, test_x, test_y. Records: members (M, G).
// Kind "scatter" is drawn in band_scatter.js.

const BAND_MARGIN = { left: 46, right: 16, top: 10, bottom: 42 };
const BAND_DASHES = [[], [12, 5], [3, 4]];
const BAND_REACH = 14; // pixels within which a point is taken hold of

class Band {
  constructor(stage, player) {
    Object.assign(this, { stage, player, added: [], erased: [], erasing: false, cursor: null });
    this.tools = barElement("div", "band-tools", stage);
    this.canvas = barElement("canvas", "band-picture", stage);
    this.canvas.setAttribute("role", "application");
    this.legend = barElement("ul", "legend", stage);
    this.canvas.tabIndex = 0;
    this.canvas.dataset.keys = "own";
    this.buildTools();
    this.listen();
  }

  buildTools() {
    this.buttons = ["Add points", "Erase points"].map((text, place) => {
      const button = barElement("button", "band-tool", this.tools);
      Object.assign(button, { type: "button", textContent: text });
      button.onclick = () => {
        this.erasing = place === 1;
        this.player.redraw();
      };
      return button;
    });
    barElement("span", "band-hint", this.tools).textContent =
      "Click into the chart while it trains; drag a point to make it an outlier.";
  }

  listen() {
    const { canvas } = this;
    const at = (event) => [event.offsetX, event.offsetY];
    canvas.onpointerdown = (event) => this.press(...at(event), event);
    canvas.onpointermove = (event) => this.move(...at(event));
    canvas.onpointerup = (event) => this.release(...at(event));
    canvas.onpointercancel = () => Object.assign(this, { held: null, pressed: false });
    canvas.onpointerleave = () => this.look(null);
    canvas.onkeydown = (event) => this.key(event);
    canvas.onblur = () => this.look(null);
  }

  scene(scene) {
    Object.assign(this, { shown: scene, theme: null, added: [], erased: [], held: null, hover: null });
    this.curve = scene.kind === "curve";
    this.tools.hidden = !this.curve;
    this.canvas.ariaLabel = this.curve
      ? "Points and the curves through them. Arrows move a cross, Enter adds a point, Delete erases one."
      : "Predicted against true values of the test rows. Arrows go from row to row, Enter picks one.";
    this.scatter = this.curve ? null : new BandScatter(this, scene);
  }

  // Where things are.

  size() {
    this.width = this.stage.clientWidth;
    const { left, right, top, bottom } = BAND_MARGIN;
    this.wide = Math.max(this.width - left - right, 80);
    this.high = Math.min(Math.max(this.wide * 0.4, 230), this.curve ? 290 : 330);
    this.height = this.high + top + bottom;
    this.canvas.style.height = `${this.height}px`;
  }

  px(x) {
    return BAND_MARGIN.left + ((x / this.shown.extent + 1) / 2) * this.wide;
  }

  py(y) {
    return BAND_MARGIN.top + ((1 - y / this.shown.extent) / 2) * this.high;
  }

  /** The plane's coordinates of a place of the canvas, to two digits, or null outside. */
  plane(px, py) {
    const { extent } = this.shown;
    const x = ((px - BAND_MARGIN.left) / this.wide) * 2 - 1;
    const y = 1 - ((py - BAND_MARGIN.top) / this.high) * 2;
    if (Math.max(Math.abs(x), Math.abs(y)) > 1) return null;
    return [x, y].map((value) => Math.round(value * extent * 100) / 100);
  }

  /** The points in force at a record, what was just added or erased by hand included. */
  points(record) {
    const { x, y, born, gone, is_outlier: far } = this.shown.arrays;
    const found = [];
    for (let i = 0; i < x.data.length; i += 1) {
      if (born.data[i] > record || gone.data[i] <= record) continue;
      found.push({ x: x.data[i], y: y.data[i], far: far.data[i] > 0 });
    }
    const left = found.filter((p) => !this.erased.some(([ex, ey]) => bandSame(p, ex, ey)));
    return [...left, ...this.added.map(([ax, ay]) => ({ x: ax, y: ay, far: false }))];
  }

  nearest(px, py, reach) {
    let [best, least] = [null, reach * reach];
    for (const point of this.points(this.player.record)) {
      const apart = (this.px(point.x) - px) ** 2 + (this.py(point.y) - py) ** 2;
      if (apart < least) [best, least] = [point, apart];
    }
    return best;
  }

  // What people do.

  press(px, py, event) {
    if (!this.curve) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.pressed = true;
    const point = this.nearest(px, py, event.pointerType === "touch" ? 24 : BAND_REACH);
    this.held = point && !this.erasing ? { point, px, py, at: [point.x, point.y] } : null;
  }

  move(px, py) {
    if (!this.curve) return this.scatter.hover(px, py);
    if (this.held) {
      this.held.at = this.plane(px, py) ?? this.held.at;
      this.held.far = this.held.far || Math.hypot(px - this.held.px, py - this.held.py) > 6;
    }
    this.look(this.plane(px, py));
  }

  release(px, py) {
    if (!this.curve) return this.scatter.pick();
    const { held, pressed } = this;
    Object.assign(this, { held: null, pressed: false });
    const place = this.plane(px, py) ?? held?.at;
    if (!pressed || !place) return;
    if (held?.far) return this.drag(held.point, held.at);
    if (this.erasing) this.erase(this.nearest(px, py, 26));
    else this.add(place);
  }

  add([x, y]) {
    this.added.push([x, y]);
    this.player.emit("point", { x, y });
    this.player.redraw();
  }

  erase(point) {
    if (!point) return;
    this.erased.push([point.x, point.y]);
    this.player.emit("erase", { x: bandShort(point.x), y: bandShort(point.y) });
    this.player.redraw();
  }

  drag(point, [x, y]) {
    this.erased.push([point.x, point.y]);
    this.added.push([x, y]);
    const from = { from_x: bandShort(point.x), from_y: bandShort(point.y) };
    this.player.emit("move", { x, y, ...from });
    this.player.redraw();
  }

  look(hover) {
    this.hover = hover;
    this.scatter?.hover(-1e6, -1e6);
    this.player.redraw();
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    const act = ["Enter", "Delete", "Backspace"].includes(event.key);
    if (event.key === " ") this.player.toggle();
    else if (!this.curve) this.scatter.key(event.key);
    else if (step) this.walk(step, event.shiftKey ? 1 : 0.25);
    else if (act) this.act(event.key === "Enter" && !this.erasing);
    if (event.key === " " || step || act) event.preventDefault();
  }

  walk([across, up], by) {
    const { extent } = this.shown;
    const [x, y] = this.hover ?? [0, 0];
    const kept = (value) => Math.min(Math.max(Math.round(value * 100) / 100, -extent), extent);
    this.look([kept(x + across * by), kept(y + up * by)]);
  }

  act(adds) {
    if (!this.hover) return;
    const place = this.hover;
    if (adds) this.add(place);
    else this.erase(this.nearest(this.px(place[0]), this.py(place[1]), 40));
  }

  // What is seen.

  draw(record) {
    if (!this.player.get(this.curve ? "members" : "predicted", record)) return;
    if (this.theme !== this.player.theme) this.dress();
    this.size();
    this.context = sized(this.canvas, this.width, this.height);
    this.context.font = `13px ${this.theme.font}`;
    this.buttons.forEach((button, place) => {
      button.ariaPressed = String(this.erasing === (place === 1));
    });
    if (!this.curve) return this.scatter.draw(record);
    this.drawAxes();
    this.context.save();
    this.context.beginPath();
    this.context.rect(BAND_MARGIN.left, BAND_MARGIN.top, this.wide, this.high);
    this.context.clip();
    this.drawCurves(record);
    this.drawPoints(record);
    this.context.restore();
    this.drawNames();
    this.drawReading();
  }

  get colours() {
    const { primary, categorical } = this.theme;
    return this.shown.losses.length === 1 ? [primary] : [categorical[1], categorical[2], categorical[0]];
  }

  dress() {
    this.theme = this.player.theme;
    if (!this.curve) return this.scatter.dress();
    const { theme, shown: scene } = this;
    const entries = [["disc", theme.text, "training points"]];
    if (scene.arrays.is_outlier.data.some(Boolean)) entries.push(["spike", theme.red || theme.text, "outliers"]);
    if (scene.arrays.test_x.data.length) entries.push(["ring", theme.text, "test points"]);
    if (scene.arrays.truth) entries.push(["dotted", theme.text, "the simulated truth"]);
    if (scene.losses.length === 1) {
      entries.push(["thin", this.colours[0], scene.members > 1 ? "each member" : "the only member"]);
    }
    scene.losses.forEach((name, place) => {
      entries.push([["line", "dashed", "dotted"][place], this.colours[place], this.meanName(place)]);
    });
    if (scene.members > 1) entries.push(["band", this.colours[0], "mean ± 2σ of the members"]);
    this.legend.replaceChildren(...entries.map((entry) => bandEntry(...entry)));
  }

  meanName(place) {
    const { losses, members } = this.shown;
    if (losses.length > 1) return losses[place];
    return members > 1 ? `mean of ${members}` : "1 member";
  }

  drawAxes() {
    const { context, theme, shown } = this;
    const { left, top } = BAND_MARGIN;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.fillStyle = faded(theme.text, 0.8);
    context.strokeStyle = faded(theme.text, 0.12);
    for (let tick = -shown.extent; tick <= shown.extent; tick += 2) {
      context.textAlign = "center";
      context.stroke(new Path2D(`M${this.px(tick)} ${top}v${this.high}`));
      context.fillText(tickText(tick, 1), this.px(tick), top + this.high + 13);
      context.textAlign = "right";
      context.stroke(new Path2D(`M${left} ${this.py(tick)}h${this.wide}`));
      context.fillText(tickText(tick, 1), left - 7, this.py(tick));
    }
    context.textAlign = "center";
    context.fillText("input x", left + this.wide / 2, top + this.high + 32);
    context.save();
    context.translate(13, top + this.high / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("target y", 0, 0);
    context.restore();
  }

  /** Mean and spread (G) of the curves of one loss at a record. */
  summary(record, loss) {
    const values = this.player.get("members", record);
    const { members, unit, arrays } = this.shown;
    const n = arrays.along.data.length;
    const [mean, spread] = [new Float32Array(n), new Float32Array(n)];
    for (let g = 0; g < n; g += 1) {
      let [sum, squares] = [0, 0];
      for (let m = loss * members; m < (loss + 1) * members; m += 1) sum += values[m * n + g] / unit;
      mean[g] = sum / members;
      for (let m = loss * members; m < (loss + 1) * members; m += 1) {
        squares += (values[m * n + g] / unit - mean[g]) ** 2;
      }
      spread[g] = members > 1 ? Math.sqrt(squares / (members - 1)) : 0;
    }
    return { mean, spread };
  }

  drawCurves(record) {
    const { shown: scene, theme } = this;
    this.summaries = scene.losses.map((_, loss) => this.summary(record, loss));
    this.summaries.forEach(({ mean, spread }, loss) => this.fillBand(mean, spread, this.colours[loss]));
    if (scene.losses.length === 1) this.drawMembers(record);
    if (scene.arrays.truth) this.stroke(scene.arrays.truth.data, theme.text, 2, [2, 5], 0.8);
    this.summaries.forEach(({ mean }, loss) => this.stroke(mean, this.colours[loss], 3.4, BAND_DASHES[loss], 1));
  }

  fillBand(mean, spread, colour) {
    const { context } = this;
    const along = this.shown.arrays.along.data;
    const path = new Path2D();
    for (let g = 0; g < along.length; g += 1) path.lineTo(this.px(along[g]), this.py(mean[g] + 2 * spread[g]));
    for (let g = along.length - 1; g >= 0; g -= 1) path.lineTo(this.px(along[g]), this.py(mean[g] - 2 * spread[g]));
    context.fillStyle = faded(colour, this.shown.losses.length > 1 ? 0.12 : 0.22);
    context.fill(path);
  }

  drawMembers(record) {
    const values = this.player.get("members", record);
    const n = this.shown.arrays.along.data.length;
    for (let m = 0; m < this.shown.members; m += 1) {
      const curve = Float32Array.from(values.subarray(m * n, (m + 1) * n), (v) => v / this.shown.unit);
      this.stroke(curve, this.colours[0], 1.1, [], 0.55);
    }
  }

  stroke(values, colour, width, dash, alpha) {
    const { context } = this;
    const along = this.shown.arrays.along.data;
    const path = new Path2D();
    values.forEach((value, g) => path.lineTo(this.px(along[g]), this.py(value)));
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
    context.setLineDash(dash);
    context.stroke(path);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  drawPoints(record) {
    const { theme, held } = this;
    const { test_x: x, test_y: y } = this.shown.arrays;
    for (let i = 0; i < x.data.length; i += 1) this.dot(x.data[i], y.data[i], 3.6, null, faded(theme.text, 0.45));
    for (const point of this.points(record)) {
      const moved = held?.far && bandSame(point, held.point.x, held.point.y);
      const [px, py] = moved ? held.at : [point.x, point.y];
      if (point.far) this.spike(px, py);
      else this.dot(px, py, 4.6, theme.text, theme.background);
    }
  }

  dot(x, y, radius, fill, edge) {
    const { context } = this;
    context.beginPath();
    context.arc(this.px(x), this.py(y), radius, 0, 2 * Math.PI);
    Object.assign(context, { lineWidth: 1.4, strokeStyle: edge, fillStyle: fill ?? "transparent" });
    if (fill) context.fill();
    context.stroke();
  }

  spike(x, y) {
    const { context, theme } = this;
    const [px, py] = [this.px(x), this.py(y)];
    context.fillStyle = theme.red || theme.text;
    context.strokeStyle = theme.background;
    const path = new Path2D(`M${px} ${py - 8}l7.5 13h-15z`);
    context.fill(path);
    context.stroke(path);
  }

  /** The names of the curves: of the first where it is furthest from the others. */
  drawNames() {
    const { context, theme, shown: scene } = this;
    if (scene.losses.length === 1) return;
    const [first, ...others] = this.summaries.map(({ mean }) => mean);
    const apart = first.map((value, g) => Math.abs(value - others[0][g]));
    const inside = apart.subarray(8, apart.length - 8);
    const furthest = 8 + inside.indexOf(Math.max(...inside));
    const n = apart.length;
    [furthest, Math.round(0.36 * n), Math.round(0.88 * n)].forEach((g, loss) => {
      const text = scene.losses[loss];
      context.font = `600 14px ${theme.font}`;
      const width = context.measureText(text).width + 12;
      const [px, py] = [this.px(scene.arrays.along.data[g]), this.py(this.summaries[loss].mean[g])];
      const right = loss === 0 && px + width + 14 < this.width;
      const x = right ? px + 12 : Math.min(Math.max(px - width / 2, BAND_MARGIN.left), this.width - width - 2);
      const y = Math.min(Math.max(right ? py - 12 : py + 18, BAND_MARGIN.top), this.high - 18);
      bandTag(context, text, x, y, width, this.colours[loss], theme);
    });
  }

  drawReading() {
    const { context, theme, hover } = this;
    if (!hover) return;
    const [x, y] = hover;
    const along = this.shown.arrays.along.data;
    const g = Math.round(((x - along[0]) / (along.at(-1) - along[0])) * (along.length - 1));
    const { mean, spread } = this.summaries[0];
    const doubt = this.shown.members > 1 ? ` ± ${shown(2 * spread[g])}` : "";
    const means = this.summaries.map((found) => shown(found.mean[g])).join(" · ");
    const answer = this.summaries.length > 1 ? means : `${shown(mean[g])}${doubt}`;
    const text = `x ${shown(x)}: ${answer}`;
    context.strokeStyle = faded(theme.text, 0.5);
    context.lineWidth = 1;
    const [px, py] = [this.px(x), this.py(y)];
    context.stroke(new Path2D(`M${px - 9} ${py}h18M${px} ${py - 9}v18`));
    context.font = `13px ${theme.font}`;
    const width = context.measureText(text).width + 14;
    const left = Math.min(Math.max(px - width / 2, 2), this.width - width - 2);
    bandTag(context, text, left, py > 60 ? py - 42 : py + 16, width, theme.text, theme);
  }

  describe(record) {
    if (!this.curve) return this.scatter.describe(record);
    const { mean, spread } = this.summaries ? this.summaries[0] : this.summary(record, 0);
    const n = mean.length;
    const places = [0.15, 0.5, 0.85].map((place) => Math.round(place * (n - 1)));
    const said = places.map((g) => `${shown(mean[g])} ± ${shown(2 * spread[g])}`).join(", ");
    return `${this.points(record).length} training points; answers from left to right: ${said}.`;
  }

  resize() {}

  destroy() {}
}

function bandSame(point, x, y) {
  return Math.abs(point.x - x) < 0.006 && Math.abs(point.y - y) < 0.006;
}

function bandShort(value) {
  return Math.round(value * 100) / 100;
}

function bandEntry(kind, colour, text) {
  const item = document.createElement("li");
  barElement("i", `band-${kind}`, item).style.setProperty("--ink", colour);
  item.append(text);
  return item;
}

/** A word on a plate of its own colour, readable over anything. */
function bandTag(context, text, x, y, width, colour, theme) {
  context.beginPath();
  context.roundRect(x, y, width, 24, 6);
  context.fillStyle = colour;
  context.fill();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = luminance(colour) > 0.4 ? "#111" : "#fff";
  context.fillText(text, x + 6, y + 12.5);
}

function bandDrawing(stage, player) {
  return new Band(stage, player);
}
