// A grid world: what every state and action is worth, and the agent walking through it.
//
// Scene: rows, columns; cells: letters in reading order; names: of letters; truth: V* (N) as
// array; limit: the value of full colour; discount, slip, coin; slow: one step a record;
// method: its name. Records: q (N, 4), visits (N), states, actions, rewards of the greedy
// episode (padded with -1), trail and age of the training episode, last: the latest update.

const GRID_STEP = 190; // ms that the agent takes for a step
const GRID_REST = 1100; // ms at the end of an episode
const GRID_AGENT = 0.33; // radius of the agent's ring, in cells
const GRID_ARROWS = ["↑", "→", "↓", "←"];
const GRID_TURNS = [0, 90, 180, 270];
const GRID_TOOLS = [
  ["", "look"],
  ["w", "wall"],
  ["g", "goal +1"],
  ["p", "pit −1"],
  ["c", "coin"],
  ["s", "start"],
  ["o", "empty"],
];

class Grid {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1, tool: "", walks: 0, began: 0, walked: null });
    this.root = barElement("div", "gridworld", stage);
    this.board = barElement("div", "board", this.root);
    this.canvas = barElement("canvas", "ground", this.board);
    this.canvas.setAttribute("role", "img");
    this.above = barElement("canvas", "above", this.board);
    this.loop = new GridLoop(this.root);
    this.reading = barElement("p", "cell-reading", stage);
    this.tools();
    this.listen();
  }

  listen() {
    this.above.onpointermove = (event) => this.point(this.cellAt(event.offsetX, event.offsetY));
    this.above.onpointerleave = () => this.point(-1);
    this.above.onclick = (event) => this.edit(this.cellAt(event.offsetX, event.offsetY));
  }

  tools() {
    const group = barElement("div", "tools", this.stage);
    group.setAttribute("role", "group");
    group.ariaLabel = "What a click puts into a cell";
    barElement("span", "", group).textContent = "Your turn: click a cell to set";
    this.buttons = GRID_TOOLS.map(([letter, name]) => {
      const button = barElement("button", "tool", group);
      button.type = "button";
      button.textContent = name;
      button.onclick = () => this.choose(letter);
      return [letter, button];
    });
    this.choose("");
  }

  choose(letter) {
    this.tool = letter;
    for (const [own, button] of this.buttons) button.ariaPressed = String(own === letter);
    this.above.style.cursor = letter ? "cell" : "crosshair";
  }

  edit(cell) {
    if (cell < 0 || !this.tool || this.shown.cells[cell] === this.tool) return;
    this.player.wanted = !this.player.calm.matches; // another world is learned at once
    this.player.emit("cell", { cell, letter: this.tool });
  }

  scene(scene) {
    Object.assign(this, { shown: scene, walked: null, hover: -1 });
    this.loop.scene(scene);
    this.canvas.ariaLabel = `A grid world of ${scene.rows} by ${scene.columns} cells`;
  }

  cellAt(x, y) {
    const { size, shown } = this;
    const [column, row] = [Math.floor(x / size), Math.floor(y / size)];
    const inside = row >= 0 && row < shown.rows && column >= 0 && column < shown.columns;
    return inside ? row * shown.columns + column : -1;
  }

  point(cell) {
    if (cell === this.hover) return;
    this.hover = cell;
    this.read();
    this.paintAgent(performance.now());
  }

  /** What the cell under the pointer holds, in words. */
  read() {
    const { hover, shown, player } = this;
    if (hover < 0) {
      this.reading.textContent = "Point at a cell to read its four action values.";
      return;
    }
    const q = player.get("q", player.record).subarray(4 * hover, 4 * hover + 4);
    const name = `${this.name(hover)} (${shown.names[shown.cells[hover]]})`;
    if ("wgp".includes(shown.cells[hover])) this.reading.textContent = `${name}: nothing to decide here.`;
    else {
      const values = GRID_ARROWS.map((arrow, a) => `${arrow} ${signedText(q[a])}`).join("   ");
      const visits = player.get("visits", player.record)[hover];
      const seen = visits ? ` · visited ${decimal(visits, 0)} times` : "";
      const truth = signedText(shown.arrays.truth.data[hover]);
      this.reading.textContent = `${name}: Q ${values} · value V ${signedText(Math.max(...q))}, truly ${truth}${seen}`;
    }
  }

  name(cell) {
    return `row ${Math.floor(cell / this.shown.columns) + 1}, column ${(cell % this.shown.columns) + 1}`;
  }

  measure() {
    const { rows, columns } = this.shown;
    const room = this.board.parentElement.clientWidth;
    const beside = room >= 720;
    this.root.dataset.beside = beside;
    const width = beside ? room - 330 : room;
    this.size = Math.floor(Math.min(width / columns, Math.max((this.player.room() - 74) / rows, 46), 92));
    [this.width, this.height] = [this.size * columns, this.size * rows];
    for (const canvas of [this.canvas, this.above]) {
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
    }
    this.board.style.width = `${this.width}px`;
    this.board.style.height = `${this.height}px`;
  }

  draw(record) {
    if (!this.player.get("q", record)) return;
    this.measure();
    const { theme } = this.player;
    if (this.theme !== theme) [this.theme, this.colours] = [theme, diverging(theme)];
    this.context = sized(this.canvas, this.width, this.height);
    const q = this.player.get("q", record);
    for (let s = 0; s < this.shown.cells.length; s += 1) this.cell(s, q.subarray(4 * s, 4 * s + 4));
    this.read();
    this.walk(record);
  }

  colour(value) {
    const { limit } = this.shown;
    const place = Math.round((Math.min(Math.max(value / limit, -1), 1) + 1) * 127.5);
    return [0, 1, 2].map((c) => this.colours[3 * place + c]);
  }

  corner(s) {
    const { columns } = this.shown;
    return [(s % columns) * this.size, Math.floor(s / columns) * this.size];
  }

  cell(s, q) {
    const { context, size, theme, shown } = this;
    const [x, y] = this.corner(s);
    const letter = shown.cells[s];
    const best = Math.max(...q);
    const value = { w: 0, g: 1, p: -1 }[letter] ?? best;
    const fill = this.colour(value);
    context.fillStyle = letter === "w" ? faded(theme.text, 0.45) : `rgb(${fill})`;
    context.fillRect(x, y, size, size);
    context.strokeStyle = faded(theme.text, 0.25);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
    if (letter === "w") return;
    const ink = luminance(fill) > 0.4 ? "#14181f" : "#ffffff";
    if (letter === "g" || letter === "p") this.end(x, y, letter, ink);
    else this.decision(s, q, best, ink);
  }

  end(x, y, letter, ink) {
    const { context, size, theme } = this;
    context.fillStyle = ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `700 ${Math.round(size * 0.26)}px ${theme.font}`;
    context.fillText(letter === "g" ? "+1" : "−1", x + size / 2, y + size * 0.42);
    context.font = `${Math.max(12, Math.round(size * 0.16))}px ${theme.font}`;
    context.fillText(letter === "g" ? "goal" : "pit", x + size / 2, y + size * 0.72);
  }

  /** Four action values at the edges, the best action as an arrow, the state's value. */
  decision(s, q, best, ink) {
    const { context, size, theme } = this;
    const [x, y] = this.corner(s);
    for (let a = 0; a < 4; a += 1) this.wedge(x, y, a, q[a]);
    const known = q.some((value) => value !== 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (known) this.arrow(x + size / 2, y + size * 0.4, q.indexOf(best), ink);
    context.fillStyle = ink;
    context.font = `${Math.max(12, Math.round(size * 0.18))}px ${theme.font}`;
    if (size >= 40) context.fillText(signedText(best), x + size / 2, y + size * 0.68);
    if (this.shown.cells[s] === "c") this.coin(x, y);
    if (this.shown.cells[s] === "s") this.tag(x, y, "start", ink);
  }

  wedge(x, y, a, value) {
    const { context, size } = this;
    const [base, height] = [size * 0.17, size * 0.13];
    context.save();
    context.translate(x + size / 2, y + size / 2);
    context.rotate((GRID_TURNS[a] * Math.PI) / 180);
    context.beginPath();
    context.moveTo(-base, -size / 2 + height + 2);
    context.lineTo(base, -size / 2 + height + 2);
    context.lineTo(0, -size / 2 + 2);
    context.closePath();
    context.fillStyle = `rgb(${this.colour(value)})`;
    context.fill();
    context.strokeStyle = faded(this.theme.text, 0.4);
    context.stroke();
    context.restore();
  }

  arrow(x, y, a, ink) {
    const { context, size } = this;
    const reach = size * 0.15;
    context.save();
    context.translate(x, y);
    context.rotate((GRID_TURNS[a] * Math.PI) / 180);
    context.strokeStyle = ink;
    context.lineWidth = Math.max(2, size * 0.04);
    context.lineCap = context.lineJoin = "round";
    context.stroke(new Path2D(`M0 ${reach}V${-reach}M${-reach * 0.7} ${-reach * 0.3}L0 ${-reach}L${reach * 0.7} ${-reach * 0.3}`));
    context.restore();
  }

  coin(x, y) {
    const { context, size, theme, shown } = this;
    context.beginPath();
    context.arc(x + size * 0.8, y + size * 0.2, size * 0.15, 0, 2 * Math.PI);
    context.fillStyle = "#f2c230";
    context.fill();
    context.strokeStyle = "#5c4500";
    context.stroke();
    context.fillStyle = "#3d2e00";
    context.font = `700 ${Math.max(10, Math.round(size * 0.13))}px ${theme.font}`;
    context.fillText(String(shown.coin).replace(/^0/, ""), x + size * 0.8, y + size * 0.2);
  }

  tag(x, y, text, ink) {
    const { context, size, theme } = this;
    context.fillStyle = ink;
    context.font = `${Math.max(13, Math.round(size * 0.15))}px ${theme.font}`;
    context.textAlign = "left";
    context.fillText(text, x + size * 0.05, y + size * 0.11);
  }

  // The agent.

  /** The greedy episode of a record, or how far the episode in training has come. */
  episode(record) {
    const { player, shown } = this;
    const get = (name) => player.get(name, record);
    if (!shown.slow || record === 0) {
      const states = Array.from(get("states")).filter((s) => s >= 0);
      const n = states.length - 1;
      return { record, states, actions: get("actions").slice(0, n), rewards: get("rewards").slice(0, n) };
    }
    const [, a, r] = get("last");
    const age = get("age")[0];
    const states = Array.from(get("trail").slice(0, age ? age + 1 : 61));
    return { record, states, actions: [a], rewards: [r], standing: true };
  }

  /** A walk once begun is walked to its end; then the newest episode is begun. */
  walk(record) {
    const rests = !this.player.moving;
    const now = performance.now();
    if (!this.walked || this.shown.slow || (rests && this.walked.record !== record)) {
      Object.assign(this, { walked: this.episode(record), began: now, walks: 0 });
    }
    this.paintAgent(now);
    this.ticket ??= requestAnimationFrame((time) => this.tick(time));
  }

  tick(now) {
    this.ticket = null;
    if (!this.walked || this.walked.standing) return;
    const length = (this.walked.states.length - 1) * GRID_STEP;
    if (now - this.began > length + GRID_REST) this.again(now);
    this.paintAgent(now);
    // A picture at rest shows its episode three times and then rests as well.
    if (this.walks < 3 && !this.player.calm.matches) {
      this.ticket = requestAnimationFrame((time) => this.tick(time));
    }
  }

  again(now) {
    this.walks = this.player.moving ? 0 : this.walks + 1;
    if (this.walks < 3) [this.walked, this.began] = [this.episode(this.player.record), now];
  }

  /** Where the agent is now, and after how many whole steps. */
  place(now) {
    const { states, standing } = this.walked;
    const last = states.length - 1;
    const still = standing || this.player.calm.matches || this.walks >= 3;
    const along = still ? last : Math.min(Math.max((now - this.began) / GRID_STEP, 0), last);
    const t = Math.min(Math.floor(along), Math.max(last - 1, 0));
    return { along, t, from: states[t], to: states[Math.min(t + 1, last)], part: along - t };
  }

  paintAgent(now) {
    const { walked, size, theme } = this;
    const context = sized(this.above, this.width, this.height);
    if (!walked) return;
    const at = this.place(now);
    this.path(context, at.t);
    const [[x0, y0], [x1, y1]] = [this.corner(at.from), this.corner(at.to)];
    const ease = at.part < 1 ? at.part * at.part * (3 - 2 * at.part) : 1;
    const [x, y] = [x0 + (x1 - x0) * ease + size / 2, y0 + (y1 - y0) * ease + size / 2];
    const [updated] = this.player.get("last", this.player.record);
    if (walked.standing && updated >= 0) this.frame(context, updated, theme.categorical[1], 4);
    if (this.hover >= 0) this.frame(context, this.hover, theme.text, 2);
    this.agent(context, x, y);
    this.loop.show(this, at);
  }

  /** A ring, so that the arrow and the value of its cell are seen within. */
  agent(context, x, y) {
    const { size, theme } = this;
    const wide = Math.max(4, size * 0.07);
    context.beginPath();
    context.arc(x, y, size * GRID_AGENT, 0, 2 * Math.PI);
    for (const [colour, width] of [[theme.background, wide + 4], [theme.categorical[1], wide]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
    this.label(context, x, y);
  }

  path(context, t) {
    const { size, theme } = this;
    context.beginPath();
    for (const [i, s] of this.walked.states.slice(0, t + 1).entries()) {
      const [x, y] = this.corner(s).map((edge) => edge + size / 2);
      context[i ? "lineTo" : "moveTo"](x, y);
    }
    context.strokeStyle = faded(theme.categorical[1], 0.5);
    context.lineWidth = Math.max(3, size * 0.06);
    context.lineJoin = context.lineCap = "round";
    context.stroke();
  }

  frame(context, cell, colour, width) {
    const [x, y] = this.corner(cell);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x + width / 2, y + width / 2, this.size - width, this.size - width);
  }

  label(context, x, y) {
    const { size, theme } = this;
    context.font = `600 13px ${theme.font}`;
    const width = context.measureText("agent").width + 10;
    const left = Math.min(Math.max(x - width / 2, 1), this.width - width - 1);
    const top = y > size * 0.6 ? y - size / 2 - 9 : y + size / 2 - 9;
    context.beginPath();
    context.roundRect(left, top, width, 18, 5);
    context.fillStyle = theme.text;
    context.fill();
    context.fillStyle = theme.background;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText("agent", left + 5, top + 9.5);
  }

  describe(record) {
    const { states, rewards } = this.episode(record);
    const end = this.shown.names[this.shown.cells[states.at(-1)]];
    const gain = rewards.reduce((sum, r, t) => sum + r * this.shown.discount ** t, 0);
    if (this.shown.slow) return `The agent stands in ${this.name(states.at(-1))}.`;
    return `The best policy so far walks ${states.length - 1} steps to: ${end}; return ${signedText(gain)}.`;
  }

  resize() {}

  destroy() {
    cancelAnimationFrame(this.ticket);
    this.walked = null;
  }
}

/** A number with its sign, a real minus, two decimals. */
function signedText(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function gridDrawing(stage, player) {
  return new Grid(stage, player);
}
