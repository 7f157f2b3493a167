// One method's picture: its regions or its map, what it gave away, and its surest mistakes.

const SNOWBALL_MISTAKES = 10;

class SnowballPanel {
  constructor(owner, name, method) {
    Object.assign(this, { owner, name, method, size: 0 });
    this.root = barElement("div", "snowball-panel", owner.grid);
    const head = barElement(owner.images ? "button" : "div", "snowball-head", this.root);
    if (owner.images) head.onclick = () => owner.choose(method);
    this.head = head;
    barElement("span", "snowball-name", head).textContent = name;
    this.score = barElement("strong", "snowball-score", head);
    this.canvas = barElement("canvas", "snowball-plane", this.root);
    this.canvas.setAttribute("role", "img");
    this.canvas.ariaLabel = `What the method “${name}” makes of the examples`;
    this.count = barElement("div", "snowball-count", this.root);
    this.strip = barElement("canvas", "snowball-strip", this.root);
    this.listen();
  }

  listen() {
    const { canvas, owner } = this;
    const place = (event) => owner.point(this, event.offsetX, event.offsetY);
    canvas.onpointermove = place;
    canvas.onpointerleave = () => owner.point(null);
    canvas.onclick = (event) => {
      place(event);
      owner.click();
    };
  }

  draw(record) {
    const { owner, method } = this;
    const get = (name) => owner.player.get(name, record)[method];
    const accuracy = get("accuracy");
    this.score.textContent = `${decimal(accuracy, accuracy > 99.95 ? 0 : 1)}\u00a0%`;
    this.tell(get("given"), get("wrong"));
    const isSeen = !owner.images || method === owner.chosen;
    this.root.dataset.chosen = String(isSeen);
    if (owner.images) this.head.ariaPressed = String(isSeen);
    this.strip.hidden = !owner.images || !isSeen || !method;
    this.canvas.hidden = !isSeen;
    if (!isSeen) return;
    this.measure();
    this.drawMap(sized(this.canvas, this.size, this.height), record);
    if (!this.strip.hidden) this.drawMistakes(record);
  }

  /** A map of digits is as wide as the stage, one of points a quarter of it. */
  measure() {
    const { owner } = this;
    this.size = Math.max((owner.images ? owner.grid : this.root).clientWidth, 80);
    this.height = Math.round(this.size * owner.shown.tall);
    if (owner.images) {
      this.height = Math.round(Math.min(this.size * 1.1, owner.player.room() - 50));
      const { data } = owner.shown.arrays.xy;
      const places = Array.from({ length: owner.n }, (_, i) => this.pixel(data[2 * i], data[2 * i + 1]));
      owner.images.arrange(this.size, this.height, places);
    }
    this.canvas.style.height = `${this.height}px`;
  }

  drawMap(context, record) {
    const { owner } = this;
    if (owner.shown.grid) this.drawRegions(context, record);
    if (owner.images) owner.images.draw(context, record, this.method);
    else this.drawExamples(context, record);
    if (owner.hover >= 0) this.ring(context, ...this.place(owner.hover));
    this.drawProbe(context);
    context.strokeStyle = faded(owner.theme.text, 0.3);
    context.lineWidth = 1;
    context.strokeRect(0.5, 0.5, this.size - 1, this.height - 1);
  }

  tell(given, wrong) {
    const key = `${given} ${wrong}`;
    if (this.told === key) return;
    this.told = key;
    const bold = (text) => Object.assign(document.createElement("b"), { textContent: text });
    const parts = this.method
      ? [bold(decimal(given, 0)), " labels given, ", bold(decimal(wrong, 0)), " wrong"]
      : ["gives no labels"];
    this.count.replaceChildren(...parts);
    this.count.dataset.wrong = String(Boolean(this.method) && wrong > 0);
  }

  drawRegions(context, record) {
    const { player, shown, colours, theme } = this.owner;
    const cells = shown.grid * shown.grid;
    const map = player.get("maps", record).subarray(this.method * cells, (this.method + 1) * cells);
    const image = new ImageData(shown.grid, shown.grid);
    const ground = rgbOf(theme.background);
    for (let i = 0; i < cells; i += 1) {
      const p = map[i] / 127.5 - 1;
      const colour = colours[p > 0 ? 1 : 0];
      const depth = 0.08 + 0.42 * Math.abs(p);
      for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = ground[c] + (colour[c] - ground[c]) * depth;
      image.data[4 * i + 3] = 255;
    }
    this.small ??= document.createElement("canvas");
    [this.small.width, this.small.height] = [shown.grid, shown.grid];
    this.small.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(this.small, 0, 0, this.size, this.height);
  }

