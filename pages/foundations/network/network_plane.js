// The large map: one unit's activation over the plane, the points, axes, colour bar and reading.

const networkEraser = 0.5; // radius in units of the plane
const networkMargin = { left: 46, right: 10, top: 6, bottom: 44 };

function networkElement(parent, tag, name, properties = {}) {
  const element = document.createElement(tag);
  element.className = `network-${name}`;
  Object.assign(element, properties);
  parent.append(element);
  return element;
}

function networkButton(parent, name, text, action) {
  const button = networkElement(parent, "button", name, { type: "button", textContent: text });
  button.addEventListener("click", action);
  return button;
}

function networkBuildPlane(net) {
  const side = (net.right = networkElement(net.body, "div", "right"));
  const head = networkElement(side, "div", "title");
  net.title = networkElement(head, "strong", "name");
  net.chips = networkElement(head, "span", "chips");
  net.tools = networkElement(side, "div", "tools");
  net.plane = networkElement(side, "div", "plane", { tabIndex: 0 });
  net.heat = networkElement(net.plane, "canvas", "heat", { width: 100, height: 100 });
  net.line = networkElement(net.plane, "canvas", "line");
  net.marks = networkElement(net.plane, "canvas", "marks");
  net.spot = networkElement(net.plane, "i", "spot");
  const key = (net.key = networkElement(side, "div", "key"));
  net.bar = networkElement(key, "canvas", "bar", { width: 256, height: 1 });
  net.values = networkElement(key, "div", "values");
  net.meaning = networkElement(key, "div", "meaning");
  net.legend = networkElement(key, "div", "legend");
  networkListenPlane(net);
}

function networkListenPlane(net) {
  const { plane } = net;
  plane.setAttribute("role", "application");
  plane.addEventListener("pointermove", (event) => networkPointTo(net, event));
  plane.addEventListener("pointerleave", () => networkProbe(net, null));
  plane.addEventListener("blur", () => networkProbe(net, null));
  plane.addEventListener("click", (event) => {
    networkPointTo(net, event);
    if (net.probe) networkPlacePoint(net);
  });
  plane.addEventListener("keydown", (event) => networkSteer(net, event));
}

function networkPointTo(net, event) {
  const box = net.plane.getBoundingClientRect();
  const u = (event.clientX - box.left - networkMargin.left) / net.side;
  const v = (event.clientY - box.top - networkMargin.top) / net.side;
  const inside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
  const { extent } = net.scene;
  networkProbe(net, inside ? { x: (2 * u - 1) * extent, y: (1 - 2 * v) * extent } : null);
}

// Arrows move the reading point, Enter does what a click does.
function networkSteer(net, event) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const { x, y } = net.probe ?? { x: 0, y: 0 };
  const clip = (value) => Math.max(-net.scene.extent, Math.min(net.scene.extent, value));
  if (event.key in steps) {
    const [dx, dy] = steps[event.key].map((d) => d * (event.shiftKey ? 1 : 0.25));
    networkProbe(net, { x: clip(x + dx), y: clip(y + dy) });
    if (net.probe) net.player.say(networkReadPlane(net).join(", "));
  } else if (event.key === "Enter" && net.probe) networkPlacePoint(net);
  else if (event.key === "Escape" && net.probe) networkProbe(net, null);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Shows the same place in the large map and, as a dot, in every unit.
function networkProbe(net, probe) {
  net.probe = probe;
  net.body.classList.toggle("network-probing", probe !== null);
  if (!probe) return networkTell(net, null);
  const { extent } = net.scene;
  net.body.style.setProperty("--network-x", `${50 * (1 + probe.x / extent)}%`);
  net.body.style.setProperty("--network-y", `${50 * (1 - probe.y / extent)}%`);
  const box = net.plane.getBoundingClientRect();
  const left = networkMargin.left + (0.5 + probe.x / extent / 2) * net.side;
  const top = networkMargin.top + (0.5 - probe.y / extent / 2) * net.side;
  networkPlaceSpot(net, left, top);
  networkTell(net, networkReadPlane(net), box.left + left, box.top + top);
}

// A small ring where the reading is taken, or the eraser's circle.
function networkPlaceSpot(net, left, top) {
  const erasing = net.scene.editable && net.tool === 0;
  const size = erasing ? (networkEraser / net.scene.extent) * net.side : 11;
  networkPut(net.spot, left, top, size, size);
}

function networkReadPlane(net) {
  const { scene, probe } = net;
  if (!net.shown) return [];
  const answers = networkAt(scene, net.shown, probe.x, probe.y, net.muted);
  const { k, j } = networkLooked(net);
  const [first, second] = scene.axis_labels;
  const place = `${first} ${networkNumber(probe.x, 2)}, ${second} ${networkNumber(probe.y, 2)}`;
  const last = scene.layers.length - 1;
  const lines = [place, networkOutputReading(scene, answers[last][0])];
  if (k !== last) lines.push(`${networkUnitName(scene, k, j)}: ${networkNumber(answers[k][j])}`);
  return lines;
}

