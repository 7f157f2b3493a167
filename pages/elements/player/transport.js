// The player: holds the records, keeps time, asks for the next chunk, has all drawn.

const ASK_AGAIN = 3000; // ms without an answer
const RUSH = 150; // ms in which "max" uses up what is held, so that chunks do not show as jumps
const SETTLE = 200; // ms of rest before Python is told where the picture stands
const AFTER_AN_EDIT = 800; // the same after an edit, which has a run of its own first
const LEAVING = 3000; // ms in which the page a visitor asked for should have come
const CALM = 500; // ms between pictures for those who prefer reduced motion
const RUSHED = 80; // ms between pictures at "max": enough to follow, and time for what comes
const HANDLED = new Set([" ", "ArrowLeft", "ArrowRight", "Home", "End"]);

const instances = new WeakMap();

class Player {
  constructor(parent) {
    this.parent = parent;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.records = new Records(1);
    Object.assign(this, { record: 0, playing: false, goal: null, speed: null, pictures: 0 });
    Object.assign(this, { debt: 0, last: 0, painted: 0, ticket: 0, pending: null, told: null });
    Object.assign(this, { before: -1, cost: 16 });
    this.build();
  }

  build() {
    this.root = document.createElement("section");
    this.root.className = "player";
    this.root.tabIndex = -1;
    this.root.ariaLabel = "Player";
    this.root.explorer = this;
    this.root.onkeydown = (event) => this.key(event);
    this.bar = new Bar(this.root, this);
    this.stage = barElement("div", "stage", this.root);
    this.charts = barElement("div", "curves", this.root);
    this.parent.append(this.root);
    this.observer = new ResizeObserver(() => {
      this.resized = true;
      this.redraw();
    });
    this.observer.observe(this.root);
    this.sight = new IntersectionObserver(([entry]) => this.seen(entry.isIntersecting));
    this.sight.observe(this.root);
    this.born = performance.now();
    this.onWindow = () => this.windowChanged();
    window.addEventListener("resize", this.onWindow);
    this.tall = window.innerHeight;
  }

  /** Rest when scrolled out of sight; what is looked at below then comes. */
  seen(inSight) {
    if (this.inSight && !inSight && this.playing && this.goal === null) this.stop();
    this.inSight = inSight;
  }

  /** Follow the window's height, but not a phone's address bar. */
  windowChanged() {
    if (Math.abs(window.innerHeight - this.tall) < 120) return;
    this.tall = window.innerHeight;
    this.resized = true;
    this.redraw();
  }

  /** How high a picture may be, in pixels: the page's opening and the bar stand above it. */
  room() {
    return Math.min(Math.max(this.tall - 300, 400), 640);
  }

  get n() {
    return this.records.n;
  }

  get moving() {
    return this.playing || this.goal !== null;
  }

  shape(name) {
    return this.records.arrays.get(name)?.shape;
  }

  get(name, record) {
    return this.records.get(name, record);
  }

  // What a run or a page brings.

  configure({ header, arrays }) {
    const { scene, ...options } = header;
    const fresh = options.run !== this.options?.run;
    this.options = options;
    if (this.speed === null) this.choose(options.speed);
    this.join(options.key);
    this.drawing ??= chosenDrawing(this.stage, this);
    if (fresh) this.begin();
    this.drawing.scene({ ...scene, arrays });
    this.bar.said = undefined; // the same record may show something else now
    this.charts.replaceChildren();
    this.curves = options.curves.map((spec) => new Curve(this.charts, spec, this));
    for (const bytes of this.entry.pending.splice(0)) this.receive(bytes);
    this.redraw();
  }

  choose(speed) {
    const usual = BAR_SPEEDS.slice(0, -1).map(Number);
    this.speed = String(usual.reduce((a, b) => (Math.abs(b - speed) < Math.abs(a - speed) ? b : a)));
  }

  join(key) {
    window.__explorer_players ??= new Map();
    const players = window.__explorer_players;
    if (!players.has(key)) players.set(key, { player: null, request: null, pending: [] });
    this.entry = players.get(key);
    this.entry.player = this;
  }

  begin() {
    const first = this.wanted === undefined;
    if (first) this.wanted = this.options.autoplay && !this.calm.matches;
    this.records = new Records(this.options.n_records);
    Object.assign(this, { record: 0, debt: 0, pending: null, told: null, empty: 0 });
    this.goal = this.options.start || null;
    this.playing = Boolean(this.wanted) && (first || this.options.autoplay);
    clearTimeout(this.settling);
    this.bar.renew();
  }

