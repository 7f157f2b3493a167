// The plane of amount and distance: axes, shading by probability, payments on it.

const RULES_MARGIN = { left: 50, right: 12, top: 10, bottom: 40 };
const RULES_GRID = [56, 48]; // columns and rows of the model's map
const RULES_TICKS = [
  [1, 10, 100, 1000, 10000],
  [0.1, 1, 10, 100, 1000, 10000],
];

/** One payment's logarithms, centred and scaled, as the network takes them. */
function rulesInput(scene, amount, distance, count) {
  return [amount, distance, count].map((v, i) => (Math.log10(v) - scene.centre[i]) / scene.scale[i]);
}

/** The network's probabilities for inputs (n, 3); layer by layer, without garbage. */
function rulesForward(sizes, parameters, inputs) {
  const n = inputs.length / 3;
  let [x, at] = [inputs, 0];
  for (let layer = 1; layer < sizes.length; layer += 1) {
    const [from, to] = [sizes[layer - 1], sizes[layer]];
    const last = layer === sizes.length - 1;
    const z = new Float32Array(n * to);
    for (let row = 0; row < n; row += 1) {
      for (let unit = 0; unit < to; unit += 1) {
        let sum = parameters[at + from * to + unit];
        for (let i = 0; i < from; i += 1) sum += parameters[at + unit * from + i] * x[row * from + i];
        z[row * to + unit] = last ? 1 / (1 + Math.exp(-sum)) : Math.tanh(sum);
      }
    }
    at += (from + 1) * to;
    x = z;
  }
  return x;
}

/** Whether the rule stops a payment. */
function rulesAlarm(rule, amount, distance, count) {
  const reached = (amount >= rule.amount) + (distance >= rule.distance) + (count >= rule.count);
  return reached >= rule.votes;
}

/** From powers of ten to pixels and back, for a canvas of this size. */
function rulesAxes(domain, width, height) {
  const { left, right, top, bottom } = RULES_MARGIN;
  const [[x0, x1], [y0, y1]] = domain;
  const [w, h] = [width - left - right, height - top - bottom];
  return {
    left, top, w, h,
    x: (v) => left + (Math.min(Math.max((Math.log10(v) - x0) / (x1 - x0), 0), 1)) * w,
    y: (v) => top + (1 - Math.min(Math.max((Math.log10(v) - y0) / (y1 - y0), 0), 1)) * h,
    amount: (px) => 10 ** (x0 + ((px - left) / w) * (x1 - x0)),
    distance: (py) => 10 ** (y0 + (1 - (py - top) / h) * (y1 - y0)),
    inside: (px, py) => px >= left && px <= left + w && py >= top && py <= top + h,
  };
}

/** Shade a map (rows from the top) of probabilities 0 … 1: orange is fraud, blue honest. */
function rulesShade(context, axes, values, columns, rows, theme) {
  const table = diverging(theme);
  const image = new ImageData(columns, rows);
  for (let i = 0; i < values.length; i += 1) {
    const entry = 3 * Math.round(127.5 - 62 * (2 * values[i] - 1));
    image.data.set([table[entry], table[entry + 1], table[entry + 2], 255], 4 * i);
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  small.getContext("2d").putImageData(image, 0, 0);
  context.save();
  context.beginPath();
  context.rect(axes.left, axes.top, axes.w, axes.h);
  context.clip();
  context.drawImage(small, axes.left, axes.top, axes.w, axes.h);
  context.restore();
}

/** The line where a map passes a level, by marching squares between the cells' centres. */
function rulesContour(context, axes, values, columns, rows, level, colour) {
  const [dx, dy] = [axes.w / columns, axes.h / rows];
  const place = (c, r) => [axes.left + (c + 0.5) * dx, axes.top + (r + 0.5) * dy];
  context.beginPath();
  for (let r = 0; r < rows - 1; r += 1) {
    for (let c = 0; c < columns - 1; c += 1) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const crossed = [];
      for (let i = 0; i < 4; i += 1) {
        const [a, b] = [corners[i], corners[(i + 1) % 4]];
        const [va, vb] = [values[a[1] * columns + a[0]], values[b[1] * columns + b[0]]];
        if (va >= level === vb >= level) continue;
        const t = (level - va) / (vb - va);
        const [p, q] = [place(...a), place(...b)];
        crossed.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      }
      for (let i = 0; i + 1 < crossed.length; i += 2) {
        context.moveTo(...crossed[i]);
        context.lineTo(...crossed[i + 1]);
      }
    }
  }
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}

function rulesPower(value) {
  if (value < 1) return String(value);
  return value >= 1000 ? `${value / 1000}k` : String(value);
}

function rulesFrame(context, axes, theme, height) {
  context.font = `12px ${theme.font}`;
  context.fillStyle = faded(theme.text, 0.8);
  context.strokeStyle = faded(theme.text, 0.12);
  context.lineWidth = 1;
  context.textBaseline = "middle";
  for (const tick of RULES_TICKS[0]) {
    const x = Math.round(axes.x(tick)) + 0.5;
    context.textAlign = "center";
    context.fillText(rulesPower(tick), Math.min(x, axes.left + axes.w - 8), axes.top + axes.h + 11);
    context.stroke(new Path2D(`M${x} ${axes.top}V${axes.top + axes.h}`));
  }
  for (const tick of RULES_TICKS[1]) {
    const y = Math.round(axes.y(tick)) + 0.5;
    context.textAlign = "right";
    context.fillText(rulesPower(tick), axes.left - 6, y);
    context.stroke(new Path2D(`M${axes.left} ${y}H${axes.left + axes.w}`));
  }
  context.textAlign = "center";
  context.fillText("amount, €", axes.left + axes.w / 2, height - 9);
  context.save();
  context.translate(9, axes.top + axes.h / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("distance from home, km", 0, 0);
  context.restore();
}

/** One payment: a dot if honest, a triangle if a fraud; a ring where the answer is wrong. */
function rulesPayment(context, x, y, isFraud, wrong, theme) {
  context.beginPath();
  if (isFraud) {
    context.moveTo(x, y - 5.5);
    context.lineTo(x + 5, y + 3.5);
    context.lineTo(x - 5, y + 3.5);
    context.closePath();
  } else context.arc(x, y, 2.6, 0, 2 * Math.PI);
  context.fillStyle = theme.categorical[isFraud ? 1 : 0];
  context.fill();
  context.lineWidth = 0.8;
  context.strokeStyle = theme.background;
  context.stroke();
  if (!wrong) return;
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.lineWidth = 1.6;
  context.strokeStyle = theme.text;
  context.stroke();
}
