// Carries chunks from Python to the player with the same key, and its requests back.

const couriers = new WeakMap();

function keyOf(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))).key;
}

function entryOf(key) {
  window.__explorer_players ??= new Map();
  const players = window.__explorer_players;
  if (!players.has(key)) players.set(key, { player: null, request: null, pending: [] });
  return players.get(key);
}

function leave(key, request) {
  const entry = window.__explorer_players?.get(key);
  if (!entry || entry.request !== request) return;
  entry.request = null;
  if (!entry.player) window.__explorer_players.delete(key);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const key = keyOf(data);
  const entry = entryOf(key);
  const request = (want) => setTriggerValue("want", want);
  entry.request = request;
  // The theme changes this call's arguments too: the same bytes are not news.
  if (couriers.get(parentElement) !== data) {
    couriers.set(parentElement, data);
    if (entry.player) entry.player.receive(data);
    else entry.pending = [...entry.pending.slice(-3), data];
  }
  entry.player?.ask();
  return () => leave(key, request);
}