  /** Take an answer; one for a run that this player is not yet told of waits. */
  receive(bytes) {
    const answer = unpack(bytes);
    if (answer.header.run !== this.options.run) {
      this.entry.pending = [...this.entry.pending.slice(-3), bytes];
      return;
    }
    const fresh = this.records.append(answer);
    if (fresh || answer.header.ask === this.pending?.ask) this.pending = null;
    const beyond = answer.header.first > this.n;
    this.empty = fresh || beyond ? 0 : this.empty + 1;
    if (fresh) this.redraw();
    this.ask();
  }

  // Asking.

  /** The record up to which there should be records now. */
  horizon() {
    const { records_per_chunk: chunk } = this.options;
    if (this.goal !== null) return this.goal + 1;
    if (this.playing && this.speed === "max") return this.records.total;
    const lead = this.playing ? Math.max(chunk, Number(this.speed) * 0.75) : chunk;
    return this.record + Math.ceil(lead);
  }

  /** Ask for what comes next if it is needed and nothing is under way. */
  ask() {
    const { records, options } = this;
    if (!this.entry?.request || !options || records.complete) return;
    if (this.horizon() < this.n) return;
    const now = performance.now();
    // An answer without news must not be asked for again in a circle.
    const patience = this.pending ? ASK_AGAIN : Math.min(250 * this.empty, ASK_AGAIN);
    if (now - (this.asked ?? -Infinity) < patience) return this.later(patience);
    this.asked = now;
    this.pending = { ask: Math.floor(now) };
    const upto = Math.min(this.horizon(), records.total - 1);
    const want = { run: options.run, first: this.n, upto, at: this.goal ?? this.record, ...this.pending };
    this.entry.request(want);
    this.later(ASK_AGAIN);
  }

