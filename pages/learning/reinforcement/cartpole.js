// A cart that balances a pole, and the network that decides where to push.
//
// Scene: n_hidden; state, actions: names; kind: "policy" (probabilities) or "values" (Q, to be
// multiplied by `unit`); agent, n_agents. Records: parameters (P) of the shown agent, returns
// (M), mean, states (501, 4) of its recorded episode and that episode's length.
//
// While the picture plays, the policy of the moment drives on and on. At rest, the recorded
// episode of that moment is played, until somebody pushes or takes the wheel.

class CartPole {
  constructor(stage, player) {
    Object.assign(this, { stage, player, mode: "policy", spent: 0, last: 0, held: 1, told: "" });
    this.root = barElement("div", "cartpole", stage);
    this.world = barElement("div", "half", this.root);
    this.canvas = barElement("canvas", "", this.world);
    this.canvas.setAttribute("role", "img");
    this.canvas.ariaLabel = "The cart on its track, with the pole";
    this.brain = barElement("div", "half", this.root);
    this.network = new CartPoleNetwork(this.brain);
    this.buttons();
    this.fresh();
  }

  buttons() {
    const group = barElement("div", "tools", this.stage);
    group.setAttribute("role", "group");
    group.ariaLabel = "Your turn";
    barElement("span", "", group).textContent = "Your turn:";
    this.button(group, "push the pole ←", () => this.shove(-1));
    this.button(group, "push the pole →", () => this.shove(1));
    this.drive = this.button(group, "drive it yourself with ← →", () => this.take());
    this.drive.dataset.keys = "";
    this.drive.onkeydown = (event) => this.steer(event);
    this.button(group, "the agent's episode", () => this.replay());
  }

  button(group, name, press) {
    const button = barElement("button", "tool", group);
    button.type = "button";
    button.textContent = name;
    button.onclick = press;
    return button;
  }

  scene(scene) {
    this.shown = scene;
    this.network.scene(scene);
    this.seen = undefined;
  }

  // What drives the cart.

  fresh() {
    this.state = Array.from({ length: 4 }, () => 0.1 * Math.random() - 0.05);
    Object.assign(this, { steps: 0, down: 0, spent: 0 });
  }

  shove(side) {
    Object.assign(this, { mode: "live", asked: true });
    if (cartpoleFallen(this.state)) this.fresh();
    this.down = 0;
    this.state[3] += 0.7 * side;
    this.wake();
  }

  take() {
    Object.assign(this, { mode: "you", asked: true });
    this.fresh();
    this.drive.focus();
    this.wake();
  }

  steer(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.held = event.key === "ArrowRight" ? 1 : 0;
    if (this.mode !== "you") this.take();
    if (this.down) this.fresh();
    this.wake();
  }

  replay() {
    Object.assign(this, { mode: "policy", asked: true, seen: undefined });
    this.player.redraw();
  }

  /** The policy drives on through the records while they play; at rest there is one episode. */
  draw(record) {
    if (!this.player.get("parameters", record)) return;
    this.measure();
    this.layers = this.network.read(this.player.get("parameters", record));
    const moving = this.player.moving;
    if (moving && this.mode === "policy") this.mode = "live";
    if (!moving && this.mode === "live" && this.seen !== record) this.mode = "policy";
    if (!moving && this.seen !== record && this.mode === "policy") {
      Object.assign(this, { steps: 0, spent: 0, down: 0, loops: 0 });
    }
    if (!moving) this.seen = record;
    this.paint();
    this.wake();
  }

  wake() {
    this.ticket ??= requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.ticket = null;
    if (!this.layers) return;
    const elapsed = this.last ? Math.min(now - this.last, 100) : 16;
    this.last = now;
    // People need more time than networks.
    this.spent += elapsed * (this.mode === "you" ? 0.4 : 1);
    for (; this.spent >= 20; this.spent -= 20) this.forward();
    this.paint();
    // Who prefers reduced motion sees what was asked for move, and nothing else.
    const calm = this.player.calm.matches && !this.asked;
    const rests = calm || (this.mode === "policy" && this.loops >= 2);
    if (rests || !this.root.isConnected || (this.mode === "you" && this.down > 0)) this.last = 0;
    else this.wake();
  }

  /** One step of 0.02 s. */
  forward() {
    if (this.down > 0) return this.rise();
    if (this.mode === "policy") return this.recorded();
    const action = this.mode === "you" ? this.held : this.network.best(this.layers, this.state);
    this.state = this.moved(this.state, action);
    this.steps += 1;
    if (!cartpoleFallen(this.state) && (this.steps < 500 || this.mode === "you")) return;
    const who = this.mode === "you" ? "You" : "The policy";
    this.told = `${who} balanced it for ${this.steps} steps.`;
    this.down = 40;
  }

  moved(state, action) {
    return cartpoleStep(state, action);
  }

  /** After a fall: a moment to see it, then another episode; people begin when they want. */
  rise() {
    if (this.mode === "you") return;
    this.down -= 1;
    if (this.down > 0) return;
    if (this.mode === "policy") Object.assign(this, { steps: 0, loops: this.loops + 1 });
    else this.fresh();
  }

  recorded() {
    const { player } = this;
    const length = player.get("length", player.record)[0];
    this.steps = Math.min(this.steps + 1, length);
    if (this.steps < length) return;
    this.told = `Recorded episode: ${length} steps.`;
    this.down = 60;
  }

