// The main picture: patterns of the plane on the left combine, unit by unit, into the answer.

const networkCoarse = 50; // values along a side while playing, and of every unit's map
const networkFine = 100; // at rest

function networkDrawing(stage, player) {
  const net = networkNew(stage, player);
  player.network = {
    evaluate: (record, xs, ys, layer, unit) =>
      networkEvaluate(net.scene, player.get("parameters", record), xs, ys, layer, unit),
  };
  return {
    scene: (scene) => networkScene(net, scene),
    draw: (record) => networkDraw(net, record),
    describe: (record) => networkDescribe(net, record),
    resize: () => networkArrange(net),
    destroy: () => stage.replaceChildren(),
  };
}

function networkNew(stage, player) {
  const net = { stage, player, tool: -1, added: [], erased: new Set() };
  Object.assign(net, { edits: new Map(), muted: new Set(), hovered: null, pinned: null, wire: null });
  net.coarse = window.matchMedia("(pointer: coarse)").matches;
  net.motion = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  net.images = Object.fromEntries([networkCoarse, networkFine].map((n) => [n, networkImage(n)]));
  stage.classList.add("network");
  net.body = networkElement(stage, "div", "body");
  net.lens = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  net.lens.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  net.lens.setAttribute("class", "network-lens");
  net.body.append(net.lens);
  net.left = networkElement(net.body, "div", "left");
  net.scroll = networkElement(net.left, "div", "scroll");
  net.box = networkElement(net.scroll, "div", "box");
  networkBuildStrip(net);
  networkBuildPlane(net);
  networkListen(net);
  return net;
}

function networkImage(size) {
  const data = new ImageData(size, size);
  return { data, pixels: new Uint32Array(data.data.buffer) };
}

// A new scene: other points or settings; the units are rebuilt only if the network is another.
function networkScene(net, scene) {
  const shape = JSON.stringify([scene.layers, scene.features, scene.extent]);
  net.scene = scene;
  Object.assign(net, { added: [], erased: new Set() });
  net.activate = networkInPlace(scene.activation);
  net.squash = networkInPlace(scene.output);
  if (net.structure !== shape) networkBuild(net, shape);
  networkDrop(net);
  networkColours(net);
  networkArrange(net);
  networkLook(net, {});
}

function networkBuild(net, shape) {
  const { scene } = net;
  Object.assign(net, { structure: shape, pinned: null, hovered: null, wire: null });
  Object.assign(net, { grid: null, shown: null, walk: null });
  Object.assign(net, networkOffsets(scene.layers));
  net.parameters = networkParameters(scene);
  net.grids = [networkGrid(scene, networkCoarse), networkGrid(scene, networkFine)];
  net.box.replaceChildren();
  net.wiring = networkElement(net.box, "canvas", "wires");
  net.ink = net.wiring.getContext("2d");
  net.headings = scene.layers.map(() => networkElement(net.box, "div", "heading"));
  net.units = scene.layers.map((n, k) => Array.from({ length: n }, (_, j) => networkUnit(net, k, j)));
  net.biases = net.parameters.filter(({ i }) => i === null).map((bias) => networkBias(net, bias));
  net.labels = scene.features.map(() => networkElement(net.box, "span", "label"));
  net.focus = { k: 0, j: 0 };
  net.units[0][0].button.tabIndex = 0;
}

function networkUnit(net, k, j) {
  const button = networkElement(net.box, "button", "unit", { type: "button", tabIndex: -1 });
  const size = networkCoarse;
  const canvas = networkElement(button, "canvas", "map", { width: size, height: size });
  button.dataset.unit = `${k}:${j}`;
  button.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") networkLook(net, { hovered: { k, j } });
  });
  button.addEventListener("pointerleave", () => networkLook(net, {}));
  button.addEventListener("focus", () => networkFocused(net, k, j));
  button.addEventListener("blur", () => networkLook(net, {}));
  button.addEventListener("click", () => networkPin(net, k, j));
  return { button, context: canvas.getContext("2d") };
}

function networkBias(net, bias) {
  const dot = networkElement(net.box, "button", "bias", { type: "button", tabIndex: -1 });
  dot.ariaLabel = networkParameterName(net.scene, bias);
  dot.addEventListener("pointerenter", (event) => {
    networkTell(net, [networkReading(net, bias)], event.clientX, event.clientY);
  });
  dot.addEventListener("pointerleave", () => networkTell(net, null));
  dot.addEventListener("click", (event) => {
    event.stopPropagation();
    const { right, bottom } = dot.getBoundingClientRect();
    networkOpenEditor(net, bias, right, bottom);
  });
  return { dot, bias };
}

function networkListen(net) {
  const near = (event) => {
    const box = net.box.getBoundingClientRect();
    const reach = event.pointerType === "touch" ? 22 : 9;
    return networkNearest(net, event.clientX - box.left, event.clientY - box.top, reach);
  };
  net.box.dataset.keys = "own";
  net.box.setAttribute("role", "group");
  net.box.ariaLabel =
    "The network. Arrows move among the units, Enter pins one, w walks its incoming weights, " +
    "b goes to its bias, m mutes it.";
  net.box.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.target.closest("button") || !net.shown) return;
    networkOnWire(net, near(event), event.clientX, event.clientY);
  });
  net.box.addEventListener("pointerleave", () => networkOnWire(net, null));
  net.box.addEventListener("click", (event) => {
    if (event.target.closest("button") || !net.shown) return;
    const wire = near(event);
    if (wire) networkOpenEditor(net, wire, event.clientX, event.clientY);
    networkLook(net, { wire });
  });
  net.stage.addEventListener("keydown", (event) => networkKey(net, event));
}

