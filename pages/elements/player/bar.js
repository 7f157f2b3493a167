// The bar of the player: buttons, scrubber, counter, speed, and the lines beneath it.

const BAR_SPEEDS = ["1", "5", "30", "60", "max"];
const BAR_ICONS = {
  play: "M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8a.8.8 0 0 0-1.2.7z",
  pause: "M7 5h3.6v14H7zM13.4 5H17v14h-3.6z",
  reset: "M6 6h2.2v12H6zM18.5 6.7v10.6a.6.6 0 0 1-.95.5L10 12.5a.6.6 0 0 1 0-1l7.55-5.3a.6.6 0 0 1 .95.5z",
  back: "M16.8 6h-2.2v12h2.2zM12.2 6.7v10.6a.6.6 0 0 1-.95.5L4.4 12.5a.6.6 0 0 1 0-1l6.85-5.3a.6.6 0 0 1 .95.5z",
  forward: "M7.2 6h2.2v12H7.2zM11.8 6.7v10.6a.6.6 0 0 0 .95.5l6.85-5.3a.6.6 0 0 0 0-1L12.75 6.2a.6.6 0 0 0-.95.5z",
};

function barElement(tag, name, parent) {
  const element = document.createElement(tag);
  element.className = name;
  parent.append(element);
  return element;
}

function barIcon(name) {
  const path = `<path d="${BAR_ICONS[name]}"/>`;
  return `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">${path}</svg>`;
}

class Bar {
  constructor(root, player) {
    this.player = player;
    this.element = barElement("div", "bar", root);
    this.buttons();
    this.scrubber();
    this.counter = barElement("div", "counter", this.element);
    this.counter.ariaHidden = "true";
    this.speedSelect();
    this.note = barElement("p", "note", this.element);
    this.status = barElement("p", "spoken", root);
    this.status.setAttribute("role", "status");
    this.status.setAttribute("aria-live", "polite");
    this.spoken = 0;
  }

  buttons() {
    const group = barElement("div", "buttons", this.element);
    const { player } = this;
    this.play = this.button(group, "play", "Play", () => player.toggle());
    this.button(group, "reset", "Back to the start", () => player.reset());
    this.button(group, "back", "Previous frame", () => player.step(-1));
    this.button(group, "forward", "Next frame", () => player.step(1));
  }

  button(group, name, label, press) {
    const button = barElement("button", name, group);
    button.type = "button";
    button.ariaLabel = label;
    button.title = label;
    button.innerHTML = barIcon(name);
    button.onclick = press;
    return button;
  }

  scrubber() {
    this.track = barElement("div", "track", this.element);
    this.marks = barElement("div", "marks", this.track);
    this.range = barElement("input", "scrubber", this.track);
    Object.assign(this.range, { type: "range", min: 0, step: 1, ariaLabel: "Position in the run" });
    this.range.oninput = () => this.player.seek(Number(this.range.value));
  }

  speedSelect() {
    const label = barElement("label", "speed", this.element);
    this.select = barElement("select", "", label);
    this.select.ariaLabel = "Speed, frames a second";
    this.select.title = "Frames a second";
    for (const speed of BAR_SPEEDS) {
      const text = speed === "max" ? "max" : `${speed} / s`;
      this.select.add(new Option(text, speed));
    }
    this.select.onchange = () => this.player.setSpeed(this.select.value);
  }

  /** What changes with the run, not with the record. */
  renew() {
    const { player } = this;
    this.range.max = player.options.n_records - 1;
    this.select.value = String(player.speed);
    this.range.setAttribute("aria-valuetext", "");
    this.shownNotes = -1;
    this.note.textContent = "";
    // Room is kept for what may come, so that the picture does not move when it does.
    this.note.hidden = !player.options.noted;
  }

  update() {
    const { player } = this;
    const total = Math.max(player.options.n_records - 1, 1);
    const { style } = this.track;
    style.setProperty("--played", player.record / total);
    style.setProperty("--held", Math.max(player.n - 1, 0) / total);
    style.setProperty("--goal", player.goal === null ? -1 : player.goal / total);
    this.range.value = player.record;
    this.range.setAttribute("aria-valuetext", this.position());
    this.showPlaying();
    this.showCounter();
    this.showNotes(total);
  }

  showPlaying() {
    const name = this.player.playing ? "pause" : "play";
    if (this.play.dataset.icon === name) return;
    this.play.dataset.icon = name;
    this.play.innerHTML = barIcon(name);
    this.play.ariaLabel = this.play.title = name === "play" ? "Play" : "Pause";
  }

  /** The unit and the place in it, in a box wide enough for the last one. */
  showCounter() {
    const { player } = this;
    if (!this.digits) {
      barElement("span", "unit", this.counter);
      this.digits = barElement("span", "digits", this.counter);
    }
    this.counter.firstChild.textContent = player.options.unit;
    this.digits.textContent = player.amount(player.record);
    this.digits.style.minWidth = `${player.amount(player.options.n_records - 1).length}ch`;
  }

  showNotes(total) {
    const { player } = this;
    const { notes } = player.records;
    if (this.shownNotes !== notes.length) this.markNotes(notes, total);
    let passed = null;
    for (const note of notes) if (note[0] <= player.record) passed = note;
    const text = passed ? `${player.named(passed[0])}: ${passed[1]}` : "";
    if (this.showFarewell() || this.note.textContent === text) return;
    this.note.textContent = text;
    this.note.dataset.kind = "note";
    if (text && player.record > 0) this.speak();
  }

  /** Whether the run ended here because it diverged; then the note says so instead. */
  showFarewell() {
    const text = this.player.farewell();
    if (!text || this.note.textContent === text) return text !== "";
    this.note.textContent = text;
    this.note.dataset.kind = "diverged";
    this.note.hidden = false;
    this.speak();
    return true;
  }

  markNotes(notes, total) {
    this.shownNotes = notes.length;
    this.marks.replaceChildren(
      ...notes.map(([record, text]) => {
        const mark = document.createElement("i");
        mark.style.setProperty("--place", record / total);
        mark.title = text;
        return mark;
      }),
    );
  }

  position() {
    const { player } = this;
    return `${player.named(player.record)} of ${player.amount(player.options.n_records - 1)}`;
  }

  /** The values of all curves here, as "Loss: training 0.042, test 0.051; …". */
  values() {
    const { curves, record } = this.player;
    return (curves ?? []).map((curve) => curve.told(record)).join("; ");
  }

  /** Say where the picture stands: at once when it rests, else every two seconds. */
  tick(now) {
    const due = this.player.playing ? now - this.spoken > 2000 : this.said !== this.player.record;
    if (!due || !this.player.n) return;
    this.speak();
  }

  speak(extra = "") {
    const { player } = this;
    [this.spoken, this.said] = [performance.now(), player.record];
    const values = this.values();
    const told = [player.drawing.describe?.(player.record), this.note.textContent, extra];
    const sentence = `${this.position()}.${values ? ` ${values}.` : ""}`;
    const text = [sentence, ...told.filter(Boolean)].join(" ");
    if (this.status.textContent !== text) this.status.textContent = text;
  }
}