  measure() {
    const room = this.stage.clientWidth;
    const beside = room >= 720;
    this.root.dataset.beside = beside;
    this.width = beside ? Math.round((room - 24) * 0.56) : room;
    this.height = beside ? 340 : Math.min(300, Math.round(room * 0.75));
    this.network.width = beside ? room - 24 - this.width : room;
    this.network.height = beside ? 340 : 320;
    this.canvas.style.cssText = `display:block;width:${this.width}px;height:${this.height}px`;
  }

  // What is seen.

  paint() {
    const { player } = this;
    if (this.mode === "policy") {
      const states = player.get("states", player.record);
      this.state = Array.from(states.subarray(4 * this.steps, 4 * this.steps + 4));
    }
    // The push that this very state gets, beside what the network answers to it.
    this.action = this.mode === "you" ? this.held : this.network.best(this.layers, this.state);
    const answer = this.network.draw(player.theme, this.layers, this.state);
    this.drawWorld(answer);
  }

  drawWorld(answer) {
    const { width, height } = this;
    const { theme } = this.player;
    const context = sized(this.canvas, width, height);
    Object.assign(this, { context, ground: height - 62, metre: width / 5.4 });
    context.textBaseline = "alphabetic";
    this.words(answer, theme);
    this.track(theme);
    this.cart(theme);
  }

  words(answer, theme) {
    const { context } = this;
    context.fillStyle = theme.text;
    context.textAlign = "left";
    context.font = `600 15px ${theme.font}`;
    const driver = this.mode === "you" ? "you drive" : this.mode === "policy" ? "recorded episode" : "the policy drives";
    context.fillText(`Environment: CartPole-v1, ${driver}`, 4, 18);
    context.font = `14px ${theme.font}`;
    const [x, v, angle, spin] = this.state;
    const degrees = (angle * 180) / Math.PI;
    context.fillText(`state s: x ${signedMetres(x)} m, v ${signedMetres(v)} m/s,`, 4, 42);
    context.fillText(`angle ${signedMetres(degrees, 1)}°, turning ${signedMetres((spin * 180) / Math.PI, 0)}°/s`, 4, 61);
    const action = this.action ?? 0;
    const chosen = this.shown.kind === "policy" && this.mode !== "you" ? `, π(a|s) = ${answer[action].toFixed(2)}` : "";
    context.fillText(`action a: ${this.shown.actions[action]}${chosen}`, 4, 80);
    context.textAlign = "right";
    context.fillText(`time ${(this.steps * 0.02).toFixed(2)} s`, this.width - 4, 42);
    context.fillText("reward +1 a step", this.width - 4, 61);
    context.fillText(`return ${this.steps}`, this.width - 4, 80);
  }

  track(theme) {
    const { context, ground, metre, width, height } = this;
    context.strokeStyle = faded(theme.text, 0.5);
    context.lineWidth = 2;
    context.stroke(new Path2D(`M0 ${ground}H${width}`));
    context.fillStyle = faded(theme.text, 0.75);
    context.font = `13px ${theme.font}`;
    context.textAlign = "center";
    for (const place of [-2.4, 0, 2.4]) {
      const x = width / 2 + place * metre;
      context.stroke(new Path2D(`M${x} ${ground - 4}V${ground + 8}`));
      context.fillText(`${signedMetres(place, 1)} m`, x, ground + 24);
    }
    context.textAlign = "left";
    context.font = `600 14px ${theme.font}`;
    context.fillStyle = theme.text;
    if (this.down > 0 && this.told) context.fillText(this.told, 4, height - 6);
  }

  cart(theme) {
    const { context, ground, metre, width } = this;
    const [x, , angle] = this.state;
    const place = width / 2 + x * metre;
    const fallen = cartpoleFallen(this.state);
    context.fillStyle = theme.categorical[0];
    context.beginPath();
    context.roundRect(place - 34, ground - 30, 68, 26, 5);
    context.fill();
    this.force(theme, place);
    context.save();
    context.translate(place, ground - 28);
    context.rotate(angle);
    context.strokeStyle = fallen ? theme.red : theme.categorical[1];
    context.lineWidth = 9;
    context.lineCap = "round";
    context.stroke(new Path2D(`M0 0V${-Math.min(1.35 * metre, ground - 130)}`));
    context.restore();
    context.beginPath();
    context.arc(place, ground - 28, 5, 0, 2 * Math.PI);
    context.fillStyle = theme.background;
    context.fill();
  }

  force(theme, place) {
    if (this.down > 0 || this.action === undefined) return;
    const { context, ground } = this;
    const side = this.action ? 1 : -1;
    const from = place + 36 * side;
    context.strokeStyle = theme.text;
    context.lineWidth = 3;
    context.stroke(new Path2D(`M${from} ${ground - 17}h${30 * side}m${-9 * side} -7l${9 * side} 7l${-9 * side} 7`));
    context.fillStyle = theme.text;
    context.font = `13px ${theme.font}`;
    context.textAlign = side > 0 ? "left" : "right";
    context.fillText("10 N", from + 4 * side, ground - 30);
  }

  describe(record) {
    const length = this.player.get("length", record)[0];
    return `Agent ${this.shown.agent} balances the pole for ${length} of 500 steps in its recorded episode.`;
  }

  resize() {}

  destroy() {
    cancelAnimationFrame(this.ticket);
    this.layers = null;
  }
}

function signedMetres(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function cartpoleDrawing(stage, player) {
  return new CartPole(stage, player);
}
