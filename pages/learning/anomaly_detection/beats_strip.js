// Everything that is watched at one glance: the excerpt as a strip, or rows as cells.

const BEATS_CELL = 9;

/** The excerpt over time, every beat in the colour of its error, alarms ringed. */
function beatsStrip(context, width, height, theme, { strip, peaks, rate, beats, chosen }) {
  const n = strip.length / 2;
  const [top, low] = [22, height - 30];
  let [least, most] = [Infinity, -Infinity];
  for (const value of strip) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const x = (i) => 4 + (i / n) * (width - 8);
  const y = (v) => top + (1 - (v - least) / (most - least)) * (low - top);
  const edges = beatsEdges(peaks, n);
  const colours = new Map();
  context.fillStyle = faded(theme.text, 0.09);
  context.fillRect(x(edges[chosen][0]), top - 18, x(edges[chosen][1]) - x(edges[chosen][0]), low - top + 20);
  const between = faded(theme.text, 0.45);
  let beat = 0;
  for (let i = 0; i < n; i += 1) {
    while (beat < edges.length - 1 && i >= edges[beat][1]) beat += 1;
    const inside = i >= edges[beat][0] && i < edges[beat][1];
    const colour = inside ? beats[beat].colour : between;
    if (!colours.has(colour)) colours.set(colour, new Path2D());
    const [a, b] = [y(strip[2 * i]), y(strip[2 * i + 1])];
    const before = i ? y((strip[2 * i - 2] + strip[2 * i - 1]) / 2) : a;
    colours.get(colour).addPath(new Path2D(`M${x(i - 1)} ${before}L${x(i)} ${(a + b) / 2}M${x(i)} ${a}V${b}`));
  }
  context.lineWidth = 1.6;
  for (const [colour, path] of colours) {
    context.strokeStyle = colour;
    context.stroke(path);
  }
  beatsStripMarks(context, theme, { x, y, low, top, n, width, height, rate, peaks, beats, most });
  return edges.map(([from, to]) => [x(from), x(to)]);
}

/** Where every beat's part of the strip begins and ends: half-way to its neighbours. */
function beatsEdges(peaks, n) {
  const usual = (peaks[peaks.length - 1] - peaks[0]) / (peaks.length - 1) / 2;
  return Array.from(peaks, (peak, i) => [
    i ? (peaks[i - 1] + peak) / 2 : Math.max(peak - usual, 0),
    i < peaks.length - 1 ? (peak + peaks[i + 1]) / 2 : Math.min(peak + usual, n),
  ]);
}

function beatsStripMarks(context, theme, { x, y, low, n, height, width, rate, peaks, beats }) {
  context.font = `13px ${theme.font}`;
  context.textBaseline = "middle";
  context.fillStyle = faded(theme.text, 0.8);
  for (let s = 0; s <= n / rate; s += 5) {
    context.textAlign = s ? "center" : "left";
    context.fillText(`${s} s`, x(s * rate), height - 9);
  }
  const several = beats.filter(({ isAnomaly }) => isAnomaly).length > 1;
  beats.forEach(({ alarm, isAnomaly, colour }, i) => {
    const at = x(peaks[i]);
    if (alarm) beatsMark(context, theme, at, 12, 4.5, colour, isAnomaly, true);
    if (!isAnomaly) return;
    context.fillStyle = theme.text;
    const atRight = !several && at > width * 0.7;
    context.textAlign = atRight ? "right" : "center";
    const text = several ? "◆" : "labelled premature ◆";
    context.fillText(text, atRight ? Math.min(at + 8, width - 2) : at, low + 9);
  });
}

/** Rows as cells in the colour of their error; what raises an alarm is marked within. */
function beatsCells(context, width, theme, { order, n_normal: nNormal, colours, alarms, chosen, top }) {
  const across = Math.max(Math.floor(width / BEATS_CELL), 1);
  const jump = Math.ceil(nNormal / across) * across;
  const place = (k) => (k < nNormal ? k : jump + k - nNormal);
  const gap = (k) => (k < nNormal ? 0 : 22);
  const found = [];
  order.forEach((i, k) => {
    const [x, y] = [(place(k) % across) * BEATS_CELL, top + gap(k) + Math.floor(place(k) / across) * BEATS_CELL];
    found[i] = [x, y];
    context.fillStyle = colours[i];
    context.fillRect(x, y, BEATS_CELL - 1, BEATS_CELL - 1);
    if (alarms[i]) {
      context.fillStyle = theme.text;
      context.fillRect(x + 2, y + 2, BEATS_CELL - 5, BEATS_CELL - 5);
    }
    if (i !== chosen) return;
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    context.strokeRect(x - 1.5, y - 1.5, BEATS_CELL + 2, BEATS_CELL + 2);
  });
  return found;
}

function beatsCellsHeight(width, nNormal, nAnomalous) {
  const across = Math.max(Math.floor(width / BEATS_CELL), 1);
  return (Math.ceil(nNormal / across) + Math.ceil(nAnomalous / across)) * BEATS_CELL + 48;
}
