// Where everything stands: network beside the large map where there is room, else above it.

const networkLabelWidth = 52;
const networkHead = 40; // headings of the columns

function networkArrange(net) {
  const width = net.stage.clientWidth;
  if (!net.scene || !width) return;
  // More than two pixels to one cannot be seen and cost time.
  net.density = Math.min(2, window.devicePixelRatio || 1);
  networkDivide(net, width);
  net.body.classList.toggle("network-stacked", net.stacked);
  networkSizePlane(net);
  networkPlaceUnits(net);
  networkRoute(net);
  networkPlaceDom(net);
  networkPlaceLens(net);
  networkPaintMarks(net);
  networkWriteHeadings(net);
  if (!net.grid) return;
  networkPaintPlane(net);
  networkPaintWires(net);
}

// Shares the width between network and map; the network never gets less than it needs.
function networkDivide(net, width) {
  const columns = net.scene.layers.length;
  const asked = (step) => networkLabelWidth + 50 + (columns - 1) * step;
  const least = asked(net.coarse ? 78 : 62);
  const frame = networkMargin.left + networkMargin.right;
  const gap = 26;
  const rest = width - gap - frame;
  const most = net.player.room() - 150; // what stands above and below the map
  const side = Math.max(Math.min(0.42 * width, rest - asked(92), most), Math.min(270, rest - least));
  net.stacked = width < 600 || side < 250;
  net.side = Math.round(net.stacked ? Math.min(width - frame, 460) : side);
  const room = net.stacked ? width : width - net.side - frame - gap;
  net.width = Math.round(Math.max(least, Math.min(room, asked(190))));
}

function networkSizePlane(net) {
  const { left, right, top, bottom } = networkMargin;
  const [full, tall] = [net.side + left + right, net.side + top + bottom];
  net.right.style.width = net.plane.style.width = `${full}px`;
  net.plane.style.height = `${tall}px`;
  networkSizeCanvas(net, net.marks, full, tall);
  networkSizeCanvas(net, net.line, net.side, net.side);
  for (const canvas of [net.heat, net.line]) networkPut(canvas, left, top, net.side, net.side);
  net.key.style.marginLeft = `${left}px`;
  net.key.style.width = `${net.side}px`;
}

function networkPut(element, left, top, width, height) {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
  if (width !== undefined) Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
}

function networkSizeCanvas(net, canvas, width, height) {
  canvas.width = Math.round(width * net.density);
  canvas.height = Math.round(height * net.density);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
}

// Columns are centred on the large map's height, so that the eye runs straight to the answer.
function networkPlaceUnits(net) {
  const { layers } = net.scene;
  const rows = Math.max(...layers);
  const least = net.coarse ? 52 : 45;
  const top = net.stacked ? networkHead : net.plane.offsetTop + networkMargin.top;
  const room = net.stacked ? rows * (least + 12) : net.side;
  const pitch = Math.min(92, Math.max(least, room / rows));
  const guess = (net.width - networkLabelWidth) / layers.length;
  net.unit = Math.round(Math.max(net.coarse ? 44 : 34, Math.min(54, 0.8 * pitch, 0.56 * guess)));
  const middle = Math.max(top + room / 2, networkHead + (rows * pitch) / 2);
  net.height = Math.round(Math.max(middle + (rows * pitch) / 2, net.stacked ? 0 : top + net.side) + 8);
  net.head = Math.round(middle - (rows * pitch) / 2 - networkHead);
  const step = (net.width - networkLabelWidth - net.unit - 10) / (layers.length - 1);
  net.places = layers.map((n, k) =>
    Array.from({ length: n }, (_, j) => ({
      x: networkLabelWidth + net.unit / 2 + k * step,
      y: middle + (j - (n - 1) / 2) * pitch,
    })),
  );
  const densest = Math.max(...layers.slice(1).map((n, k) => n * layers[k]));
  net.thickness = densest > 40 ? 1.9 : densest > 20 ? 2.4 : 3;
}

function networkPlaceDom(net) {
  const { box, unit } = net;
  Object.assign(box.style, { width: `${net.width}px`, height: `${net.height}px` });
  net.strip.style.maxWidth = net.stacked ? "" : `${net.width}px`;
  networkSizeCanvas(net, net.wiring, net.width, net.height);
  box.style.setProperty("--network-unit", `${unit}px`);
  net.units.forEach((units, k) =>
    units.forEach(({ button }, j) => {
      const { x, y } = net.places[k][j];
      button.ariaLabel = networkTitleOf(net.scene, k, j);
      networkPut(button, Math.round(x - unit / 2), Math.round(y - unit / 2));
    }),
  );
  for (const { dot, bias } of net.biases) {
    const { x, y } = net.places[bias.k][bias.j];
    networkPut(dot, x - unit / 2, y + unit / 2);
  }
  net.labels.forEach((label, j) => {
    label.textContent = net.scene.feature_labels[j];
    networkPut(label, 0, net.places[0][j].y);
  });
}

