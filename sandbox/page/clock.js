// The clock bar: what time it is for the people, and the buttons that make it run.

import { h, icon } from "./element.js";
import { distance, secondsIn, shortDayIn, timeIn } from "./times.js";
import { get, post } from "./wire.js";

const OVERTAKEN_MS = 2000; // an older revision so soon after a newer one is a late answer, later on a new sandbox
const LEAP_MS = 60_000; // further ahead than the clock can have run by itself: it was moved from elsewhere

const RATES = [
  { rate: 0, label: "Pause", shows: () => icon("pause") },
  { rate: 1, label: "Running, real time", shows: () => "×1" },
  { rate: 60, label: "60 times as fast", shows: () => "×60" },
  { rate: 3600, label: "3600 times as fast", shows: () => "×3600" },
];

export class ClockBar {
  #value = null;
  #at = 0; // performance.now() when #value came
  #note = "";
  #lost = false;

  /** `place` is the section to fill; `morning()` gives {zone, place} of the phone in focus; `moving({seen})` is called as time is made to run: by a button here (seen) or not. */
  constructor(place, { morning, moving, ticked }) {
    this.morning = morning;
    this.moving = moving;
    this.ticked = ticked;
    this.hour = h("time", { class: "clock-hour" });
    this.day = h("span", { class: "clock-day" });
    this.line = h("p", { class: "clock-line", role: "status" });
    this.rates = RATES.map(({ rate, label, shows }) =>
      h("button", { type: "button", "aria-label": label, title: label, "aria-pressed": "false", "data-rate": rate, onclick: () => this.#set({ rate }) }, shows()));
    this.event = h("button", { type: "button", class: "jump", onclick: () => this.#set({ next: "event" }) }, "Next event", (this.eventNote = h("small")));
    this.dawn = h("button", { type: "button", class: "jump", onclick: () => this.#set({ next: "morning", zone: this.morning().zone }) }, "Next morning", (this.dawnNote = h("small")));
    place.append(
      h("div", { class: "clock-face" }, h("p", { class: "clock-time" }, this.day, this.hour, h("span", { class: "clock-zone" }, "UTC")), this.line),
      h("div", { class: "clock-controls" }, h("div", { class: "rates", role: "group", "aria-label": "Speed of time" }, this.rates), this.event, this.dawn),
    );
    setInterval(() => this.#draw(), 200);
  }

  /** People's time now, or null before the first answer. */
  get now() {
    if (!this.#value) return null;
    const { now, rate, stop_at: stopAt, winding_to: windingTo } = this.#value;
    const base = Date.parse(now);
    const ran = windingTo ? 0 : (performance.now() - this.#at) * rate;
    return new Date(stopAt ? Math.min(base + ran, Math.max(base, Date.parse(stopAt))) : base + ran);
  }

  async refresh() {
    try {
      this.show(await get("/sandbox/clock"));
    } catch {
      this.connected(false);
    }
  }

  /** Take a value of the clock, from the stream or an answer. */
  show(value) {
    const overtaken = this.#value && value.revision < this.#value.revision && performance.now() - this.#at < OVERTAKEN_MS;
    if (overtaken) return;
    const expected = this.now;
    if (expected && Date.parse(value.now) - expected > LEAP_MS) this.moving({ seen: false });
    const wound = this.#value?.winding_to && !value.winding_to;
    this.#value = value;
    this.#at = performance.now();
    if (value.rate > 1 || value.winding_to) this.moving({ seen: false });
    if (wound) this.#note = "";
    for (const button of this.rates) button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === value.rate && !value.winding_to));
    for (const button of [this.event, this.dawn]) button.toggleAttribute("aria-busy", Boolean(value.winding_to));
    this.#draw();
  }

  /** Whether news comes as it happens. */
  connected(yes) {
    this.#lost = !yes;
    this.#draw();
  }

  async #set(command) {
    this.moving({ seen: true });
    this.#note = "";
    try {
      const value = await post("/sandbox/clock", command);
      this.#note = value.note ?? "";
      this.show(value);
    } catch (refusal) {
      this.#note = refusal.message;
      this.#draw();
    }
  }

  #draw() {
    const at = this.now;
    const { zone, place } = this.morning();
    write(this.dawnNote, place ? `08:30 ${place}` : "08:30");
    write(this.line, this.#sentence(at, zone));
    if (!at) return;
    write(this.hour, secondsIn("UTC", at));
    this.hour.setAttribute("datetime", at.toISOString());
    write(this.day, shortDayIn("UTC", at));
    const due = this.#value.next_due_at && new Date(this.#value.next_due_at);
    write(this.eventNote, due && due > at ? distance(at, due) : "nothing due");
    this.ticked(at);
  }

  #sentence(at, zone) {
    if (this.#lost) return "The sandbox does not answer. Trying again…";
    if (!at) return "Asking for the time…";
    if (this.#note) return this.#note;
    const target = this.#value.winding_to;
    if (target) return `Winding to ${shortDayIn(zone, new Date(target)).slice(0, 3)} ${timeIn(zone, new Date(target))}…`;
    if (this.#value.rate === 0) return "Time stands still.";
    if (this.#value.rate > 1) return "Stops at what is due.";
    return "Time runs as usual.";
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
