// The connections: where they run, how they look, which one the pointer is on.

function networkNumber(value, digits = 3) {
  return value.toFixed(digits).replace("-", "−");
}

function networkUnitName(scene, k, j) {
  if (k === 0) return scene.feature_labels[j];
  return k === scene.layers.length - 1 ? "output" : `hidden ${k} unit ${j + 1}`;
}

// Every parameter of the flat vector: a connection has a sending unit i, a bias has none.
function networkParameters(scene) {
  const list = [];
  for (let k = 1; k < scene.layers.length; k++) {
    for (let j = 0; j < scene.layers[k]; j++) {
      for (let i = 0; i < scene.layers[k - 1]; i++) list.push({ k, j, i });
    }
    for (let j = 0; j < scene.layers[k]; j++) list.push({ k, j, i: null });
  }
  list.forEach((parameter, index) => (parameter.index = index));
  return list;
}

function networkParameterName(scene, { k, j, i }) {
  const to = networkUnitName(scene, k, j);
  return i === null ? `Bias of ${to}` : `Weight ${networkUnitName(scene, k - 1, i)} → ${to}`;
}

function networkReading(net, parameter) {
  const value = networkNumber(net.shown[parameter.index]);
  return `${networkParameterName(net.scene, parameter)} = ${value}`;
}

// Lays the curves between the units' places; incoming ends fan out so that they can be told apart.
function networkRoute(net) {
  net.wires = net.parameters.filter(({ i }) => i !== null);
  net.order = Int16Array.from(net.wires, (_, w) => w);
  net.paths = new Float32Array(net.wires.length * 4);
  net.wires.forEach(({ k, j, i }, w) => {
    const n = net.scene.layers[k - 1];
    const from = net.places[k - 1][i];
    const to = net.places[k][j];
    const fan = n > 1 ? (i / (n - 1) - 0.5) * Math.min(0.62 * net.unit, 5 * (n - 1)) : 0;
    const ends = [from.x + net.unit / 2, from.y, to.x - net.unit / 2, to.y + fan];
    net.paths.set(ends, 4 * w);
  });
}

function networkTrace(context, paths, w) {
  const [x0, y0, x1, y1] = [paths[4 * w], paths[4 * w + 1], paths[4 * w + 2], paths[4 * w + 3]];
  const bend = 0.5 * (x1 - x0);
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
}

// With the control points at half way, the curve's height follows 3t² − 2t³ of its steps.
function networkAlong(paths, w, t) {
  const [x0, y0, x1, y1] = [paths[4 * w], paths[4 * w + 1], paths[4 * w + 2], paths[4 * w + 3]];
  const s = 1 - t;
  const along = 1.5 * s * s * t + 1.5 * s * t * t + t * t * t;
  return { x: x0 + along * (x1 - x0), y: y0 + (3 * t * t - 2 * t * t * t) * (y1 - y0) };
}

// How far a point lies from a curve: the height between them, corrected for the curve's slope.
function networkDistance(paths, w, x, y) {
  let [low, high] = [0, 1];
  while (high - low > 0.002) {
    const middle = 0.5 * (low + high);
    if (networkAlong(paths, w, middle).x < x) low = middle;
    else high = middle;
  }
  const before = networkAlong(paths, w, Math.max(0, low - 0.02));
  const after = networkAlong(paths, w, Math.min(1, low + 0.02));
  const slope = (after.y - before.y) / (after.x - before.x);
  return Math.abs(y - networkAlong(paths, w, low).y) / Math.hypot(1, slope);
}

function networkNearest(net, x, y, reach) {
  let best = reach;
  let found = null;
  for (let w = 0; w < net.wires.length; w++) {
    if (x < net.paths[4 * w] - 2 || x > net.paths[4 * w + 2] + 2) continue;
    const distance = networkDistance(net.paths, w, x, y);
    if (distance < best) [best, found] = [distance, net.wires[w]];
  }
  return found;
}

// Strong connections lie on top; hardly anything moves between two records, so insertion is cheap.
function networkSort(net) {
  const size = (w) => Math.abs(net.shown[net.wires[w].index]);
  for (let a = 1; a < net.order.length; a++) {
    const w = net.order[a];
    let b = a;
    for (; b > 0 && size(net.order[b - 1]) > size(w); b--) net.order[b] = net.order[b - 1];
    net.order[b] = w;
  }
}

function networkShade(weight) {
  const strength = Math.min(1, 0.35 + 0.4 * Math.abs(weight));
  return Math.round(127.5 + 127.5 * Math.sign(weight) * strength);
}

function networkWidth(net, weight) {
  return Math.min(9, 0.5 + net.thickness * Math.sqrt(Math.abs(weight)));
}

// Whether a connection touches the unit or is the very one that is being looked at.
function networkTouches(net, wire) {
  if (net.wire) return net.wire === wire;
  const unit = net.hovered ?? net.pinned;
  if (!unit) return false;
  const into = wire.k === unit.k && wire.j === unit.j;
  return into || (wire.k - 1 === unit.k && wire.i === unit.j);
}

function networkPaintWires(net) {
  const context = net.ink;
  context.setTransform(net.density, 0, 0, net.density, 0, 0);
  context.clearRect(0, 0, net.width, net.height);
  networkSort(net);
  const flow = net.player.playing && net.motion && net.wires.length <= 160;
  context.setLineDash(flow ? [10, 2.5] : []);
  context.lineDashOffset = flow ? (-1.5 * net.record) % 12.5 : 0;
  const looking = Boolean(net.wire ?? net.hovered ?? net.pinned);
  for (const w of net.order) networkStroke(net, w, looking);
}

function networkStroke(net, w, looking) {
  const wire = net.wires[w];
  const weight = net.shown[wire.index];
  const touched = looking && networkTouches(net, wire);
  const mute = net.muted.size > 0 && net.muted.has(`${wire.k - 1}:${wire.i}`);
  const context = net.ink;
  networkTrace(context, net.paths, w);
  context.globalAlpha = mute ? 0.06 : looking && !touched ? 0.22 : 0.9;
  context.lineWidth = networkWidth(net, weight) + (touched && net.wire ? 2.5 : 0);
  context.strokeStyle = net.strokes[networkShade(weight)];
  context.stroke();
}
