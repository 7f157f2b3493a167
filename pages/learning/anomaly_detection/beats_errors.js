// The error axis: training examples, what is watched, and the threshold between.

const BEATS_LANE = { left: 18, right: 14, top: 30, bottom: 40 };

/** From an error to pixels and back: powers of ten equally far apart. */
function beatsErrorAxis(width, [low, high]) {
  const { left, right } = BEATS_LANE;
  const w = width - left - right;
  return {
    left,
    right: left + w,
    x: (error) => left + Math.min(Math.max((Math.log10(error || 1e-9) - low) / (high - low), 0), 1) * w,
    error: (x) => 10 ** (low + ((x - left) / w) * (high - low)),
  };
}

/** Blue where an example is restored well, orange where it is not. */
function beatsColour(theme, error, threshold) {
  const t = 0.5 + Math.log10(Math.max(error, 1e-9) / threshold) / 0.3;
  return `rgb(${mix([theme.categorical[0], theme.categorical[0], theme.categorical[1]], t).join()})`;
}

function beatsTicks(context, axis, [low, high], height, theme, unit) {
  context.font = `13px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (let power = Math.ceil(low); power <= high; power += 1) {
    const x = axis.x(10 ** power);
    context.fillStyle = faded(theme.text, 0.12);
    context.fillRect(Math.round(x), BEATS_LANE.top, 1, height - BEATS_LANE.top - BEATS_LANE.bottom);
    context.fillStyle = faded(theme.text, 0.8);
    context.fillText(`${Number((10 ** power).toPrecision(1))}`, x, height - 28);
  }
  context.textAlign = "right";
  context.fillText(`reconstruction error, ${unit}`, axis.right, height - 9);
}

function beatsLaneTitle(context, theme, axis, top, text, atRight) {
  context.font = `13px ${theme.font}`;
  context.fillStyle = faded(theme.text, 0.8);
  context.textAlign = atRight ? "right" : "left";
  context.textBaseline = "middle";
  context.fillText(text, atRight ? axis.right : axis.left, top + 9);
}

/** Counts per bin as columns that stand on `bottom`, the largest `tall` pixels high. */
function beatsColumns(context, axis, counts, bottom, tall, colour) {
  let most = 1;
  for (const count of counts) most = Math.max(most, count);
  const wide = (axis.right - axis.left) / counts.length;
  for (let bin = 0; bin < counts.length; bin += 1) {
    if (!counts[bin]) continue;
    const high = Math.max((counts[bin] / most) * tall, 2);
    context.fillStyle = colour(axis.error(axis.left + (bin + 0.5) * wide));
    context.fillRect(axis.left + bin * wide, bottom - high, Math.max(wide - 1, 1), high);
  }
}

function beatsBinned(axis, errors, keep, bins) {
  const counts = new Float32Array(bins);
  const wide = (axis.right - axis.left) / bins;
  for (let i = 0; i < errors.length; i += 1) {
    if (!keep(i)) continue;
    counts[Math.min(Math.floor((axis.x(errors[i]) - axis.left) / wide), bins - 1)] += 1;
  }
  return counts;
}

/** Places of dots that stand on `bottom`, one above the other where they would overlap. */
function beatsStacked(axis, errors, bottom, radius, top) {
  const columns = new Map();
  return Array.from(errors, (error) => {
    const x = axis.x(error);
    const column = Math.round(x / (2 * radius));
    const n = columns.get(column) ?? 0;
    columns.set(column, n + 1);
    return [x, Math.max(bottom - radius - 1 - 2 * radius * n, top)];
  });
}

/** A dot for a normal example, a diamond for an anomaly; a ring round what raises an alarm. */
function beatsMark(context, theme, x, y, radius, colour, isAnomaly, alarm) {
  context.beginPath();
  if (isAnomaly) {
    const r = radius * 1.45;
    context.moveTo(x, y - r);
    for (const [dx, dy] of [[r, 0], [0, r], [-r, 0]]) context.lineTo(x + dx, y + dy);
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = theme.background;
  context.stroke();
  if (!alarm) return;
  context.beginPath();
  context.arc(x, y, radius + 4.5, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = theme.text;
  context.stroke();
}

function beatsThreshold(context, axis, theme, height, threshold, held) {
  const x = Math.round(axis.x(threshold));
  const low = height - BEATS_LANE.bottom;
  context.fillStyle = faded(theme.categorical[1], 0.1);
  context.fillRect(x, BEATS_LANE.top, axis.right - x, low - BEATS_LANE.top);
  context.strokeStyle = theme.text;
  context.lineWidth = held ? 3 : 2;
  context.stroke(new Path2D(`M${x} ${BEATS_LANE.top - 6}V${low}`));
  context.font = `600 13px ${theme.font}`;
  const text = `threshold ${Number(threshold.toPrecision(3))}`;
  const width = context.measureText(text).width + 18;
  const left = Math.min(Math.max(x - width / 2, 0), axis.right + BEATS_LANE.right - width);
  context.beginPath();
  context.roundRect(left, 1, width, 24, 12);
  context.fillStyle = theme.text;
  context.fill();
  context.fillStyle = theme.background;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, left + width / 2, 13.5);
}
