// Activation functions: one of them large with its derivative, and a network with each.
//
// Scene: names, formulas, chosen, reach, n_layers, guess; values and slopes (M, n) from −reach
// to reach; extent of the maps; points (N, 2) and labels. Records: maps (M, places) int8, losses, accuracies (M), gradients (M, layers), dead (M, hidden layers),
// inputs (M, bins) uint8: how often what goes into the network's activations.

function activationsElement(parent, tag, name, properties = {}) {
  const element = document.createElement(tag);
  element.className = `activations-${name}`;
  Object.assign(element, properties);
  parent.append(element);
  return element;
}

class Activations {
  constructor(stage, player) {
    Object.assign(this, { stage, player, z: 1, chosen: null, tiles: [] });
    stage.classList.add("activations");
    this.body = activationsElement(stage, "div", "body");
    this.graph = new ActivationsGraph(activationsElement(this.body, "div", "graph"), this);
    const side = activationsElement(this.body, "div", "side");
    activationsElement(side, "p", "key").textContent =
      "What the network answers over both inputs · loss, dashed: guessing · gradient reaching each layer, the first one left, marked: its mean over the first ten epochs · dead units. Click one to see its function.";
    this.grid = activationsElement(side, "div", "tiles");
  }

  scene(scene) {
    this.shown = scene;
    this.chosen ??= scene.chosen;
    if (this.tiles.length !== scene.names.length) {
      this.grid.replaceChildren();
      this.tiles = scene.names.map((name, m) => new ActivationsTile(this.grid, this, name, m));
    }
    this.graph.renew(scene);
  }

  choose(m) {
    if (m === this.chosen) return;
    this.chosen = m;
    this.player.redraw();
    this.player.emit("shown", { index: m });
  }

  /** Colours of the maps, made anew when the theme has changed. */
  colours() {
    const { theme } = this.player;
    if (this.theme !== theme) Object.assign(this, { theme, table: diverging(theme) });
    return this.table;
  }

  move(z) {
    const { reach } = this.shown;
    this.z = Math.min(Math.max(z, -reach), reach);
    this.player.redraw();
  }

  /** A function's sampled value or slope at the place nearest to z. */
  at(name, m, z = this.z) {
    const { data, shape } = this.shown.arrays[name];
    const n = shape[1];
    const { reach } = this.shown;
    const i = Math.round(((z + reach) / (2 * reach)) * (n - 1));
    return data[m * n + Math.min(Math.max(i, 0), n - 1)];
  }

  row(name, m, record) {
    const values = this.player.get(name, record);
    const size = values.length / this.shown.names.length;
    return values.subarray(m * size, (m + 1) * size);
  }

  draw(record) {
    if (!this.player.get("losses", record)) return;
    this.graph.draw(record);
    for (const tile of this.tiles) tile.draw(record);
  }

  describe(record) {
    if (!this.player.n) return "";
    const names = this.shown.names.map((name, m) => `${name}: ${this.tiles[m].reading(record)}`);
    return `${this.graph.told()} ${names.join("; ")}.`;
  }

  resize() {}

  destroy() {
    this.stage.replaceChildren();
  }
}

/** A small number as people write it, like 3.2 × 10⁻⁵. */
function activationsPower(value) {
  if (value === 0) return "0";
  if (!(Math.abs(value) < 0.001)) return shown(value);
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...power.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));
  return `${digits.replace("-", "−")} × 10${raised.join("")}`;
}

function activationsRaised(n) {
  return [...String(n)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");
}

function activationsDrawing(stage, player) {
  const picture = new Activations(stage, player);
  player.activations = picture;
  return picture;
}