// Whether the output is a probability: trained by cross-entropy, 2p − 1 is what the map shows.
function networkOdds(scene) {
  return scene.output === "logit" && (scene.loss ?? "cross_entropy") === "cross_entropy";
}

function networkOutputReading(scene, output) {
  if (!networkOdds(scene)) return `output: ${networkNumber(output)}`;
  return `probability of ${scene.class_names[1]}: ${networkNumber((output + 1) / 2)}`;
}

// Adds or erases at the reading point and shows it until the next scene brings the real points.
function networkPlacePoint(net) {
  if (!net.scene.editable) return;
  const [x, y] = [net.probe.x, net.probe.y].map((value) => Math.round(100 * value) / 100);
  if (net.tool === 0) return networkErase(net, x, y);
  net.added.push({ x, y, label: net.tool, test: false });
  networkPaintMarks(net);
  net.player.emit("point", { x, y, label: net.tool });
}

// The eraser takes everything within its circle, as the server does.
function networkErase(net, x, y) {
  const near = networkPoints(net).filter((p) => Math.hypot(p.x - x, p.y - y) <= networkEraser);
  if (!near.length) return;
  for (const { index } of near) net.erased.add(index);
  net.added = net.added.filter((point) => !near.some((other) => other.source === point));
  networkPaintMarks(net);
  net.player.emit("erase", { x, y });
}

function networkBuildTools(net) {
  const { scene } = net;
  net.tools.replaceChildren();
  net.tools.hidden = !scene.editable;
  if (!scene.editable) return;
  net.tools.setAttribute("role", "group");
  net.tools.setAttribute("aria-label", "What a click on the map does");
  const [negative, positive] = scene.class_names.map((name) => `Add ${name}`);
  const choices = [[-1, negative], [1, positive], [0, "Erase"]];
  const buttons = choices.map(([label, text]) => {
    const button = networkButton(net.tools, "tool", "", () => choose(label));
    networkElement(button, "span", "choice", { textContent: button.title = text });
    if (label !== 0) button.prepend(networkSymbol(net, label, false));
    return button;
  });
  const choose = (label) => {
    net.tool = label;
    choices.forEach(([other], n) => buttons[n].setAttribute("aria-pressed", other === label));
  };
  choose(net.tool);
}

// The unit whose map is large: under the pointer, else pinned, else the output.
function networkLooked(net) {
  return net.hovered ?? net.pinned ?? { k: net.scene.layers.length - 1, j: 0 };
}

function networkPaintPlane(net) {
  const { k, j } = networkLooked(net);
  const { grid, scene } = net;
  if (!grid) return;
  const image = net.images[grid.size];
  const silent = net.muted.size > 0 && net.muted.has(`${k}:${j}`);
  const plane = silent ? grid.silence : grid.planes[k][j];
  if (net.heat.width !== grid.size) net.heat.width = net.heat.height = grid.size;
  const hard = scene.discretize && scene.task === "classification" && !silent;
  networkPaint(image.pixels, plane, grid.size, 1, grid.scales[k][j], net.colours, hard);
  net.heat.getContext("2d").putImageData(image.data, 0, 0);
  const decides = k === scene.layers.length - 1 && scene.task === "classification";
  // Squashed values jump from cell to cell; their sums cross zero smoothly, at the same place.
  networkPaintBoundary(net, decides ? grid.sums : null);
  networkWriteScale(net, k, grid.scales[k][j], grid.peaks[k][j]);
}

function networkPaintBoundary(net, plane) {
  const context = net.line.getContext("2d");
  context.setTransform(net.density, 0, 0, net.density, 0, 0);
  context.clearRect(0, 0, net.side, net.side);
  if (!plane) return;
  context.beginPath();
  networkContour(context, plane, net.grid.size, net.side);
  context.strokeStyle = net.theme.text;
  context.globalAlpha = 0.7;
  context.lineWidth = 1.4;
  context.stroke();
  context.globalAlpha = 1;
}

// The ends say whether values go on beyond them.
function networkWriteScale(net, k, scale, peak) {
  const { scene } = net;
  const odds = k === scene.layers.length - 1 && networkOdds(scene);
  const end = networkNumber(scale, scale >= 10 || scale === 1 ? 0 : 1);
  const [less, more] = peak > 1.01 * scale ? ["≤ ", "≥ "] : ["", ""];
  const ends = odds ? ["0", "0.5", "1"] : [`${less}−${end}`, "0", `${more}${end}`];
  if (net.ends === ends.join("|")) return;
  net.ends = ends.join("|");
  net.values.replaceChildren();
  for (const textContent of ends) networkElement(net.values, "span", "value", { textContent });
}
