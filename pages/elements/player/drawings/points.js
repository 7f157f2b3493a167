// A cloud of points in the plane: colour and marker by class, axes fixed over the run.
//
// Scene: labels (N) uint8; names, classes: lists of text; x, y: axis titles;
// domain: [left, right, bottom, top]; scale: what an int8 of 127 stands for; optionally
// pictures (M, h, w), shown for the first points where there is room, centre_pictures
// (K, h, w), shown at record `decoded_at`, and draggable: centres can be moved by hand.
// Records: xy (N, 2); optionally labels (N) and centres (K, 2).

const POINTS_MARGIN = { left: 46, right: 12, top: 12, bottom: 40 };
const POINTS_MARKERS = [
  (p) => p.arc(0, 0, 4.4, 0, 2 * Math.PI),
  (p) => p.rect(-4, -4, 8, 8),
  (p) => pointsPolygon(p, 3, 5.6, -90),
  (p) => pointsPolygon(p, 4, 5.6, 0),
  (p) => pointsCross(p, 0),
  (p) => pointsPolygon(p, 3, 5.6, 90),
  (p) => pointsCross(p, 45),
  (p) => pointsStar(p),
  (p) => pointsPolygon(p, 6, 5.2, 0),
  (p) => pointsRing(p),
];

function pointsPolygon(path, n, radius, degrees) {
  for (let i = 0; i < n; i += 1) {
    const angle = ((degrees + (360 * i) / n) * Math.PI) / 180;
    path[i ? "lineTo" : "moveTo"](radius * Math.cos(angle), radius * Math.sin(angle));
  }
  path.closePath();
}

function pointsCross(path, degrees) {
  const arm = new Path2D("M-5.2 -1.6h3.6v-3.6h3.2v3.6h3.6v3.2h-3.6v3.6h-3.2v-3.6h-3.6z");
  path.addPath(arm, new DOMMatrix().rotate(degrees));
}

function pointsStar(path) {
  for (let i = 0; i < 10; i += 1) {
    const angle = ((36 * i - 90) * Math.PI) / 180;
    const radius = i % 2 ? 2.6 : 6;
    path[i ? "lineTo" : "moveTo"](radius * Math.cos(angle), radius * Math.sin(angle));
  }
  path.closePath();
}

function pointsRing(path) {
  path.arc(0, 0, 5, 0, 2 * Math.PI);
  path.moveTo(2.6, 0);
  path.arc(0, 0, 2.6, 0, 2 * Math.PI, true);
}

/** One class's marker drawn once; copying it is cheaper than filling it a thousand times. */
function pointsSprite(marker, colour, edge) {
  const canvas = document.createElement("canvas");
  const context = sized(canvas, 16, 16);
  const path = new Path2D();
  POINTS_MARKERS[marker](path);
  context.translate(8, 8);
  context.lineWidth = 1.2;
  context.strokeStyle = edge;
  context.stroke(path);
  context.fillStyle = colour;
  context.fill(path);
  return canvas;
}

