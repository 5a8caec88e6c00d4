// Buttons that were tapped and wait for the bot's answer.

const LONGEST_MS = 20_000; // Telegram's own spinner gives up about then

export class Taps {
  #open = new Set();

  get open() {
    return this.#open.size > 0;
  }

  /** Mark `element` as waiting. Call `sent(arrived)` on the result once the sandbox has the tap. */
  begin(element, messageId) {
    const tap = { element, messageId, sentAt: Infinity, begunAt: performance.now() };
    element.setAttribute("aria-busy", "true");
    this.#open.add(tap);
    return {
      sent: (arrived) => {
        tap.sentAt = performance.now();
        if (!arrived) this.#end(tap);
      },
    };
  }

  /** End the taps that `chat` (asked for at `askedAt`) shows as answered: nothing is owed, a toast came, or the message changed. */
  settle(chat, askedAt, before) {
    const toasted = (chat.toast?.seq ?? 0) !== (before?.toast?.seq ?? 0);
    for (const tap of this.#open) {
      const late = performance.now() - tap.begunAt > LONGEST_MS;
      const changed = seqOf(chat, tap.messageId) !== seqOf(before, tap.messageId);
      if (late || (tap.sentAt < askedAt && (toasted || changed || chat.unanswered_taps === 0))) this.#end(tap);
    }
  }

  #end(tap) {
    tap.element.removeAttribute("aria-busy");
    this.#open.delete(tap);
  }
}

const seqOf = (chat, id) => JSON.stringify(chat?.messages.find((message) => message.message_id === id) ?? null);