  /** Pixels of a unit of the plane, across and up. */
  units() {
    const { extent } = this.owner.shown;
    return [this.size / (2 * extent[0]), this.height / (2 * extent[1])];
  }

  pixel(x, y) {
    const [w, h] = this.units();
    return [this.size / 2 + x * w, this.height / 2 - y * h];
  }

  /** The place of the plane that lies at a pixel. */
  plane(x, y) {
    const { extent } = this.owner.shown;
    return [((2 * x) / this.size - 1) * extent[0], (1 - (2 * y) / this.height) * extent[1]];
  }

  place(i) {
    if (this.owner.images) return this.owner.images.at[i];
    const xy = this.owner.shown.arrays.xy.data;
    return this.pixel(xy[2 * i], xy[2 * i + 1]);
  }

  drawExamples(context, record) {
    const { owner, method } = this;
    const { n, sprites } = owner;
    const { truth, known } = owner.shown.arrays;
    const half = SNOWBALL_SPRITE / 2;
    const put = (sprite, i) => {
      const [x, y] = this.place(i);
      context.drawImage(sprite, x - half, y - half, SNOWBALL_SPRITE, SNOWBALL_SPRITE);
    };
    const wrong = [];
    for (let i = 0; i < n; i += 1) {
      if (known.data[i]) continue;
      const answer = owner.answer(record, method, i);
      put(answer < 10 ? sprites.dots[answer] : sprites.hollow, i);
      if (answer < 10 && answer !== truth.data[i]) wrong.push(i);
    }
    for (const i of wrong) put(sprites.wrong, i);
    for (let i = 0; i < n; i += 1) if (known.data[i]) put(sprites.labels[truth.data[i]], i);
  }

  ring(context, x, y) {
    const { owner } = this;
    context.lineWidth = 2.5;
    context.strokeStyle = owner.theme.text;
    if (!owner.images) {
      context.beginPath();
      context.arc(x, y, 10, 0, 2 * Math.PI);
      context.stroke();
      return;
    }
    const left = x > this.size / 2 ? x - 82 : x + 18;
    const top = Math.min(Math.max(y - 32, 2), this.height - 66);
    context.fillStyle = owner.theme.background;
    context.fillRect(left, top, 64, 64);
    context.drawImage(owner.images.look(owner.hover, owner.theme.text), left, top, 64, 64);
    context.strokeRect(left, top, 64, 64);
  }

  drawProbe(context) {
    const { probe } = this.owner.shown;
    const at = this.owner.hover < 0 && this.owner.at ? this.owner.at : probe;
    if (!at || this.owner.images) return;
    const [x, y] = this.pixel(...at);
    context.lineWidth = 2;
    context.strokeStyle = this.owner.theme.text;
    context.stroke(new Path2D(`M${x - 10} ${y}h7M${x + 3} ${y}h7M${x} ${y - 10}v7M${x} ${y + 3}v7`));
  }

  /** The wrong labels that this method is surest of, with what they were taken for. */
  mistakes(record) {
    const { owner, method } = this;
    const { truth, known } = owner.shown.arrays;
    const sure = owner.player.get("sure", record).subarray(method * owner.n, (method + 1) * owner.n);
    const found = [];
    for (let i = 0; i < owner.n; i += 1) {
      const answer = owner.answer(record, method, i);
      if (!known.data[i] && answer < 10 && answer !== truth.data[i]) found.push([sure[i], i, answer]);
    }
    return found.sort((a, b) => b[0] - a[0]).slice(0, SNOWBALL_MISTAKES);
  }

  drawMistakes(record) {
    const { theme, shown } = this.owner;
    const tile = Math.min(Math.floor(this.size / SNOWBALL_MISTAKES), 46);
    this.strip.style.height = `${tile + 20}px`;
    const context = sized(this.strip, this.size, tile + 20);
    context.font = `600 13px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "center";
    const found = this.mistakes(record);
    this.strip.ariaLabel = `Most confident wrong labels: ${found.map(([, i, a]) => `${shown.classes[shown.arrays.truth.data[i]]} taken for ${shown.classes[a]}`).join(", ")}`;
    found.forEach(([, i, answer], place) => {
      context.drawImage(this.owner.images.look(i, theme.text), place * tile, 0, tile - 3, tile - 3);
      context.fillStyle = theme.text;
      context.fillText(`${shown.classes[shown.arrays.truth.data[i]]}→${shown.classes[answer]}`, place * tile + tile / 2 - 1, tile + 8);
    });
  }
}