/** Picture `i` of (N, h, w) grey levels as ink of one colour on nothing. */
function pointsInk({ data, shape }, i, colour) {
  const [, height, width] = shape;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  const image = context.getImageData(0, 0, width, height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    image.data[4 * pixel + 3] = data[i * width * height + pixel];
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

class Points {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1 });
    this.canvas = barElement("canvas", "", stage);
    this.canvas.setAttribute("role", "img");
    this.canvas.style.cssText = "display:block;width:100%;cursor:crosshair;touch-action:pan-y";
    this.legend = barElement("ul", "legend", stage);
    this.canvas.onpointerdown = (event) => this.grasp(event);
    this.canvas.onpointermove = (event) => this.move(event);
    this.canvas.onpointerup = () => this.drop();
    this.canvas.onpointerleave = () => this.point(-1);
    this.canvas.onclick = (event) => {
      const index = this.nearest(event.offsetX, event.offsetY);
      if (index >= 0 && !this.shown?.draggable) player.emit("pick", { index });
    };
  }

  scene(scene) {
    Object.assign(this, { shown: scene, domain: scene.domain?.slice(), scanned: 0, hover: -1 });
    if (scene.scale) this.domain ??= [-scene.scale, scene.scale, -scene.scale, scene.scale];
    this.fixed = Boolean(this.domain);
    this.canvas.ariaLabel = `${scene.arrays.labels.data.length} points`;
    this.theme = null;
  }

  point(index) {
    if (index === this.hover) return;
    this.hover = index;
    this.player.redraw();
  }

  /** A centre under the pointer is held until the pointer is let go. */
  grasp(event) {
    if (!this.shown?.draggable) return;
    const centres = this.player.get("centres", this.player.record) ?? [];
    const reach = event.pointerType === "mouse" ? 14 : 24;
    for (let k = 0; k < centres.length / 2; k += 1) {
      const away = [this.x(centres[2 * k]) - event.offsetX, this.y(centres[2 * k + 1]) - event.offsetY];
      if (Math.hypot(...away) < reach) this.held = { index: k, moved: null };
    }
    if (!this.held) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.player.pause?.();
  }

  move(event) {
    if (!this.held) return this.point(this.nearest(event.offsetX, event.offsetY));
    this.held.moved = [this.back("x", event.offsetX), this.back("y", event.offsetY)];
    this.player.redraw();
  }

  drop() {
    const { held } = this;
    this.held = null;
    if (held?.moved) this.player.emit("centre", { index: held.index, x: held.moved[0], y: held.moved[1] });
  }

  /** The coordinate of a pixel. */
  back(axis, pixel) {
    const [low, high] = this.span[axis];
    const [from, to] = [this[axis](low), this[axis](high)];
    return low + ((pixel - from) / (to - from)) * (high - low);
  }

  className(label) {
    return this.shown.classes?.[label] ?? `class ${label}`;
  }

  labels(record) {
    return this.player.get("labels", record) ?? this.shown.arrays.labels.data;
  }

  /** Without a given domain: wide enough for all records held, never narrower again. */
  widen() {
    if (this.fixed) return;
    this.domain ??= [Infinity, -Infinity, Infinity, -Infinity];
    const d = this.domain;
    for (; this.scanned < this.player.n; this.scanned += 1) {
      const xy = this.player.get("xy", this.scanned);
      for (let i = 0; i < xy.length; i += 2) {
        if (xy[i] < d[0]) d[0] = xy[i];
        if (xy[i] > d[1]) d[1] = xy[i];
        if (xy[i + 1] < d[2]) d[2] = xy[i + 1];
        if (xy[i + 1] > d[3]) d[3] = xy[i + 1];
      }
    }
  }

  size() {
    this.width = this.stage.clientWidth;
    this.height = Math.round(Math.min(Math.max(this.width * 0.62, 280), this.player.room() - 50));
    this.canvas.style.height = `${this.height}px`;
  }

  /** The functions from a point's coordinates to pixels. */
  axes() {
    const [left, right, bottom, top] = this.domain;
    const { left: l, right: r, top: t, bottom: b } = POINTS_MARGIN;
    const [across, up] = [(right - left || 1) * 1.06, (top - bottom || 1) * 1.06];
    const [cx, cy] = [(left + right) / 2, (bottom + top) / 2];
    this.x = (v) => l + ((v - cx) / across + 0.5) * (this.width - l - r);
    this.y = (v) => t + (0.5 - (v - cy) / up) * (this.height - t - b);
    this.span = { x: [cx - across / 2, cx + across / 2], y: [cy - up / 2, cy + up / 2] };
  }

  unit(name) {
    const int8 = this.player.records.arrays.get(name).data instanceof Int8Array;
    return int8 ? (this.shown.scale ?? 127) / 127 : 1;
  }

  draw(record) {
    if (!this.player.get("xy", record)) return;
    if (this.theme !== this.player.theme) this.dress();
    this.size();
    this.widen();
    this.axes();
    this.context = sized(this.canvas, this.width, this.height);
    this.drawAxes();
    if (this.shown.arrays.pictures) this.drawPictures(record);
    else this.drawPoints(record);
    this.drawCentres(record);
    if (this.hover >= 0) this.drawName(record);
  }

  /** Markers and legend in the colours of the theme. */
  dress() {
    const { theme } = this.player;
    this.theme = theme;
    this.sprites = POINTS_MARKERS.map((_, i) =>
      pointsSprite(i, theme.categorical[i % theme.categorical.length], theme.background),
    );
    this.dots = POINTS_MARKERS.map((_, i) =>
      pointsSprite(0, theme.categorical[i % theme.categorical.length], theme.background),
    );
    Object.assign(this, { ink: new Map(), hasRoom: [] });
    this.unlabelled = pointsSprite(0, faded(theme.text, 0.35), theme.background);
    this.legend.replaceChildren(
      ...(this.shown.classes ?? []).map((name, i) => {
        const item = document.createElement("li");
        const marker = pointsSprite(i % 10, theme.categorical[i % theme.categorical.length], theme.background);
        marker.style.cssText = "width:16px;height:16px";
        item.append(marker, name);
        return item;
      }),
    );
  }

  drawAxes() {
    const { context, theme, shown } = this;
    context.font = `12px ${theme.font}`;
    context.fillStyle = faded(theme.text, 0.75);
    context.strokeStyle = faded(theme.text, 0.1);
    context.lineWidth = 1;
    context.textBaseline = "middle";
    this.drawTicks("x", this.width / 70);
    this.drawTicks("y", this.height / 60);
    context.textAlign = "center";
    context.fillText(shown.x ?? "", this.width / 2, this.height - 8);
    context.save();
    context.translate(8, (this.height - POINTS_MARGIN.bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(shown.y ?? "", 0, 0);
    context.restore();
  }

  drawTicks(axis, count) {
    const { context } = this;
    const [low, high] = this.span[axis];
    const step = niceAbove((high - low) / count);
    const bottom = this.height - POINTS_MARGIN.bottom;
    for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
      const [x, y] = [Math.round(this.x(v)) + 0.5, Math.round(this.y(v)) + 0.5];
      const text = tickText(Math.abs(v) < step / 1e6 ? 0 : v, step);
      const { left, top, right } = POINTS_MARGIN;
      context.textAlign = axis === "x" ? "center" : "right";
      if (axis === "x") context.fillText(text, x, bottom + 12);
      else context.fillText(text, left - 6, y);
      context.stroke(new Path2D(axis === "x" ? `M${x} ${top}V${bottom}` : `M${left} ${y}H${this.width - right}`));
    }
  }

  /** Pixel positions of all points of a record, kept for the pointer. */
  place(record) {
    const xy = this.player.get("xy", record);
    const unit = this.unit("xy");
    this.pixels ??= new Float32Array(xy.length);
    if (this.pixels.length !== xy.length) this.pixels = new Float32Array(xy.length);
    for (let i = 0; i < xy.length; i += 2) {
      this.pixels[i] = this.x(xy[i] * unit);
      this.pixels[i + 1] = this.y(xy[i + 1] * unit);
    }
    return this.pixels;
  }

  drawPoints(record) {
    const { context } = this;
    const labels = this.labels(record);
    const pixels = this.place(record);
    context.globalAlpha = labels.length > 800 ? 0.7 : 0.9;
    for (let i = 0; i < labels.length; i += 1) {
      const sprite = labels[i] === 255 ? this.unlabelled : this.sprites[labels[i] % 10];
      context.drawImage(sprite, pixels[2 * i] - 8, pixels[2 * i + 1] - 8, 16, 16);
    }
    context.globalAlpha = 1;
  }

  /** Pictures in the colour of their kind where there is room; dots where there is none. */
  drawPictures(record) {
    const { context } = this;
    const labels = this.labels(record);
    const pixels = this.place(record);
    const side = this.width < 480 ? 17 : 22;
    const room = new Set();
    const shown = this.shown.arrays.pictures.shape[0];
    context.globalAlpha = 0.55;
    for (let i = 0; i < labels.length; i += 1) {
      const cell = [Math.floor(pixels[2 * i] / side), Math.floor(pixels[2 * i + 1] / side)];
      const near = i < shown && !room.has(cell.join());
      if (near) room.add(cell.join());
      else context.drawImage(this.dots[labels[i] % 10], pixels[2 * i] - 3, pixels[2 * i + 1] - 3, 6, 6);
      this.hasRoom[i] = near;
    }
    context.globalAlpha = 1;
    for (let i = 0; i < shown; i += 1) {
      if (!this.hasRoom[i]) continue;
      context.drawImage(this.inked(i, labels[i] % 10), pixels[2 * i] - side / 2, pixels[2 * i + 1] - side / 2, side, side);
    }
  }

  /** One picture, its ink in the colour of a kind and its paper clear. */
  inked(i, kind) {
    const key = 10 * i + kind;
    if (!this.ink.has(key)) {
      const colour = this.theme.categorical[kind % this.theme.categorical.length];
      this.ink.set(key, pointsInk(this.shown.arrays.pictures, i, colour));
    }
    return this.ink.get(key);
  }

  drawDecoded(centres) {
    const { context, theme } = this;
    const side = this.width < 480 ? 28 : 36;
    for (let k = 0; k < centres.length / 2; k += 1) {
      const colour = theme.categorical[k % theme.categorical.length];
      const [x, y] = [this.x(centres[2 * k]) - side / 2, this.y(centres[2 * k + 1]) - side / 2];
      context.fillStyle = theme.background;
      context.fillRect(x, y, side, side);
      context.drawImage(pointsInk(this.shown.arrays.centre_pictures, k, theme.text), x, y, side, side);
      Object.assign(context, { lineWidth: 3, strokeStyle: colour });
      context.strokeRect(x, y, side, side);
    }
  }

  drawCentres(record) {
    const centres = this.player.get("centres", record)?.slice();
    if (!centres) return;
    if (this.shown.decoded_at === record && this.shown.arrays.centre_pictures) return this.drawDecoded(centres);
    if (this.held?.moved) centres.set(this.held.moved, 2 * this.held.index);
    const { context, theme } = this;
    const unit = this.unit("centres");
    for (let k = 0; k < centres.length / 2; k += 1) {
      context.save();
      context.translate(this.x(centres[2 * k] * unit), this.y(centres[2 * k + 1] * unit));
      context.scale(2.1, 2.1);
      const path = new Path2D();
      POINTS_MARKERS[k % 10](path);
      context.lineWidth = 2;
      context.strokeStyle = theme.text;
      context.stroke(path);
      context.fillStyle = theme.categorical[k % theme.categorical.length];
      context.fill(path);
      context.restore();
    }
  }

  nearest(x, y) {
    let [best, least] = [-1, 14 * 14];
    const { pixels = [] } = this;
    for (let i = 0; i < pixels.length / 2; i += 1) {
      const distance = (pixels[2 * i] - x) ** 2 + (pixels[2 * i + 1] - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  drawName(record) {
    const { context, theme, shown, hover } = this;
    const [px, py] = [this.pixels[2 * hover], this.pixels[2 * hover + 1]];
    const kind = this.labels(record)[hover];
    const name = shown.names?.[hover] ?? `point ${hover}`;
    const text = `${name} · ${kind === 255 ? "unlabelled" : this.className(kind)}`;
    const width = context.measureText(text).width + 16;
    const x = Math.min(Math.max(px - width / 2, 2), this.width - width - 2);
    const y = py > 48 ? py - 38 : py + 14;
    context.beginPath();
    context.arc(px, py, 9, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = theme.text;
    context.stroke();
    context.beginPath();
    context.roundRect(x, y, width, 24, 6);
    context.fillStyle = theme.text;
    context.fill();
    context.fillStyle = theme.background;
    context.textAlign = "left";
    context.fillText(text, x + 8, y + 12.5);
    if (hover < (shown.arrays.pictures?.shape[0] ?? 0)) this.enlarge(px, py, kind % 10);
  }

  enlarge(px, py, kind) {
    const side = 84;
    const x = px + side + 24 < this.width ? px + 18 : px - side - 18;
    const y = Math.min(Math.max(py - side / 2, 2), this.height - side - 2);
    this.context.fillStyle = this.theme.background;
    this.context.fillRect(x, y, side, side);
    this.context.drawImage(this.inked(this.hover, kind), x, y, side, side);
    Object.assign(this.context, { lineWidth: 1, strokeStyle: this.theme.text });
    this.context.strokeRect(x, y, side, side);
  }

  describe(record) {
    const counts = new Map();
    for (const label of this.labels(record)) counts.set(label, (counts.get(label) ?? 0) + 1);
    const known = [...counts].filter(([label]) => label !== 255).sort((a, b) => a[0] - b[0]);
    return `Points: ${known.map(([label, n]) => `${n} ${this.className(label)}`).join(", ")}.`;
  }

  resize() {}

  destroy() {}
}

function pointsDrawing(stage, player) {
  return new Points(stage, player);
}
