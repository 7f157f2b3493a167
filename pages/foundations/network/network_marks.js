// The points on the large map and its axes.

function networkPoints(net) {
  const { points, labels, is_test } = net.scene.arrays;
  const list = net.added.map((point) => ({ ...point, source: point }));
  for (let index = 0; index < labels.data.length; index++) {
    const test = is_test.data[index] === 1;
    if (net.erased.has(index) || (test && !net.scene.show_test)) continue;
    const [x, y] = [points.data[2 * index], points.data[2 * index + 1]];
    list.push({ x, y, label: labels.data[index], test, index });
  }
  return list;
}

// Class by shape (circle, triangle) as well as colour; test points are open.
function networkOutline(context, x, y, shape, radius) {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, radius, 0, 2 * Math.PI);
  else {
    const r = 1.28 * radius;
    context.moveTo(x, y - r);
    context.lineTo(x + 0.92 * r, y + 0.7 * r);
    context.lineTo(x - 0.92 * r, y + 0.7 * r);
    context.closePath();
  }
}

function networkPaintMark(net, context, { x, y, label, test }, radius) {
  const classes = net.scene.task === "classification";
  const colour = net.strokes[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, label)))];
  networkOutline(context, x, y, classes && label < 0 ? "triangle" : "circle", radius);
  context.lineJoin = "round";
  context.lineWidth = test ? 3.4 : 2;
  // A well predicted target has the map's own colour and needs a line of another kind.
  context.strokeStyle = classes ? net.theme.background : net.theme.text;
  context.stroke();
  context.fillStyle = test ? net.theme.background : colour;
  context.fill();
  if (!test) return;
  context.lineWidth = 1.8;
  context.strokeStyle = colour;
  context.stroke();
}

function networkSymbol(net, label, test) {
  const canvas = document.createElement("canvas");
  canvas.className = "network-symbol";
  canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  networkPaintMark(net, context, { x: 8, y: 8, label, test }, 4);
  return canvas;
}

function networkPaintMarks(net) {
  const context = net.marks.getContext("2d");
  const full = net.side + networkMargin.left + networkMargin.right;
  const tall = net.side + networkMargin.top + networkMargin.bottom;
  context.setTransform(net.density, 0, 0, net.density, 0, 0);
  context.clearRect(0, 0, full, tall);
  context.translate(networkMargin.left, networkMargin.top);
  networkPaintAxes(net, context);
  const { extent } = net.scene;
  const radius = Math.max(2.8, Math.min(4, net.side / 100));
  const scaled = (value) => ((value / extent + 1) / 2) * net.side;
  for (const point of networkPoints(net).sort((a, b) => b.test - a.test)) {
    if (Math.max(Math.abs(point.x), Math.abs(point.y)) > extent) continue;
    networkPaintMark(net, context, { ...point, x: scaled(point.x), y: scaled(-point.y) }, radius);
  }
}

function networkPaintAxes(net, context) {
  const { side, theme, scene } = net;
  context.strokeStyle = context.fillStyle = theme.text;
  context.font = `12px ${theme.font}`;
  context.lineWidth = 1;
  context.globalAlpha = 0.28;
  context.strokeRect(0, 0, side, side);
  context.globalAlpha = 0.85;
  for (let n = -2; n <= 2; n++) {
    const at = ((n + 2) / 4) * side;
    networkTick(context, at, side, (n / 2) * scene.extent);
  }
  networkAxisTitles(context, side, scene.axis_labels);
  context.globalAlpha = 1;
}

// The same place on both axes: to the right the values grow, downwards they fall.
function networkTick(context, at, side, value) {
  context.fillRect(at - 0.5, side, 1, 4);
  context.fillRect(-4, at - 0.5, 4, 1);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(networkNumber(value, 0), at, side + 7);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(networkNumber(value ? -value : 0, 0), -8, at);
}

function networkAxisTitles(context, side, [horizontal, vertical]) {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.font = context.font.replace("12px", "600 12.5px");
  context.fillText(horizontal, side / 2, side + 36, side);
  context.save();
  context.translate(-32, side / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(vertical, 0, 0, side);
  context.restore();
}
