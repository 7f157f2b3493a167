// The strip: a lane for every true class, every example at the probability it is given.

const DECISIONS_MARKS = [
  (c, r) => c.arc(0, 0, r, 0, 2 * Math.PI),
  (c, r) => c.rect(-0.86 * r, -0.86 * r, 1.72 * r, 1.72 * r),
  (c, r) => decisionsPolygon(c, 3, 1.25 * r, -90),
  (c, r) => decisionsPolygon(c, 4, 1.25 * r, 0),
  (c, r) => decisionsPolygon(c, 3, 1.25 * r, 90),
  (c, r) => decisionsPolygon(c, 6, 1.1 * r, 0),
];

function decisionsPolygon(context, n, radius, degrees) {
  for (let i = 0; i < n; i += 1) {
    const angle = ((degrees + (360 * i) / n) * Math.PI) / 180;
    context[i ? "lineTo" : "moveTo"](radius * Math.cos(angle), radius * Math.sin(angle));
  }
  context.closePath();
}

/** The marker of a class: its own shape and colour. */
function decisionsMark(context, x, y, k, colour, radius, edge) {
  context.save();
  context.translate(x, y);
  context.beginPath();
  DECISIONS_MARKS[k % DECISIONS_MARKS.length](context, radius);
  if (edge) {
    context.lineWidth = 1.6;
    context.strokeStyle = edge;
    context.stroke();
  }
  context.fillStyle = colour;
  context.fill();
  context.restore();
}

function decisionsSized(canvas, width, height) {
  canvas.style.height = `${height}px`;
  return sized(canvas, width, height);
}

/** Two lanes are tall, twenty low; under a plane all are low. */
function decisionsHeight(n, low) {
  const lane = low ? Math.max(120 / n, 22) : Math.min(Math.max(216 / n, 24), 108);
  return Math.round(n * lane + 68);
}

function decisionsShort(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function decisionsLayout(context, classes, width, height, theme) {
  context.font = `600 14px ${theme.font}`;
  const widest = Math.max(...classes.map((name) => context.measureText(name).width));
  const left = Math.min(widest, 0.24 * width) + 18;
  const [top, right, bottom] = [24, 18, 44];
  return {
    left, top, width, height, right,
    bottom: height - bottom,
    lane: (height - top - bottom) / classes.length,
    x: (p) => left + p * (width - left - right),
    probability: (x) => (x - left) / (width - left - right),
  };
}

function decisionsLanes(context, layout, { shown, theme, positive, threshold, colour, player }) {
  const { left, top, bottom, lane, width, right, x } = layout;
  const own = player.theme.categorical[positive % player.theme.categorical.length];
  context.fillStyle = faded(own, 0.1);
  context.fillRect(x(threshold), top, width - right - x(threshold) + 8, bottom - top);
  context.textBaseline = "middle";
  shown.classes.forEach((name, k) => {
    const y = top + (k + 0.5) * lane;
    context.font = `${k === positive ? 700 : 500} 14px ${theme.font}`;
    context.fillStyle = theme.text;
    context.textAlign = "right";
    context.fillText(decisionsShort(context, name, left - 14), left - 12, y);
    if (!k) return;
    context.strokeStyle = faded(theme.text, 0.14);
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${left - 8} ${top + k * lane}H${width - right + 8}`));
  });
  decisionsTicks(context, layout, theme, shown.classes[positive]);
}

function decisionsTicks(context, { bottom, height, x, left, width, right }, theme, name) {
  context.font = `13px ${theme.font}`;
  context.textAlign = "center";
  context.fillStyle = faded(theme.text, 0.8);
  context.strokeStyle = faded(theme.text, 0.12);
  for (const p of [0, 0.25, 0.5, 0.75, 1]) {
    context.stroke(new Path2D(`M${x(p)} 24V${bottom}`));
    context.fillText(`${100 * p}`, x(p), bottom + 12);
  }
  const title = `probability of ${name} that the network gives, %`;
  context.fillText(decisionsShort(context, title, width - left - right), (left + width - right) / 2, height - 11);
}

/** Where every example lies; a fixed place across its lane, so that it slides and never jumps. */
function decisionsDots(context, { top, lane, x }, { odds, labels, sprites, player }) {
  const pixels = new Float32Array(2 * labels.length);
  const span = Math.max(lane - 18, 6);
  context.globalAlpha = labels.length > 800 ? 0.6 : 0.92;
  for (let i = 0; i < labels.length; i += 1) {
    const across = (i * 0.6180339887) % 1;
    pixels[2 * i] = x(1 / (1 + Math.exp(-odds[i])));
    pixels[2 * i + 1] = top + (labels[i] + 0.5) * lane + (across - 0.5) * span;
    context.drawImage(sprites[labels[i]], pixels[2 * i] - 7, pixels[2 * i + 1] - 7, 14, 14);
  }
  context.globalAlpha = 1;
  return pixels;
}

/** The threshold: a line to be dragged, and what is answered on either side of it. */
function decisionsLine(context, { top, bottom, x, width, left }, { threshold, theme, shown, positive }) {
  const at = x(threshold);
  context.strokeStyle = context.fillStyle = theme.text;
  context.lineWidth = 2;
  context.setLineDash([6, 4]);
  context.stroke(new Path2D(`M${at} ${top - 2}V${bottom}`));
  context.setLineDash([]);
  context.font = `600 13px ${theme.font}`;
  context.textBaseline = "middle";
  const room = { yes: width - at - 30, no: at - left - 22 };
  const name = shown.classes[positive];
  context.textAlign = "left";
  if (room.yes > 40) context.fillText(decisionsShort(context, `${name} →`, room.yes), at + 24, 11);
  context.textAlign = "right";
  if (room.no > 40) context.fillText(decisionsShort(context, `← not ${name}`, room.no), at - 24, 11);
  context.beginPath();
  context.roundRect(at - 20, 0, 40, 22, 11);
  context.fill();
  context.fillStyle = theme.background;
  context.textAlign = "center";
  context.fillText(`${Math.round(100 * threshold)}\u00a0%`, at, 11.5);
}

function decisionsName(context, { hover, odds, shown, labels, theme, positive }, pixels) {
  const p = 100 / (1 + Math.exp(-odds[hover]));
  const given = p > 99.95 || p < 0.05 ? p.toFixed(2) : p.toFixed(1);
  const text = `${shown.names[hover]} · ${shown.classes[labels[hover]]} · P(${shown.classes[positive]}) = ${given}\u00a0%`;
  context.font = `13px ${theme.font}`;
  const wide = context.canvas.clientWidth;
  const said = decisionsShort(context, text, wide - 24);
  const width = context.measureText(said).width + 16;
  const [px, py] = [pixels[2 * hover], pixels[2 * hover + 1]];
  const x = Math.min(Math.max(px - width / 2, 2), wide - width - 2);
  const y = py > 46 ? py - 38 : py + 14;
  context.beginPath();
  context.arc(px, py, 9, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = theme.text;
  context.stroke();
  context.beginPath();
  context.roundRect(x, y, width, 25, 6);
  context.fillStyle = theme.text;
  context.fill();
  context.fillStyle = theme.background;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(said, x + 8, y + 13);
}
