// Optimisers on a loss surface seen from above, and beside it what each one's model predicts.
//
// Scene: extent, axes, start [u, v], names, letters, slice; arrays surface (G, G), x, y (N),
// along (K). Records: losses (M), places (M, 2), curves (M, K); NaN for those who have left.
// A click emits "start" with u and v.

const SURFACE_MARGIN = { left: 44, right: 8, top: 8, bottom: 42 };
const SURFACE_HINT = "Click a place, or move with the arrow keys and press Enter, to start there.";

class Surface {
  constructor(stage, player) {
    Object.assign(this, { stage, player, probe: null, chosen: -1, start: [0, 0] });
    const body = barElement("div", "surface-body", stage);
    this.plane = barElement("canvas", "surface-plane", body);
    this.fit = barElement("canvas", "surface-fit", body);
    this.hint = barElement("p", "surface-hint", body);
    this.list = barElement("ul", "surface-list", body);
    this.plane.tabIndex = 0;
    this.plane.setAttribute("role", "application");
    this.fit.setAttribute("role", "img");
    this.listen();
  }

  listen() {
    const { plane } = this;
    plane.onpointermove = (event) => this.look(this.placeAt(event.offsetX, event.offsetY));
    plane.onpointerleave = () => this.look(null);
    plane.onblur = () => this.look(null);
    plane.onclick = (event) => this.begin(this.placeAt(event.offsetX, event.offsetY));
    plane.onkeydown = (event) => this.steer(event);
  }

  scene(scene) {
    Object.assign(this, { shown: scene, start: scene.start, chosen: -1, ground: null });
    this.heights = surfaceHeights(scene.arrays.surface);
    this.plane.ariaLabel = `Loss over ${scene.axes.join(" and ")}. ${SURFACE_HINT}`;
    this.fit.ariaLabel = "The examples and what each optimiser's model predicts";
    this.hint.textContent = SURFACE_HINT;
    this.theme = null;
    this.ranges();
  }

  /** The axes of the right picture: all examples, with some room for wrong curves. */
  ranges() {
    const { along, y } = this.shown.arrays;
    const low = y.data.reduce((a, b) => Math.min(a, b), Infinity);
    const high = y.data.reduce((a, b) => Math.max(a, b), -Infinity);
    const room = 0.35 * (high - low);
    this.span = [along.data[0], along.data[along.data.length - 1], low - room, high + room];
  }

  // What people do.

  placeAt(x, y) {
    const { extent } = this.shown;
    const u = ((x - SURFACE_MARGIN.left) / this.side) * 2 - 1;
    const v = 1 - ((y - SURFACE_MARGIN.top) / this.side) * 2;
    if (Math.abs(u) > 1 || Math.abs(v) > 1) return null;
    return [u, v].map((value) => Math.round(value * extent * 20) / 20);
  }

  look(place) {
    this.probe = place;
    this.player.redraw();
  }

