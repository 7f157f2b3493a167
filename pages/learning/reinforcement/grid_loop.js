// The loop of reinforcement learning beside the grid, its words with the numbers of now.

class GridLoop {
  constructor(parent) {
    this.element = barElement("div", "loop", parent);
    this.agent = this.box("Agent", "agent");
    this.down = this.wire("down");
    this.world = this.box("Environment", "environment");
    this.up = this.wire("up");
    this.gain = this.line("gain");
    this.update = this.line("update");
  }

  box(name, kind) {
    const box = barElement("div", `box ${kind}`, this.element);
    barElement("b", "", box).textContent = name;
    return barElement("span", "", box);
  }

  wire(kind) {
    return barElement("div", `wire ${kind}`, this.element);
  }

  line(kind) {
    return barElement("div", `sum ${kind}`, this.element);
  }

  scene(scene) {
    this.shown = scene;
    const slips = scene.slip ? `${Math.round(100 * scene.slip)}\u00a0% of the moves slip sideways` : "every move succeeds";
    this.world.textContent = slips;
  }

  /** The step under way in the grid's walk. */
  show(grid, at) {
    const { walked } = grid;
    const t = Math.min(at.t, Math.max(walked.actions.length - 1, 0));
    const over = at.along >= walked.states.length - 1;
    const now = over ? at.to : at.from;
    const arrow = GRID_ARROWS[walked.actions[walked.standing ? 0 : t]] ?? "";
    this.text(this.agent, `policy π: ${this.policy(grid, now)}`);
    this.text(this.down, arrow ? `action a = ${arrow}` : "action a");
    const r = walked.rewards[walked.standing ? 0 : over ? t : t - 1];
    const paid = r === undefined ? "" : `, reward r = ${signedText(r)}`;
    this.text(this.up, `state s = ${grid.name(now)}${paid}`);
    this.sum(walked, over ? walked.rewards.length : t);
    this.learned(grid);
  }

  policy(grid, s) {
    const letter = this.shown.cells[s];
    if (letter === "g" || letter === "p") return `${this.shown.names[letter]}: the episode is over`;
    const q = grid.player.get("q", grid.player.record).subarray(4 * s, 4 * s + 4);
    const best = q.indexOf(Math.max(...q));
    return `here the best action is ${GRID_ARROWS[best]}, Q = ${signedText(q[best])}`;
  }

  sum(walked, n) {
    if (walked.standing) {
      const steps = walked.states.length - 1;
      this.text(this.gain, `Training, one step a frame: step ${steps} of this episode.`);
      return;
    }
    const { discount } = this.shown;
    let gain = 0;
    for (let t = 0; t < n; t += 1) gain += walked.rewards[t] * discount ** t;
    const whole = n >= walked.rewards.length ? "" : " so far";
    this.text(this.gain, `return G = r₀ + γ r₁ + γ² r₂ …${whole} = ${signedText(gain)} after ${n} steps`);
  }

  /** The latest update with its numbers: a share α of the way towards its target. */
  learned(grid) {
    const [s, a, r, , old, target, fresh] = grid.player.get("last", grid.player.record);
    if (s < 0) {
      this.text(this.update, this.shown.rule);
      return;
    }
    const rate = target === old ? 0 : (fresh - old) / (target - old);
    const name = `Q(${grid.name(s)}, ${GRID_ARROWS[a]})`;
    const share = this.shown.deep ? "" : `, α = ${rate.toFixed(2)}`;
    const parts = `r + γ ${this.shown.follows} = ${signedText(r)} + ${signedText(target - r, 3)}`;
    const aim = `target = ${parts} = ${signedText(target, 3)}${share}`;
    this.text(this.update, `Latest change: ${name} from ${signedText(old, 3)} to ${signedText(fresh, 3)}; ${aim}`);
  }

  text(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
}
