// From log-probabilities to answers: odds, counts at a threshold, ROC and precision–recall.

/** Log-odds of one class for every example, exact also where a probability is nearly 1. */
function decisionsOdds(logp, n, positive, unit, held) {
  const odds = held?.length === logp.length / n ? held : new Float32Array(logp.length / n);
  for (let i = 0; i < odds.length; i += 1) {
    let [most, sum] = [-Infinity, 0];
    for (let k = 0; k < n; k += 1) if (k !== positive) most = Math.max(most, logp[i * n + k]);
    for (let k = 0; k < n; k += 1) if (k !== positive) sum += Math.exp((logp[i * n + k] - most) / unit);
    odds[i] = (logp[i * n + positive] - most) / unit - Math.log(sum);
  }
  return odds;
}

function decisionsJudged(odds, labels, positive, cut) {
  const yes = new Uint8Array(odds.length);
  const found = { yes, hits: 0, misses: 0, alarms: 0, rejections: 0 };
  for (let i = 0; i < odds.length; i += 1) {
    yes[i] = Number(odds[i] >= cut);
    if (labels[i] === positive) found[yes[i] ? "hits" : "misses"] += 1;
    else found[yes[i] ? "alarms" : "rejections"] += 1;
  }
  return {
    ...found,
    precision: found.hits / (found.hits + found.alarms),
    recall: found.hits / (found.hits + found.misses),
    alarmRate: found.alarms / (found.alarms + found.rejections),
    accuracy: (found.hits + found.rejections) / odds.length,
  };
}

/** Both curves with a point for every threshold that makes a difference, and their areas. */
function decisionsCurves(odds, labels, positive) {
  const order = Array.from(odds.keys()).sort((a, b) => odds[b] - odds[a]);
  const total = order.reduce((sum, i) => sum + (labels[i] === positive), 0);
  const others = order.length - total;
  const [roc, pr] = [[[0, 0]], []];
  let [hits, alarms, area, precision] = [0, 0, 0, 0];
  order.forEach((i, place) => {
    if (labels[i] === positive) hits += 1;
    else alarms += 1;
    if (place + 1 < order.length && odds[order[place + 1]] === odds[i]) return;
    const [x, y] = [alarms / (others || 1), hits / (total || 1)];
    const [fromX, fromY] = roc[roc.length - 1];
    area += ((x - fromX) * (y + fromY)) / 2;
    precision += (y - fromY) * (hits / (hits + alarms));
    roc.push([x, y]);
    pr.push([y, hits / (hits + alarms)]);
  });
  return { roc, pr, area, precision };
}

/** The four counts as a table of buttons, and the shares made of them. */
class DecisionsCounts {
  constructor(parent, open) {
    this.table = barElement("div", "decisions-table", parent);
    barElement("span", "", this.table);
    this.heads = [0, 1].map(() => barElement("span", "decisions-label", this.table));
    this.rows = [];
    this.cells = [true, false].map((isIt) => {
      this.rows.push(barElement("span", "decisions-label decisions-row", this.table));
      return [true, false].map((yes) => this.cell(isIt, yes, open));
    });
    const shares = barElement("div", "decisions-shares", parent);
    this.shares = ["precision", "recall", "accuracy"].map((what) => {
      const item = barElement("div", "", shares);
      const value = barElement("b", "", item);
      barElement("span", "", item).textContent = what;
      return value;
    });
  }

  cell(isIt, yes, open) {
    const button = barElement("button", `decisions-cell ${isIt === yes ? "right" : "wrong"}`, this.table);
    button.type = "button";
    button.onclick = () => open(isIt, yes);
    return button;
  }

  show(judged, classes, positive) {
    const name = classes[positive];
    const other = classes.length === 2 ? classes[1 - positive] : "another";
    decisionsText(this.heads[0], `says ${name}`);
    decisionsText(this.heads[1], `says ${other}`);
    decisionsText(this.rows[0], `is ${name}`);
    decisionsText(this.rows[1], `is ${other}`);
    const counts = [[judged.hits, judged.misses], [judged.alarms, judged.rejections]];
    counts.forEach((row, r) => {
      const most = Math.max(row[0] + row[1], 1);
      row.forEach((count, c) => {
        decisionsText(this.cells[r][c], String(count));
        this.cells[r][c].style.setProperty("--full", `${Math.round((100 * count) / most)}%`);
        this.cells[r][c].ariaLabel = `${this.rows[r].textContent}, ${this.heads[c].textContent}: ${count}; open them`;
      });
    });
    [judged.precision, judged.recall, judged.accuracy].forEach((value, i) => {
      decisionsText(this.shares[i], Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)}\u00a0%`);
    });
  }
}

function decisionsText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** One curve in the unit square, the threshold's point on it, and what guessing would give. */
function decisionsCurve(panel, points, now, xTitle, yTitle, area, guess, theme) {
  decisionsText(panel.name, `${panel.title}, area ${area.toFixed(3)}`);
  const width = panel.name.clientWidth;
  const height = Math.min(Math.max(width - 8, 126), 142);
  const context = decisionsSized(panel.canvas, width, height);
  const [left, top, right, bottom] = [22, 8, 10, 24];
  const x = (v) => left + v * (width - left - right);
  const y = (v) => top + (1 - v) * (height - top - bottom);
  context.strokeStyle = faded(theme.text, 0.25);
  context.lineWidth = 1;
  context.strokeRect(x(0), y(1), x(1) - x(0), y(0) - y(1));
  const line = (path) => {
    context.beginPath();
    path.forEach(([u, v], i) => context[i ? "lineTo" : "moveTo"](x(u), y(v)));
    context.stroke();
  };
  context.setLineDash([3, 4]);
  line(guess);
  context.setLineDash([]);
  context.strokeStyle = theme.primary;
  context.lineWidth = 2.5;
  line(points);
  decisionsUnits(context, { x, y, width, height }, xTitle, yTitle, theme);
  if (now.some(Number.isNaN)) return;
  context.beginPath();
  context.arc(x(now[0]), y(now[1]), 6.5, 0, 2 * Math.PI);
  context.fillStyle = theme.text;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = theme.background;
  context.stroke();
}

function decisionsUnits(context, { x, y, height }, xTitle, yTitle, theme) {
  context.font = `13px ${theme.font}`;
  context.fillStyle = faded(theme.text, 0.8);
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.fillText(xTitle, (x(0) + x(1)) / 2, height - 9);
  context.fillText("0", x(0) - 9, y(0));
  context.fillText("1", x(0) - 9, y(1) + 5);
  context.save();
  context.translate(x(0) - 11, (y(0) + y(1)) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(yTitle, 0, 0);
  context.restore();
}