  steer(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const { extent, axes } = this.shown;
    const [u, v] = this.probe ?? this.start;
    if (event.key in steps) {
      const by = event.shiftKey ? 0.5 : 0.1;
      const moved = [u + by * steps[event.key][0], v + by * steps[event.key][1]];
      this.look(moved.map((value) => Math.round(Math.min(Math.max(value, -extent), extent) * 20) / 20));
      const { loss } = surfaceAt(this.shown.arrays.surface, extent, ...this.probe);
      this.player.say(axes.map((axis, i) => `${axis} ${this.probe[i]}`).join(", ") + `, loss ${shown(loss)}`);
    } else if (event.key === "Enter") this.begin([u, v]);
    else if (event.key === "Escape" && this.probe) this.look(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  begin(place) {
    if (!place) return;
    this.start = place;
    // Whoever puts the runners down wants to see them run.
    if (!this.player.calm.matches) this.player.wanted = true;
    this.player.emit("start", { u: place[0], v: place[1] });
    this.player.redraw();
  }

  choose(index) {
    this.chosen = index;
    this.player.redraw();
  }

  // What is seen.

  draw(record) {
    if (!this.player.get("places", record)) return;
    if (this.theme !== this.player.theme) this.dress();
    this.drawPlane(record);
    surfaceDrawFit(this, record);
    this.write(record);
  }

  /** The list of runners in the colours of the theme. */
  dress() {
    const { theme } = this.player;
    Object.assign(this, { theme, ground: null, heat: surfaceHeat(this.heights, surfaceColours(this.stage)) });
    this.losses = [];
    this.list.replaceChildren(...this.shown.names.map((name, i) => this.runner(name, i)));
  }

  runner(name, i) {
    const item = document.createElement("li");
    const dot = barElement("i", "surface-dot", item);
    dot.textContent = this.shown.letters[i];
    dot.style.background = this.colour(i);
    dot.style.color = this.ink(i);
    barElement("span", "", item).textContent = name;
    this.losses.push(barElement("b", "", item));
    item.onpointerenter = () => this.choose(i);
    item.onpointerleave = () => this.choose(-1);
    return item;
  }

  colour(i) {
    const { categorical } = this.player.theme;
    return categorical[i % categorical.length];
  }

  ink(i) {
    return luminance(this.colour(i)) > 0.3 ? "#111" : "#fff";
  }

  strength(i) {
    return this.chosen < 0 || this.chosen === i ? 1 : 0.15;
  }

  x(u) {
    return SURFACE_MARGIN.left + ((u / this.shown.extent + 1) / 2) * this.side;
  }

  y(v) {
    return SURFACE_MARGIN.top + ((1 - v / this.shown.extent) / 2) * this.side;
  }

  drawPlane(record) {
    const { left, right, top, bottom } = SURFACE_MARGIN;
    const width = this.plane.clientWidth;
    this.side = Math.max(Math.min(width - left - right, this.player.room() - 100), 80);
    const height = this.side + top + bottom;
    this.plane.style.height = `${height}px`;
    const context = sized(this.plane, width, height);
    this.context = context;
    context.font = `12px ${this.theme.font}`;
    this.drawGround(context);
    context.save();
    context.beginPath();
    context.rect(left, top, this.side, this.side);
    context.clip();
    this.shown.names.forEach((_, i) => this.drawPath(i, record));
    this.drawStart();
    this.shown.names.forEach((_, i) => this.drawHead(i, record));
    context.restore();
    if (this.probe) surfaceProbe(this, width);
  }

  /** Colours, contours and axes; the same in every record. */
  drawGround(context) {
    const { left, top } = SURFACE_MARGIN;
    const { side, theme } = this;
    if (this.ground?.side !== side) this.ground = { side, lines: surfaceContours(this.heights, side) };
    context.imageSmoothingQuality = "high";
    context.drawImage(this.heat, left, top, side, side);
    context.save();
    context.translate(left, top);
    context.strokeStyle = faded(theme.text, 0.22);
    context.lineWidth = 1;
    context.stroke(this.ground.lines);
    context.strokeStyle = faded(theme.text, 0.35);
    context.strokeRect(0, 0, side, side);
    context.restore();
    this.drawAxes(context);
  }

  drawAxes(context) {
    const { extent, axes } = this.shown;
    const bottom = SURFACE_MARGIN.top + this.side;
    context.fillStyle = faded(this.theme.text, 0.8);
    context.textBaseline = "middle";
    for (let tick = -extent; tick <= extent; tick += extent / 2) {
      const text = String(tick).replace("-", "−");
      context.textAlign = "center";
      context.fillText(text, this.x(tick), bottom + 11);
      context.textAlign = "right";
      context.fillText(text, SURFACE_MARGIN.left - 6, this.y(tick));
    }
    context.textAlign = "center";
    context.fillText(axes[0], SURFACE_MARGIN.left + this.side / 2, bottom + 29);
    context.save();
    context.translate(9, SURFACE_MARGIN.top + this.side / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(axes[1], 0, 0);
    context.restore();
  }

  /** The way so far, and lighter what is known of the way ahead. */
  drawPath(i, record) {
    const { context, player, theme } = this;
    const [ahead, passed] = [new Path2D(), new Path2D()];
    for (let r = 0; r < player.n; r += 1) {
      const places = player.get("places", r);
      const [x, y] = [this.x(places[2 * i]), this.y(places[2 * i + 1])];
      if (!Number.isFinite(x) || !Number.isFinite(y)) break;
      if (r <= record) passed.lineTo(x, y);
      if (r >= record) ahead.lineTo(x, y);
    }
    context.lineJoin = "round";
    const strength = this.strength(i);
    for (const [path, colour, width, alpha] of [
      [ahead, this.colour(i), 1.5, 0.4],
      [passed, theme.background, 4, 0.7],
      [passed, this.colour(i), 2.2, 1],
    ]) {
      Object.assign(context, { globalAlpha: alpha * strength, strokeStyle: colour, lineWidth: width });
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  drawStart() {
    const { context, theme } = this;
    const [x, y] = [this.x(this.start[0]), this.y(this.start[1])];
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.lineWidth = 4;
    context.strokeStyle = theme.background;
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = theme.text;
    context.stroke();
  }

  drawHead(i, record) {
    const { context, theme, player } = this;
    const places = player.get("places", record);
    const [x, y] = [this.x(places[2 * i]), this.y(places[2 * i + 1])];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    context.globalAlpha = this.strength(i);
    context.beginPath();
    context.arc(x, y, 8.5, 0, 2 * Math.PI);
    context.fillStyle = this.colour(i);
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = theme.background;
    context.stroke();
    context.fillStyle = this.ink(i);
    context.font = `700 11px ${theme.font}`;
    context.textAlign = "center";
    context.fillText(this.shown.letters[i], x, y + 0.5);
    context.globalAlpha = 1;
  }

  write(record) {
    const losses = this.player.get("losses", record);
    this.losses.forEach((element, i) => {
      const text = Number.isFinite(losses[i]) ? shown(losses[i]) : "diverged";
      if (element.textContent !== text) element.textContent = text;
    });
  }

  describe(record) {
    const places = this.player.get("places", record);
    const said = this.shown.names.map((name, i) => {
      const at = [places[2 * i], places[2 * i + 1]];
      return `${name} ${at.every(Number.isFinite) ? `at ${at.map((p) => p.toFixed(1)).join(", ")}` : "has run off"}`;
    });
    return `${said.join("; ")}.`;
  }

  resize() {}

  destroy() {}
}

function surfaceDrawing(stage, player) {
  return new Surface(stage, player);
}
