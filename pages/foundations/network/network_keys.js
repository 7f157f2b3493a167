// The network from the keyboard: one stop for Tab, arrows from unit to unit, letters for the rest.

function networkKey(net, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const unit = event.target.dataset?.unit;
  const done = event.key === "Escape" ? networkEscape(net) : unit && networkUnitKey(net, event);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}

// Leaves the innermost thing that is open; says whether there was one.
function networkEscape(net) {
  if (!net.editor.hidden) networkCloseEditor(net);
  else if (net.walk) networkWalkTo(net, null);
  else if (net.pinned) networkPin(net, net.pinned.k, net.pinned.j);
  else return false;
  return true;
}

function networkUnitKey(net, event) {
  const { k, j } = net.focus;
  const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  if (event.key in moves) networkMove(net, ...moves[event.key]);
  else if (event.key.toLowerCase() === "w" && k > 0) networkWalk(net, event.shiftKey ? -1 : 1);
  else if (event.key === "b" && k > 0) networkWalkTo(net, networkIncoming(net).at(-1));
  else if (event.key === "m" && k < net.scene.layers.length - 1) networkMute(net, k, j);
  else return false;
  return true;
}

// To the next unit of the layer, or to the unit at the same height in the layer beside.
function networkMove(net, across, down) {
  const { k, j } = net.focus;
  const layer = net.places[k + across];
  if (!layer) return;
  const height = (i) => Math.abs(layer[i].y - net.places[k][j].y);
  const nearest = layer.reduce((best, _, i) => (height(i) < height(best) ? i : best), 0);
  const target = across ? nearest : Math.max(0, Math.min(layer.length - 1, j + down));
  net.units[k + across][target].button.focus();
}

// A unit's incoming weights, its bias last.
function networkIncoming(net) {
  return net.parameters.filter(({ k, j }) => k === net.focus.k && j === net.focus.j);
}

function networkWalk(net, by) {
  const list = networkIncoming(net);
  const at = list.indexOf(net.walk);
  const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length;
  networkWalkTo(net, list[next]);
}

function networkWalkTo(net, parameter) {
  net.walk = parameter;
  const { k, j } = net.focus;
  networkLook(net, parameter && parameter.i !== null ? { wire: parameter } : { hovered: { k, j } });
  if (!parameter) return networkTell(net, null);
  const reading = networkReading(net, parameter);
  networkTell(net, [reading], ...networkPlaceOf(net, parameter));
  net.player.say(`${reading}. Enter changes it.`);
}
