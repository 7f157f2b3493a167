// Digits as images: pushed apart until each can be read, in the colour of the class they are
// taken for.

const SNOWBALL_FILLED = 0.5; // of the map's area, that the images cover
const SNOWBALL_PUSHES = 80;

class SnowballImages {
  constructor(owner) {
    Object.assign(this, { owner, looks: new Map(), key: "" });
  }

  /** Where every image stands (x, y in pixels), near its place on the two axes. */
  arrange(width, height, places) {
    const key = `${width} ${height}`;
    if (this.key === key) return;
    this.key = key;
    this.side = Math.sqrt((SNOWBALL_FILLED * width * height) / places.length);
    this.at = places.map(([x, y]) => [x, y]);
    for (let push = 0; push < SNOWBALL_PUSHES; push += 1) this.part(width, height);
  }

  /** Move every two that overlap half of the way apart, along the shorter way. */
  part(width, height) {
    const { at, side } = this;
    for (let i = 0; i < at.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const [dx, dy] = [at[i][0] - at[j][0], at[i][1] - at[j][1]];
        const [over, up] = [side - Math.abs(dx), side - Math.abs(dy)];
        if (over <= 0 || up <= 0) continue;
        const axis = over < up ? 0 : 1;
        const way = ((axis ? dy < 0 : dx < 0) ? -0.25 : 0.25) * Math.min(over, up);
        at[i][axis] += way;
        at[j][axis] -= way;
      }
    }
    const edge = side / 2 + 2;
    for (const place of at) {
      place[0] = Math.min(Math.max(place[0], edge), width - edge);
      place[1] = Math.min(Math.max(place[1], edge), height - edge);
    }
  }

  draw(context, record, method) {
    const { owner } = this;
    const { truth, known } = owner.shown.arrays;
    for (let i = 0; i < owner.n; i += 1) {
      const answer = owner.answer(record, method, i);
      if (known.data[i]) this.drawLabelled(context, i, truth.data[i], ...this.at[i]);
      else this.drawFree(context, i, answer, answer < 10 && answer !== truth.data[i], ...this.at[i]);
    }
  }

  drawFree(context, i, answer, isWrong, x, y) {
    const { side, owner } = this;
    const ink = answer < 10 ? owner.colour(answer) : owner.theme.text;
    context.globalAlpha = answer < 10 ? 1 : 0.45;
    context.drawImage(this.look(i, ink), x - side / 2, y - side / 2, side, side);
    context.globalAlpha = 1;
    if (isWrong) this.drawTaken(context, owner.shown.classes[answer], x, y);
  }

  /** A frame around an image with a wrong label, and the label at its corner. */
  drawTaken(context, name, x, y) {
    const { side, owner } = this;
    context.strokeStyle = owner.theme.text;
    context.lineWidth = 1.6;
    context.strokeRect(x - side / 2, y - side / 2, side, side);
    context.fillStyle = owner.theme.text;
    context.fillRect(x + side / 2 - 7, y - side / 2 - 3, 10, 12);
    context.font = `700 10px ${owner.theme.font}`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    context.fillStyle = owner.theme.background;
    context.fillText(name, x + side / 2 - 2, y - side / 2 + 3.5);
  }

  drawLabelled(context, i, label, x, y) {
    const { side, owner } = this;
    const colour = owner.colour(label);
    context.fillStyle = colour;
    context.fillRect(x - side / 2, y - side / 2, side, side);
    const ink = luminance(colour) > 0.35 ? "#111" : "#fff";
    context.drawImage(this.look(i, ink), x - side / 2, y - side / 2, side, side);
  }

  /** An example's image in one ink, on nothing. */
  look(i, ink) {
    const key = `${i} ${ink}`;
    if (!this.looks.has(key)) {
      const { side, arrays } = this.owner.shown;
      const grey = arrays.pictures.data.subarray(i * side * side, (i + 1) * side * side);
      this.looks.set(key, snowballPicture(grey, side, rgbOf(ink)));
    }
    return this.looks.get(key);
  }
}
