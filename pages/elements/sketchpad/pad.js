// What both pads share: page elements, buttons, colours, and sending to Python.

const SEND_GAP = 100; // milliseconds between two answers while drawing
const GIVE_UP = 3000; // milliseconds after which an unanswered request counts as lost
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const ICONS = {
  thin: '<circle cx="12" cy="12" r="2" fill="currentColor" stroke="none"/>',
  medium: '<circle cx="12" cy="12" r="4" fill="currentColor" stroke="none"/>',
  thick: '<circle cx="12" cy="12" r="6.5" fill="currentColor" stroke="none"/>',
  eraser: '<path d="M8.5 19 4 14.5 14 4.5 20 10.5 11.5 19ZM9 9.5 15 15.5M8.5 19H20"/>',
  undo: '<path d="M9 6 4.5 10.5 9 15M5 10.5H14.5a4.5 4.5 0 0 1 0 9H11"/>',
  redo: '<path d="M15 6 19.5 10.5 15 15M19 10.5H9.5a4.5 4.5 0 0 0 0 9H13"/>',
  clear: '<path d="M5 7H19M10 7V4.5H14V7M7 7 8 19.5H16L17 7M10.5 11V16M13.5 11V16"/>',
};

// Drawings outlive their element, so that leaving a page and coming back loses no stroke.
const drawings = (window.__explorer_drawings ??= new Map());

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(name, label, icon, action) {
  const made = element("button", { type: "button", "data-action": name, "aria-label": label });
  made.title = label;
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>`;
  made.onclick = () => {
    action();
    if (made.disabled) refocus(made);
  };
  return made;
}

// A button that has just become disabled loses the focus, and Ctrl+Z with it.
function refocus(made) {
  made.closest(".pad").querySelector(".surface").focus({ preventScroll: true });
}

function group(label, ...buttons) {
  return element("div", { class: "group", role: "group", "aria-label": label }, ...buttons);
}

function press(made, pressed) {
  made.setAttribute("aria-pressed", String(pressed));
}

function historyButtons(pad) {
  return {
    undo: button("undo", "Undo (Ctrl+Z)", ICONS.undo, () => pad.undo()),
    redo: button("redo", "Redo (Ctrl+Shift+Z)", ICONS.redo, () => pad.redo()),
    clear: button("clear", "Clear", ICONS.clear, () => pad.clear()),
  };
}

// Ctrl+Z and its relatives; true when the key was one of them.
function historyKey(pad, event) {
  if (!event.ctrlKey && !event.metaKey) return false;
  const key = event.key.toLowerCase();
  if (key === "y" || (key === "z" && event.shiftKey)) pad.redo();
  else if (key === "z") pad.undo();
  else return false;
  return true;
}

// Streamlit has shortcuts of its own (r, c): a key the pad used must not reach them.
function keep(event) {
  event.preventDefault();
  event.stopPropagation();
}

function coalesced(event) {
  const events = event.getCoalescedEvents?.() ?? [];
  return events.length ? events : [event];
}

// One pointer at a time: a resting palm or a second finger is ignored.
function followPointer(surface, { down, move, up }) {
  let pointer = null;
  surface.onpointerdown = (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    surface.setPointerCapture(pointer);
    surface.focus({ preventScroll: true });
    down(event);
  };
  surface.onpointermove = (event) => event.pointerId === pointer && move(event);
  surface.onpointerup = surface.onpointercancel = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    up(event);
  };
}

// Sends the newest value, at most every SEND_GAP, with one request under way.
// The next one waits until Streamlit has finished its run: a run that is overtaken by the
// next is dropped, and its answer would never be seen.
class Sender {
  constructor(read, write) {
    Object.assign(this, { read, write, sentAt: -Infinity, last: null, waiting: false });
  }

  changed(now = false) {
    this.pending = true;
    this.now ||= now;
    this.pump();
  }

  pump() {
    clearTimeout(this.timer);
    if (!this.pending) return;
    const wait = this.wait(performance.now() - this.sentAt);
    if (wait > 0) this.timer = setTimeout(() => this.pump(), wait);
    else this.send();
  }

  wait(since) {
    if (this.waiting && since < GIVE_UP && this.unanswered(since)) return 8;
    this.waiting = false;
    return this.now ? 0 : SEND_GAP - since;
  }

  unanswered(since) {
    const app = document.querySelector("[data-test-script-state]");
    if (!app) return since < 250;
    return since < 24 || app.dataset.testScriptState !== "notRunning";
  }

  send() {
    this.pending = this.now = false;
    const value = this.read();
    if (value === this.last) return;
    Object.assign(this, { last: value, sentAt: performance.now(), waiting: true });
    this.write(value);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

// The default export of a pad: Streamlit calls it again whenever data or theme change.
// It also cleans up after a call that was overtaken by the next, with the pad still in use,
// so only a pad that has left the page is taken down.
function mount(pads, Pad, component) {
  const parent = component.parentElement;
  if (!pads.has(parent)) pads.set(parent, new Pad(component));
  pads.get(parent).update(component);
  return () => setTimeout(() => parent.isConnected || dismount(pads, parent));
}

function dismount(pads, parent) {
  pads.get(parent)?.destroy();
  pads.delete(parent);
}
