// What if: weights changed by hand and units muted, for the record that is shown.

const networkReach = 5; // of the slider

function networkBuildStrip(net) {
  net.strip = networkElement(net.left, "div", "strip");
  net.tip = networkElement(net.stage, "div", "tip", { hidden: true });
  net.editor = networkElement(net.stage, "div", "editor", { hidden: true });
  net.editor.setAttribute("role", "dialog");
  net.editor.dataset.keys = "own";
}

// A reading beside the pointer; coordinates are the window's.
function networkTell(net, lines, left, top) {
  net.tip.hidden = !lines || !lines.length;
  if (net.tip.hidden) return;
  net.tip.replaceChildren();
  for (const textContent of lines) networkElement(net.tip, "div", "reading", { textContent });
  networkFloat(net, net.tip, left, top, 14);
}

// Places a floating box near a spot of the window, inside the stage's width.
function networkFloat(net, box, left, top, gap) {
  const stage = net.stage.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const x = Math.max(0, Math.min(left - stage.left + gap, stage.width - width));
  const below = top - stage.top + gap;
  const fits = below + height <= stage.height || below - height - 2 * gap < 0;
  box.style.left = `${x}px`;
  box.style.top = `${fits ? below : below - height - 2 * gap}px`;
}

// The parameters that are drawn: the record's own, with the learner's changes.
function networkApply(net, own) {
  if (!net.own || net.own.length !== own.length) net.own = new Float32Array(own.length);
  const moved = net.record !== net.told || net.own.some((value, p) => value !== own[p]);
  net.told = net.record;
  if (moved) {
    net.own.set(own);
    if (net.edits.size || net.muted.size || !net.editor.hidden) networkDrop(net);
  }
  if (!net.edits.size) return own;
  const changed = Float32Array.from(own);
  for (const [index, value] of net.edits) changed[index] = value;
  return changed;
}

function networkDrop(net) {
  net.edits.clear();
  net.muted.clear();
  networkCloseEditor(net);
  networkWriteStrip(net);
  networkWriteTitle(net);
}

function networkChange(net, index, value) {
  if (!Number.isFinite(value)) return;
  net.edits.delete(index);
  net.edits.set(index, Math.max(-100, Math.min(100, value)));
  networkRefresh(net);
}

function networkUndo(net) {
  const last = [...net.edits.keys()].at(-1);
  if (last === undefined) net.muted.clear();
  else net.edits.delete(last);
  networkRefresh(net);
  if (!net.editor.hidden) networkFillEditor(net);
}

function networkMute(net, k, j) {
  const unit = `${k}:${j}`;
  if (!net.muted.delete(unit)) net.muted.add(unit);
  net.player.pause();
  networkRefresh(net);
}

function networkRefresh(net) {
  networkDraw(net, net.record);
  networkWriteStrip(net);
  networkWriteTitle(net);
}

function networkTrainOn(net) {
  const edits = [...net.edits];
  if (!edits.length) return;
  const [index, value] = edits.at(-1);
  networkCloseEditor(net);
  net.player.emit("weight", edits.length === 1 ? { index, value, edits } : { edits });
}

// The line beneath the network: a hint, or what the changes do to the loss.
function networkWriteStrip(net) {
  const changed = net.edits.size + net.muted.size;
  for (const button of net.needEdits ?? []) button.disabled = net.edits.size === 0;
  net.strip.replaceChildren();
  net.strip.classList.toggle("network-changed", changed > 0);
  if (!changed) {
    const [look, press] = net.coarse ? ["Tap", "tap"] : ["Point at", "click"];
    const hint = `${look} a unit to see its map large; ${press} a line to change its weight.`;
    net.strip.textContent = hint;
    return;
  }
  networkElement(net.strip, "span", "badge", { textContent: "What if" });
  const before = networkNumber(networkLoss(net.scene, net.own));
  const after = networkNumber(networkLoss(net.scene, net.shown, net.muted));
  networkElement(net.strip, "span", "losses", { textContent: `training loss ${before} → ${after}` });
  if (net.edits.size) networkTrainButton(net, net.strip);
  networkButton(net.strip, "act", "Undo", () => networkUndo(net));
  networkButton(net.strip, "act", "Drop", () => {
    networkDrop(net);
    networkDraw(net, net.record);
  });
}

function networkOpenEditor(net, parameter, left, top) {
  net.player.pause();
  net.edited = parameter;
  net.opener = net.stage.getRootNode().activeElement;
  networkTell(net, null);
  const { editor } = net;
  editor.replaceChildren();
  editor.hidden = false;
  const name = networkParameterName(net.scene, parameter);
  editor.setAttribute("aria-label", name);
  const head = networkElement(editor, "div", "editorhead");
  networkElement(head, "strong", "name", { textContent: name });
  networkButton(head, "act network-close", "✕", () => networkCloseEditor(net)).ariaLabel = "Close";
  networkEditorFields(net, name);
  networkFillEditor(net);
  networkWriteStrip(net);
  networkDock(net, left, top);
  (net.coarse ? net.slider : net.number).focus({ preventScroll: true });
}

function networkEditorFields(net, name) {
  const { editor } = net;
  const row = networkElement(editor, "div", "row");
  const limits = { min: -networkReach, max: networkReach };
  const range = { type: "range", step: 0.01, ariaLabel: name, ...limits };
  net.slider = networkElement(row, "input", "slider", range);
  net.number = networkElement(row, "input", "number", { type: "number", step: 0.1, ariaLabel: name });
  const { index } = net.edited;
  net.slider.oninput = () => {
    networkChange(net, index, net.slider.valueAsNumber);
    net.number.value = net.slider.value;
  };
  net.number.oninput = () => {
    networkChange(net, index, net.number.valueAsNumber);
    net.slider.value = net.number.value;
  };
  net.was = networkElement(editor, "div", "was");
  const acts = networkElement(editor, "div", "row");
  const undo = () => networkUndo(net);
  net.needEdits = [networkTrainButton(net, acts), networkButton(acts, "act", "Undo", undo)];
}

function networkTrainButton(net, parent) {
  const train = () => networkTrainOn(net);
  return networkButton(parent, "act network-main", "Train on from here", train);
}

// At the end of the network away from the connection, so that little of its effect is covered.
function networkDock(net, left, top) {
  const box = net.box.getBoundingClientRect();
  const away = top < box.top + box.height / 2 ? box.bottom - net.editor.offsetHeight : box.top;
  networkFloat(net, net.editor, left - net.editor.offsetWidth / 2, away, 0);
}

function networkFillEditor(net) {
  const { index } = net.edited;
  net.slider.value = net.number.value = net.shown[index].toFixed(3);
  net.was.textContent = `trained value ${networkNumber(net.own[index])}`;
}

function networkCloseEditor(net) {
  if (net.editor.hidden) return;
  const inside = net.editor.contains(net.stage.getRootNode().activeElement);
  net.editor.hidden = true;
  net.edited = null;
  if (inside && net.opener?.isConnected) net.opener.focus({ preventScroll: true });
  networkLook(net, {});
}