  later(wait) {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.ask(), wait + 20);
  }

  // Time.

  wake() {
    if (!this.ticket) this.ticket = requestAnimationFrame((now) => this.frame(now));
  }

  redraw() {
    this.dirty = true;
    this.wake();
  }

  frame(now) {
    this.ticket = 0;
    // A hidden tab gets no frames: what it missed is not caught up in one jump.
    const elapsed = this.last ? Math.min(now - this.last, 250) : 16;
    if (this.moving && this.n) this.advance(elapsed);
    this.last = this.moving ? now : 0;
    // The frame after a picture comes as late as the picture was dear.
    if (this.painted === this.before) this.cost = 0.7 * this.cost + 0.3 * (now - this.painted);
    this.before = now;
    if (this.dirty && !(this.playing && now - this.painted < this.pace())) this.paint(now);
    if (this.moving || this.dirty) this.wake();
    this.ask();
  }

  /** Milliseconds between pictures: dear ones leave time for what is to come. */
  pace() {
    if (this.calm.matches) return CALM;
    if (this.speed === "max") return Math.max(RUSHED, 2.5 * this.cost);
    return this.cost > 40 ? 1.5 * this.cost : 0;
  }

  advance(elapsed) {
    const limit = Math.min(this.n - 1, this.goal ?? Infinity);
    const ahead = limit - this.record;
    const steps = Math.min(this.due(ahead, elapsed), ahead);
    this.debt = ahead > 0 ? this.debt - steps : Math.min(this.debt, 1);
    if (steps > 0) {
      this.record += steps;
      this.dirty = true;
    }
    this.wait(ahead, elapsed);
    if (this.goal !== null && this.record >= Math.min(this.goal, this.records.last)) this.arrive();
    if (this.playing && this.records.complete && this.record >= this.records.last) this.stop();
  }

  /** How many records this frame should pass. */
  due(ahead, elapsed) {
    if (this.goal !== null || this.speed === "max") {
      this.debt = 0;
      const most = Math.max(6, this.records.total / 240) * (elapsed / 16);
      return Math.ceil(Math.min(ahead * Math.min(elapsed / RUSH, 1), most));
    }
    this.debt += (elapsed * Number(this.speed)) / 1000;
    // Frames come a little early or late: 60 pictures a second should be one each.
    return Math.max(Math.floor(this.debt + 0.25), 0);
  }

  /** Show that the next records are being computed once that takes noticeably long. */
  wait(ahead, elapsed) {
    this.waited = ahead > 0 ? 0 : (this.waited ?? 0) + elapsed;
    const waiting = String(this.waited > 400 && !this.records.complete);
    if (this.root.dataset.waiting !== waiting) this.root.dataset.waiting = waiting;
  }

  arrive() {
    this.goal = null;
    if (!this.playing) this.settle();
  }

  stop() {
    this.playing = false;
    this.settle();
  }

  // What people do.

  toggle() {
    if (this.playing) return this.pause();
    if (this.records.complete && this.record >= this.records.last) this.record = 0;
    Object.assign(this, { playing: true, wanted: true, debt: 1, goal: null });
    clearTimeout(this.settling);
    this.redraw();
  }

  pause() {
    Object.assign(this, { playing: false, wanted: false, goal: null });
    this.settle();
    this.redraw();
  }

  reset() {
    this.pause();
    this.seek(0);
  }

  step(by) {
    this.pause();
    this.seek(this.record + by);
  }

  /** Go to a record, or play towards it as records come if it is not held yet. */
  seek(record) {
    const place = Math.min(Math.max(record, 0), Math.max(this.records.last, 0));
    this.goal = place > this.n - 1 ? place : null;
    if (this.goal === null) this.record = place;
    if (!this.playing) this.settle();
    this.redraw();
  }

  setSpeed(speed) {
    Object.assign(this, { speed, debt: 0 });
    this.ask();
  }

  key(event) {
    const target = event.composedPath()[0];
    const own = target.closest?.("select, textarea, [data-keys], .stage input");
    const press = event.key === " " && target.closest?.("button");
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.defaultPrevented || own || press || modified || !HANDLED.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.shiftKey ? 10 : 1;
    if (event.key === " ") this.toggle();
    else if (event.key === "ArrowLeft") this.step(-by);
    else if (event.key === "ArrowRight") this.step(by);
    else if (event.key === "Home") this.reset();
    else {
      this.pause();
      this.seek(this.records.last);
    }
  }

  // What Python is told.

  /** Tell Python where the picture stands once it has stood there for a moment. */
  settle(after = SETTLE) {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.leaving) return this.settle();
      const standing = `${this.options.run} ${this.record}`;
      if (this.moving || !this.n || standing === this.told) return;
      this.told = standing;
      this.setStateValue("record", { run: this.options.run, record: this.record });
    }, after);
  }

  /** Whether the visitor has just gone to another page, which the server is still to answer. */
  get leaving() {
    const left = window.__explorer_left ?? 0;
    return left > this.born && performance.now() - left < LEAVING;
  }

  emit(kind, payload = {}) {
    this.setTriggerValue("edit", { ...payload, kind, at: this.record });
    // A request right behind it would overtake a run that has not begun, and the edit be lost.
    this.settle(AFTER_AN_EDIT);
  }

  say(text) {
    this.bar.speak(text);
  }

  // What is seen.

  paint(now) {
    this.dirty = false;
    if (!this.n) return this.bar.showFarewell();
    this.painted = now;
    this.pictures += 1;
    if (this.resized) this.drawing.resize?.();
    this.resized = false;
    this.drawing.draw(this.record);
    for (const curve of this.curves) curve.draw();
    this.bar.update();
    this.bar.tick(now);
    this.publish();
  }

  publish() {
    const { dataset } = this.root;
    dataset.record = this.record;
    dataset.playing = this.playing;
    dataset.n = this.n;
    dataset.run = this.options.run;
    dataset.end = this.records.end;
  }

  /** A record's place in the page's unit, as text: "1,250" epochs. */
  amount(record) {
    const per = this.options.units_per_record;
    const digits = Number.isInteger(per) ? 0 : Math.min(String(per).split(".")[1].length, 3);
    return decimal(record * per, digits);
  }

  named(record) {
    return `${this.options.unit} ${this.amount(record)}`;
  }

  /** The sentence under a picture that can go no further because training diverged. */
  farewell() {
    const { records } = this;
    if (records.end !== "diverged" || this.record < records.last) return "";
    if (!records.n) return "Training diverged at once: the very first loss is not a finite number.";
    const when = this.named(records.last);
    return `Training diverged after ${when}: the loss is no longer a finite number. This is the last frame before it.`;
  }

  recolour() {
    this.theme = themeOf(this.parent.host ?? this.parent);
    const onPrimary = luminance(this.theme.primary) > 0.4 ? "#111" : "#fff";
    this.root.style.setProperty("--on-primary", onPrimary);
    this.root.dataset.dark = this.theme.dark;
    this.redraw();
  }

  destroy() {
    cancelAnimationFrame(this.ticket);
    clearTimeout(this.asking);
    clearTimeout(this.settling);
    this.observer.disconnect();
    this.sight.disconnect();
    window.removeEventListener("resize", this.onWindow);
    this.drawing?.destroy?.();
    this.root.remove();
    if (this.entry?.player !== this) return;
    this.entry.player = null;
    if (!this.entry.request) window.__explorer_players.delete(this.options.key);
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!instances.has(parentElement)) instances.set(parentElement, new Player(parentElement));
  const player = instances.get(parentElement);
  Object.assign(player, { setStateValue, setTriggerValue });
  // Streamlit cleans up after an overtaken call too, which must not end the later one.
  const call = {};
  player.call = call;
  player.recolour();
  if (!sameBytes(player.data, data)) {
    player.data = data;
    player.configure(unpack(data));
  }
  player.ask();
  return () => {
    if (player.call !== call) return;
    player.destroy();
    instances.delete(parentElement);
  };
}

function sameBytes(a, b) {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
