// One gesture is one step of the browser's history, however many controls it sets.

const GESTURES = ["pointerdown", "pointerup", "keydown"];

/** Streamlit pushes an entry for each parameter that a script sets; only the first stays. */
function oneEntryForEachGesture() {
  const { history } = window;
  const push = history.pushState.bind(history);
  let acted = true;
  for (const kind of GESTURES) {
    window.addEventListener(kind, () => (acted = true), { capture: true, passive: true });
  }
  history.pushState = (state, title, url) => {
    const elsewhere = new URL(url, window.location.href).pathname !== window.location.pathname;
    if (acted || elsewhere) push(state, title, url);
    else history.replaceState(state, title, url);
    acted = false;
  };
}

/** Note when a visitor goes to another page: what this one still tells would call back to it. */
function noteLeaving() {
  const leaving = () => (window.__explorer_left = performance.now());
  window.addEventListener("popstate", leaving, { capture: true });
  window.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.localName === "a" && node.href);
    if (link && new URL(link.href).pathname !== window.location.pathname) leaving();
  }, { capture: true });
}

export default function () {
  if (window.__explorer_history) return;
  window.__explorer_history = true;
  oneEntryForEachGesture();
  noteLeaving();
}
