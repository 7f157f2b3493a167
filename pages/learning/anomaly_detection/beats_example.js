// One example and what is restored of it: a curve for a beat, bars for a row of readings.

const BEATS_MARGIN = { left: 42, right: 10, top: 20, bottom: 36 };

/** Pixels of a plot with its x and y axes; `span` is [left, right, bottom, top]. */
function beatsAxes(width, height, [left, right, bottom, top]) {
  const m = BEATS_MARGIN;
  const [w, h] = [width - m.left - m.right, height - m.top - m.bottom];
  return {
    x: (v) => m.left + ((v - left) / (right - left)) * w,
    y: (v) => m.top + (1 - (v - bottom) / (top - bottom)) * h,
    low: m.top + h,
    right: m.left + w,
    width,
    height,
  };
}

function beatsFrame(context, axes, theme, span, xTitle, yTitle) {
  const m = BEATS_MARGIN;
  context.font = `13px ${theme.font}`;
  context.fillStyle = faded(theme.text, 0.8);
  context.strokeStyle = faded(theme.text, 0.12);
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const step = niceAbove((span[3] - span[2]) / 4);
  for (let v = Math.ceil(span[2] / step) * step; v <= span[3]; v += step) {
    const y = Math.round(axes.y(v)) + 0.5;
    context.stroke(new Path2D(`M${m.left} ${y}H${axes.right}`));
    context.fillText(tickText(Math.abs(v) < step / 1e6 ? 0 : v, step), m.left - 6, y);
  }
  context.textAlign = "left";
  context.fillText(yTitle, 0, 8);
  context.textAlign = "right";
  context.fillText(xTitle, axes.right, axes.height - 8);
}

/** A beat over its reconstruction; what lies between them is the error. */
function beatsCurve(context, width, height, theme, { places, input, restored, straight, span, axis }) {
  const axes = beatsAxes(width, height, span);
  beatsFrame(context, axes, theme, span, axis, "R-peak heights");
  context.textAlign = "center";
  const step = niceAbove((span[1] - span[0]) / 5);
  for (let v = Math.ceil(span[0] / step) * step; v <= span[1] + 1e-9; v += step) {
    context.fillText(tickText(Math.abs(v) < 1e-9 ? 0 : v, step), axes.x(v), axes.low + 12);
  }
  const trace = (values, path, from, to) => {
    const by = from < to ? 1 : -1;
    for (let i = from; i !== to + by; i += by) path.lineTo(axes.x(places[i]), axes.y(values[i]));
    return path;
  };
  const last = places.length - 1;
  const gap = trace(restored, trace(input, new Path2D(), 0, last), last, 0);
  context.fillStyle = faded(theme.categorical[1], 0.45);
  context.fill(gap);
  context.lineJoin = "round";
  context.lineWidth = 2.2;
  context.strokeStyle = theme.text;
  context.stroke(trace(input, new Path2D(), 0, last));
  context.lineWidth = 2.6;
  context.strokeStyle = theme.categorical[0];
  context.stroke(trace(restored, new Path2D(), 0, last));
  context.setLineDash([5, 4]);
  context.lineWidth = 2;
  context.strokeStyle = theme.categorical[2];
  context.stroke(trace(straight, new Path2D(), 0, last));
  context.setLineDash([]);
}

/** Readings of nine sensors as pairs of bars: as they came in, and as restored. */
function beatsBars(context, width, height, theme, { input, restored, straight, names, reach }) {
  const span = [0, input.length, -reach, reach];
  const axes = beatsAxes(width, height, span);
  beatsFrame(context, axes, theme, span, "sensor", "standard deviations from the mean");
  const inside = (v) => Math.min(Math.max(v, -reach), reach);
  const zero = axes.y(0);
  for (let i = 0; i < input.length; i += 1) {
    const [x, wide] = [axes.x(i + 0.12), axes.x(i + 0.88) - axes.x(i + 0.12)];
    const [a, b] = [axes.y(inside(input[i])), axes.y(inside(restored[i]))];
    context.fillStyle = faded(theme.categorical[1], 0.45);
    context.fillRect(x, Math.min(a, b), wide, Math.abs(a - b));
    context.fillStyle = theme.text;
    context.fillRect(x, Math.min(a, zero), wide * 0.4, Math.abs(a - zero) + 1);
    context.fillStyle = theme.categorical[0];
    context.fillRect(x + wide * 0.6, Math.min(b, zero), wide * 0.4, Math.abs(b - zero) + 1);
    context.fillStyle = theme.categorical[2];
    context.fillRect(x, axes.y(inside(straight[i])) - 1, wide, 2.5);
    if (Math.abs(input[i]) > reach) beatsBeyond(context, theme, x + wide * 0.2, a, input[i]);
    context.textAlign = "center";
    context.fillStyle = faded(theme.text, 0.8);
    context.fillText(names[i].replace("sensor ", ""), x + wide / 2, axes.low + 12);
  }
  context.fillStyle = theme.text;
  context.fillRect(BEATS_MARGIN.left, zero, axes.right - BEATS_MARGIN.left, 1);
}

/** What lies outside the picture, as a number at its edge. */
function beatsBeyond(context, theme, x, y, value) {
  context.fillStyle = theme.text;
  context.textAlign = "left";
  context.fillText(value.toFixed(0), x + 10, y + (value > 0 ? 8 : -8));
}
