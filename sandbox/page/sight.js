// What of a chat has been looked at: the ground for the unread badge and the "since you last looked" line.

const OWN_DOING_MS = 3000; // what arrives this soon after a tap is its answer, not news

export class Sight {
  #messages = [];
  #looked = null; // the newest message that has been looked at
  #apart = false; // the clock has run, or another phone was in front, since this one was looked at
  #actedAt = -Infinity;

  /** `hidden()` tells whether nobody can see the phone now. */
  constructor(hidden) {
    this.hidden = hidden;
  }

  /** Messages from the bot that came since the last look. */
  get news() {
    return this.#messages.filter(({ from, message_id: id }) => from === "bot" && id > (this.#looked ?? Infinity));
  }

  /** The id before which the line belongs, or null. */
  get newFrom() {
    return this.#apart ? (this.news[0]?.message_id ?? null) : null;
  }

  /** Take the chat. While somebody looks on and time runs as usual, everything counts as seen when it comes. */
  show(messages) {
    this.#messages = messages;
    const away = this.hidden() || (this.#apart && performance.now() - this.#actedAt > OWN_DOING_MS);
    if (this.#looked === null || this.#looked > this.#newest || !away) this.#looked = this.#newest;
  }

  /** The person did something here, so has seen what was there. */
  acted() {
    this.#actedAt = performance.now();
    this.#apart = false;
    this.#looked = this.#newest;
  }

  /** From now on, what comes is news; with `seen`, what is here has been seen (if anybody could). */
  part({ seen = false } = {}) {
    this.#apart = true;
    if (!seen) return;
    this.#actedAt = -Infinity;
    if (!this.hidden()) this.#looked = this.#newest;
  }

  get #newest() {
    return this.#messages.at(-1)?.message_id ?? 0;
  }
}