function networkOnWire(net, wire, left, top) {
  net.box.style.cursor = wire ? "pointer" : "";
  if (wire) networkTell(net, [networkReading(net, wire)], left, top);
  else networkTell(net, null);
  if (wire !== net.wire && net.editor.hidden) networkLook(net, { wire });
}

// What is being looked at: a unit under the pointer, a connection, or nothing.
function networkLook(net, { hovered = null, wire = null }) {
  if (!net.editor.hidden && !wire) wire = net.edited;
  const same = hovered?.k === net.hovered?.k && hovered?.j === net.hovered?.j;
  Object.assign(net, { hovered, wire });
  if (!same) networkTell(net, null);
  if (net.grid) {
    networkPaintPlane(net);
    networkPaintWires(net);
  }
  networkPlaceLens(net);
  networkWriteTitle(net);
}

function networkFocused(net, k, j) {
  net.units[net.focus.k][net.focus.j].button.tabIndex = -1;
  Object.assign(net, { focus: { k, j }, walk: null });
  const { button } = net.units[k][j];
  button.tabIndex = 0;
  if (button.matches(":focus-visible")) networkLook(net, { hovered: { k, j } });
}

function networkPin(net, k, j) {
  if (net.walk) return networkOpenEditor(net, net.walk, ...networkPlaceOf(net, net.walk));
  const again = net.pinned?.k === k && net.pinned?.j === j;
  net.pinned = again ? null : { k, j };
  networkLook(net, { hovered: again || net.coarse ? null : net.hovered });
}

// Where a connection or bias is in the window, for what is said about it.
function networkPlaceOf(net, { k, j, i, index }) {
  const box = net.box.getBoundingClientRect();
  const w = net.wires.findIndex((wire) => wire.index === index);
  const { x, y } = i === null ? net.places[k][j] : networkAlong(net.paths, w, 0.5);
  return [box.left + x, box.top + y];
}

function networkDraw(net, record) {
  const own = net.player.get("parameters", record);
  if (!own || own.length !== net.total) return;
  net.record = record;
  if (net.theme !== net.player.theme) networkColours(net);
  net.shown = networkApply(net, own);
  net.grid = net.grids[net.player.playing ? 0 : 1];
  networkForward(net, net.grid, net.shown);
  networkPaintUnits(net);
  networkPaintPlane(net);
  networkPaintWires(net);
  if (net.probe) networkProbe(net, net.probe);
}

function networkPaintUnits(net) {
  const { grid, scene } = net;
  const image = net.images[networkCoarse];
  const stride = grid.size / networkCoarse;
  net.units.forEach((units, k) =>
    units.forEach(({ context, button }, j) => {
      const silent = net.muted.size > 0 && net.muted.has(`${k}:${j}`);
      const plane = silent ? grid.silence : grid.planes[k][j];
      const hard = scene.discretize && !silent;
      networkPaint(image.pixels, plane, grid.size, stride, grid.scales[k][j], net.colours, hard);
      context.putImageData(image.data, 0, 0);
      button.classList.toggle("network-muted", silent);
    }),
  );
  for (const bias of net.biases) networkPaintBias(net, bias);
}

function networkPaintBias(net, bias) {
  const shade = networkShade(net.shown[bias.bias.index]);
  if (bias.shade === shade) return;
  bias.shade = shade;
  bias.dot.style.backgroundColor = net.strokes[shade];
}

function networkColours(net) {
  net.theme = net.player.theme;
  const table = diverging(net.theme);
  const shades = Array.from({ length: 256 }, (_, i) => [...table.slice(3 * i, 3 * i + 3)]);
  net.strokes = shades.map((shade) => `rgb(${shade.join(", ")})`);
  // Maps are a little paler than lines and points, so that a point stands out from its own class.
  // Canvas pixels are red, green, blue, alpha from the lowest byte up.
  net.colours = Uint32Array.from(shades, (shade) => {
    const [r, g, b] = mix([net.theme.background, shade], 0.74);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
  for (const bias of net.biases) bias.shade = null;
  const bar = net.bar.getContext("2d");
  const pixels = new ImageData(new Uint8ClampedArray(net.colours.buffer.slice(0)), 256, 1);
  bar.putImageData(pixels, 0, 0);
  networkBuildTools(net);
  networkWriteLegend(net);
  if (net.side) networkPaintMarks(net);
}

function networkDescribe(net, record) {
  const own = net.player.get("parameters", record);
  const { scene } = net;
  const shape = `network ${scene.layers.join("-")}`;
  if (!own || own.length !== net.total) return shape;
  const size = ({ index }) => Math.abs(own[index]);
  const largest = net.wires.reduce((best, wire) => (size(wire) > size(best) ? wire : best));
  const from = networkUnitName(scene, largest.k - 1, largest.i);
  const to = networkUnitName(scene, largest.k, largest.j);
  return `${shape}; largest weight ${networkNumber(own[largest.index], 2)} from ${from} to ${to}`;
}