// Two faint lines from a unit to the large map's corners: the map is that unit, enlarged.
function networkPlaceLens(net) {
  const path = net.lens.firstChild;
  net.lens.style.display = net.stacked ? "none" : "";
  if (net.stacked || !net.places) return;
  const { k, j } = networkLooked(net);
  const { x, y } = net.places[k][j];
  const half = net.unit / 2;
  const from = net.left.offsetLeft + x + half;
  const to = net.right.offsetLeft + networkMargin.left;
  const top = net.plane.offsetTop + networkMargin.top;
  const corners = [[from, y - half], [to, top], [to, top + net.side], [from, y + half]];
  path.setAttribute("d", `M${corners.map((corner) => corner.join(" ")).join("L")}Z`);
}

function networkWriteHeadings(net) {
  const { layers } = net.scene;
  net.headings.forEach((heading, k) => {
    const last = k === layers.length - 1;
    const name = k === 0 ? "Inputs" : last ? "Output" : `Hidden ${k}`;
    const units = `${layers[k]} ${k === 0 ? "feature" : "unit"}${layers[k] === 1 ? "" : "s"}`;
    heading.replaceChildren();
    networkElement(heading, "strong", "name", { textContent: name });
    networkElement(heading, "span", "count", { textContent: units });
    networkPut(heading, net.places[k][0].x, net.head);
  });
}

function networkTitleOf(scene, k, j) {
  if (k === 0) return `Input ${scene.feature_labels[j]}`;
  return k === scene.layers.length - 1 ? "Output" : `Hidden ${k}, unit ${j + 1}`;
}

// Names what the large map shows and what can be done with a pinned unit.
function networkWriteTitle(net) {
  if (!net.scene) return;
  const { k, j } = networkLooked(net);
  net.title.textContent = networkTitleOf(net.scene, k, j);
  net.meaning.textContent = networkMeaning(net.scene, k);
  net.plane.ariaLabel =
    `${net.title.textContent} over the plane. Arrows move the reading point` +
    (net.scene.editable ? ", Enter adds or erases a point." : ".");
  net.units.forEach((units, layer) =>
    units.forEach(({ button }, n) => {
      const pinned = net.pinned?.k === layer && net.pinned?.j === n;
      button.ariaPressed = String(pinned);
      button.classList.toggle("network-shown", layer === k && n === j);
    }),
  );
  networkWriteChips(net);
}

function networkWriteChips(net) {
  const { pinned, scene } = net;
  const silent = pinned && net.muted.has(`${pinned.k}:${pinned.j}`);
  const state = JSON.stringify([pinned, silent]);
  if (net.chipState === state) return;
  net.chipState = state;
  const focused = [...net.chips.children].indexOf(net.stage.getRootNode().activeElement);
  net.chips.replaceChildren();
  if (!pinned) return;
  const { k, j } = pinned;
  networkButton(net.chips, "chip", "Pinned ✕", () => networkPin(net, k, j)).title = "Unpin";
  if (k < scene.layers.length - 1) {
    const text = silent ? "Unmute" : "Mute this unit";
    networkButton(net.chips, "chip", text, () => networkMute(net, k, j));
  }
  const bias = net.parameters.find((p) => p.i === null && p.k === k && p.j === j);
  const open = () => networkOpenEditor(net, bias, ...networkPlaceOf(net, bias));
  if (bias) networkButton(net.chips, "chip", "Bias", open);
  if (focused >= 0) net.chips.children[focused]?.focus();
}

function networkMeaning(scene, k) {
  if (k === 0) return "value of the input";
  if (k < scene.layers.length - 1) return `activation (${scene.activation.replace("_", " ")})`;
  if (scene.output === "linear") return "predicted value";
  if (networkOdds(scene)) return `predicted probability of ${scene.class_names[1]}`;
  const formula = scene.output === "tanh" ? "tanh z" : "tanh z/2";
  const [negative, positive] = scene.class_names;
  return `output (${formula}): below 0 ${negative}, above 0 ${positive}`;
}

function networkWriteLegend(net) {
  const { scene } = net;
  const entry = (label, test, text) => {
    const item = networkElement(net.legend, "span", "entry");
    item.append(networkSymbol(net, label, test), text);
  };
  net.legend.replaceChildren();
  if (scene.task === "classification") {
    entry(-1, false, scene.class_names[0]);
    entry(1, false, scene.class_names[1]);
  } else entry(1, false, "training, colour = target");
  if (scene.show_test) entry(1, true, "open: test");
}
