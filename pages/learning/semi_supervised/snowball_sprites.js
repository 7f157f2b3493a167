// Marks of the examples, drawn once a theme: dots, squares, and the wrong one's cross.

const SNOWBALL_SPRITE = 24;

function snowballSprites(owner, theme) {
  const { classes } = owner.shown;
  const make = (paint) => {
    const canvas = document.createElement("canvas");
    const context = sized(canvas, SNOWBALL_SPRITE, SNOWBALL_SPRITE);
    context.translate(SNOWBALL_SPRITE / 2, SNOWBALL_SPRITE / 2);
    context.textAlign = "center";
    context.textBaseline = "middle";
    paint(context);
    return canvas;
  };
  const each = (paint) => classes.map((_, label) => make((c) => paint(c, owner.colour(label), label)));
  return {
    hollow: make((context) => snowballHollow(context, theme)),
    dots: each((context, colour, label) => snowballShape(context, label, 3.6, colour, theme.background, 1)),
    labels: each((context, colour, label) => snowballShape(context, label, 7, colour, theme.text, 2.5)),
    wrong: make((context) => snowballWrong(context, theme)),
  };
}

function snowballHollow(context, theme) {
  context.beginPath();
  context.arc(0, 0, 2.8, 0, 2 * Math.PI);
  context.fillStyle = faded(theme.background, 0.75);
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = faded(theme.text, 0.55);
  context.stroke();
}

/** A disc for the first class, a square for the second: not by colour alone. */
function snowballShape(context, label, radius, colour, edge, width) {
  context.beginPath();
  if (label % 2) context.rect(-radius * 0.9, -radius * 0.9, radius * 1.8, radius * 1.8);
  else context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = edge;
  context.stroke();
}

function snowballWrong(context, theme) {
  for (const [width, colour] of [[3.6, theme.background], [1.7, theme.text]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(new Path2D("M-4 -4L4 4M-4 4L4 -4"));
  }
}

/** Grey levels as a small canvas: so much ink of one colour, on nothing. */
function snowballPicture(grey, side, ink) {
  const image = new ImageData(side, side);
  for (let i = 0; i < grey.length; i += 1) image.data.set([...ink, grey[i]], 4 * i);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
