// Marks of the examples, drawn once a theme: dots, squares or digits, and the wrong one's cross.

const SNOWBALL_SPRITE = 24;

function snowballSprites(owner, theme) {
  const { classes, side } = owner.shown;
  const make = (paint) => {
    const canvas = document.createElement("canvas");
    const context = sized(canvas, SNOWBALL_SPRITE, SNOWBALL_SPRITE);
    context.translate(SNOWBALL_SPRITE / 2, SNOWBALL_SPRITE / 2);
    context.textAlign = "center";
    context.textBaseline = "middle";
    paint(context);
    return canvas;
  };
  const each = (paint) => classes.map((name, label) => make((c) => paint(c, name, owner.colour(label), label)));
  return {
    hollow: make((context) => snowballHollow(context, theme)),
    dots: each((context, name, colour, label) => {
      if (side) snowballDigit(context, name, colour, theme);
      else snowballShape(context, label, 3.6, colour, theme.background, 1);
    }),
    labels: each((context, name, colour, label) => {
      if (side) snowballBadge(context, name, colour, theme);
      else snowballShape(context, label, 7, colour, theme.text, 2.5);
    }),
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

function snowballDigit(context, name, colour, theme) {
  context.font = `700 11px ${theme.font}`;
  context.lineWidth = 2.5;
  context.strokeStyle = theme.background;
  context.strokeText(name, 0, 0.5);
  context.fillStyle = colour;
  context.fillText(name, 0, 0.5);
}

function snowballBadge(context, name, colour, theme) {
  context.beginPath();
  context.arc(0, 0, 7, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = theme.text;
  context.stroke();
  context.font = `700 11px ${theme.font}`;
  context.fillStyle = luminance(colour) > 0.35 ? "#111" : "#fff";
  context.fillText(name, 0, 0.8);
}

function snowballWrong(context, theme) {
  for (const [width, colour] of [[3.6, theme.background], [1.7, theme.text]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(new Path2D("M-4 -4L4 4M-4 4L4 -4"));
  }
}

/** Grey levels as a small canvas, ink in the colour of the text. */
function snowballPicture(grey, side, paper, ink) {
  const image = new ImageData(side, side);
  for (let i = 0; i < grey.length; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = paper[c] + ((ink[c] - paper[c]) * grey[i]) / 255;
    image.data[4 * i + 3] = 255;
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
