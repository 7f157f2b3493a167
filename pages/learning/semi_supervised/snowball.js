// Four methods side by side on the same examples: unlabelled ones take a colour once a method
// trusts its answer for them, and a cross where that answer is wrong.
//
// Scene: methods; classes; extent [x, y] from the middle to the edges; tall: height over
// width; side of the grid, 0 without one; probe [x, y]
// or null; side of a picture, 0 without any. Scene arrays: xy (N, 2), truth (N), known (N) 0 or
// 1, pictures (N, side²). Records: answers (4, N) uint8, 10 added where it is not trusted; sure
// (4, N) uint8, 255 for 100 %; accuracy (4) in per cent; given, wrong (4); maps (4, grid²).

class Snowball {
  constructor(stage, player) {
    Object.assign(this, { stage, player, hover: -1, at: null, chosen: 1 });
    this.grid = barElement("div", "snowball-grid", stage);
    this.said = barElement("p", "snowball-said", stage);
    this.legend = barElement("div", "snowball-legend", stage);
    this.panels = [];
  }

  scene(scene) {
    this.shown = scene;
    Object.assign(this, { hover: -1, at: null, theme: null });
    this.images = scene.side ? new SnowballImages(this) : null;
    this.grid.classList.toggle("snowball-large", Boolean(scene.side));
    this.n = scene.arrays.truth.data.length;
    if (this.panels.length !== scene.methods.length) {
      this.grid.replaceChildren();
      this.panels = scene.methods.map((name, method) => new SnowballPanel(this, name, method));
    }
    this.keys();
  }

  /** What the marks mean, in words. */
  keys() {
    const { classes, side } = this.shown;
    this.marks = [
      ["label", side ? "has a label" : `has a label (${classes.join(" or ")})`],
      ["hollow", "not trusted yet"],
      ["dot", "taken for its colour's class"],
      ["wrong", side ? "taken for the wrong class, the one at its corner" : "taken for the wrong class"],
    ];
    this.legend.replaceChildren(
      ...this.marks.map(([, text]) => {
        const item = document.createElement("span");
        item.append(barElement("canvas", "", item), text);
        return item;
      }),
    );
  }

  colour(label) {
    const { categorical } = this.player.theme;
    return categorical[label % categorical.length];
  }

  // Hands.

  /** Show one method's map of digits; all four have room for their points. */
  choose(method) {
    this.chosen = method;
    this.player.redraw();
  }

  /** The example and the place under the pointer, the same in all pictures. */
  point(panel, x, y) {
    this.at = panel ? panel.plane(x, y) : null;
    this.hover = panel ? this.nearest(panel, x, y) : -1;
    this.player.redraw();
  }

  nearest(panel, x, y) {
    let [best, least] = [-1, 13 * 13];
    for (let i = 0; i < this.n; i += 1) {
      const [left, top] = panel.place(i);
      const distance = (left - x) ** 2 + (top - y) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  click() {
    if (this.hover >= 0) this.player.emit("label", { index: this.hover });
    else if (this.at && this.shown.grid) {
      this.player.emit("probe", { x: this.at[0], y: this.at[1] });
    }
  }

  // What is seen.

  draw(record) {
    if (!this.player.get("answers", record)) return;
    if (this.theme !== this.player.theme) this.dress();
    for (const panel of this.panels) panel.draw(record);
    this.tell(record);
  }

  dress() {
    const { theme } = this.player;
    this.theme = theme;
    const n = this.shown.classes.length;
    this.colours = Array.from({ length: n }, (_, label) => rgbOf(this.colour(label)));
    this.sprites = snowballSprites(this, theme);
    this.legend.querySelectorAll("canvas").forEach((canvas, i) => {
      this.sample(sized(canvas, 18, 18), this.marks[i][0]);
    });
  }

  /** One mark of the legend, 18 pixels wide. */
  sample(context, mark) {
    if (this.images) {
      this.images.side = 16;
      const first = this.shown.arrays.known.data.indexOf(0);
      if (mark === "label") this.images.drawLabelled(context, first, 0, 9, 9);
      else this.images.drawFree(context, first, mark === "hollow" ? 10 : 0, mark === "wrong", 9, 9);
      this.images.key = "";
      return;
    }
    const { labels, hollow, dots, wrong } = this.sprites;
    if (mark === "wrong") context.drawImage(dots[0], 0, 0, 18, 18);
    context.drawImage({ label: labels[0], hollow, dot: dots[0], wrong }[mark], 0, 0, 18, 18);
  }

  answer(record, method, i) {
    return this.player.get("answers", record)[method * this.n + i];
  }

  /** One line about what is under the pointer, for all methods. */
  tell(record) {
    const text = this.at ? this.reading(record) : this.hint();
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  hint() {
    return this.shown.grid
      ? "Click a point to give it its true label, or to take the label away: all begin again. Click between points to ask about a place."
      : "Click a method to see its map; click a digit to give it its true label, or to take the label away: all begin again.";
  }

  reading(record) {
    const { methods, classes, grid } = this.shown;
    const i = this.hover;
    if (i < 0) {
      if (!grid) return this.hint();
      const maps = this.player.get("maps", record);
      const cell = this.cell(this.at);
      const each = methods.map((name, m) => {
        const b = Math.round(maps[m * grid * grid + cell] / 2.55);
        return `${name} ${classes[1]} ${b}\u00a0%`;
      });
      return `Place (${this.at.map((v) => decimal(v, 1).replace("-", "−")).join(", ")}): ${each.join(" · ")}`;
    }
    const { truth, known } = this.shown.arrays;
    const sure = this.player.get("sure", record);
    const each = methods.map((name, m) => {
      const answer = this.answer(record, m, i) % 10;
      return `${name} ${classes[answer]} ${Math.round(sure[m * this.n + i] / 2.55)}\u00a0%`;
    });
    const state = known.data[i] ? "has its label" : "has no label";
    return `Example ${i}, truly ${classes[truth.data[i]]}, ${state}: ${each.join(" · ")}`;
  }

  cell([x, y]) {
    const { extent, grid } = this.shown;
    const place = (value) => Math.min(Math.max(Math.floor(value * grid), 0), grid - 1);
    return place((1 - y / extent[1]) / 2) * grid + place((x / extent[0] + 1) / 2);
  }

  describe(record) {
    const [accuracy, given, wrong] = ["accuracy", "given", "wrong"].map((n) => this.player.get(n, record));
    if (!accuracy) return "";
    const each = this.shown.methods.map((name, m) => {
      const labels = m ? `, ${given[m]} labels given, ${wrong[m]} wrong` : "";
      return `${name} ${decimal(accuracy[m], 1)}\u00a0% right on test examples${labels}`;
    });
    return `${each.join("; ")}.`;
  }

  resize() {}

  destroy() {}
}

function snowballDrawing(stage, player) {
  return new Snowball(stage, player);
}
