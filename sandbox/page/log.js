// The scrolling history of one chat: keeps the elements that did not change, days apart, and the newest in sight.

import { h, icon } from "./element.js";
import { article } from "./message.js";
import { dateKey, dayIn, instant } from "./times.js";

const NEAR_PX = 60; // closer than this to the end counts as reading the newest message

export class ChatLog {
  #kept = new Map();
  #list = h("div", { class: "log-list" });
  #down;
  #stuck = true;
  #jumpedTo = 0; // where the scroller stood after it was brought to the end
  #below = 0;

  /** `zone` is the person's; `doings` as in message.js. */
  constructor({ name, zone, doings }) {
    this.zone = zone;
    this.doings = doings;
    this.scroller = h(
      "div",
      { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions text", "aria-label": `Chat of ${name} with Attaché`, tabindex: "0" },
      this.#list,
    );
    this.#down = h("button", { type: "button", class: "down", hidden: true, onclick: () => this.toEnd() }, icon("down"), h("span", { class: "down-count" }));
    this.element = h("div", { class: "log-frame" }, this.scroller, this.#down);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    const sizes = new ResizeObserver(() => { if (this.#stuck) this.#jump(); });
    sizes.observe(this.scroller);
    sizes.observe(this.#list);
  }

  /** Show `messages`; `newFrom` is the id of the first message since the last look, or null. */
  show(messages, newFrom) {
    const items = this.#items(messages, newFrom);
    const fresh = items.filter((item) => item.message && !this.#kept.has(item.key)).length;
    const hadFocus = this.#focusedMessage();
    if (this.#stuck && this.scroller.scrollTop < this.#jumpedTo) this.#scrolled(); // the reader moved, and the event is on its way
    this.#place(items);
    if (hadFocus) this.#refocus(hadFocus);
    if (this.#stuck) this.#jump();
    else this.#below += fresh;
    this.#showDown();
  }

  toEnd() {
    this.#stuck = true;
    this.#jump();
    this.#scrolled();
  }

  #items(messages, newFrom) {
    const items = [];
    let day = null;
    const lastFromBot = messages.findLast((message) => message.from === "bot")?.message_id ?? 0;
    messages.forEach((message, place) => {
      const at = instant(message.date);
      const key = dateKey(this.zone, at);
      if (key !== day) items.push(this.#day(key, at));
      day = key;
      if (message.message_id === newFrom) items.push(divider(newFrom));
      const next = messages[place + 1];
      const last = !next || next.from !== message.from || next.message_id === newFrom || dateKey(this.zone, instant(next.date)) !== key;
      const looks = { zone: this.zone, last, read: message.from === "person" && lastFromBot > message.message_id, quoted: messages.find((one) => one.message_id === message.reply_to), doings: this.doings };
      items.push({
        key: `message ${message.message_id}`,
        sign: JSON.stringify([message, last, looks.read, looks.quoted?.text]),
        build: () => article(message, looks),
        message,
      });
    });
    return items;
  }

  #day(key, at) {
    const label = dayIn(this.zone, at);
    return { key: `day ${key}`, sign: label, build: () => h("h3", { class: "day" }, h("span", {}, label)) };
  }

  /** Bring the list to `items`, touching only what is new, gone or different (a screen reader says the rest once). */
  #place(items) {
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.#kept) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#kept.delete(key);
    }
    let cursor = this.#list.firstChild;
    for (const { key, sign, build } of items) {
      let kept = this.#kept.get(key);
      if (kept && kept.sign !== sign) {
        const element = build();
        if (cursor === kept.element) cursor = element;
        kept.element.replaceWith(element);
        this.#kept.set(key, (kept = { element, sign }));
      }
      if (!kept) {
        kept = { element: build(), sign };
        kept.element.classList.add("arriving");
        this.#kept.set(key, kept);
      }
      if (cursor === kept.element) cursor = cursor.nextSibling;
      else this.#list.insertBefore(kept.element, cursor);
    }
  }

  #focusedMessage() {
    const focused = document.activeElement?.closest?.("article.message");
    if (!focused || !this.#list.contains(focused)) return null;
    return { id: focused.dataset.message, element: focused };
  }

  /** Keyboard users go on from where they pressed, although that message was drawn again. */
  #refocus({ id, element }) {
    if (this.#list.contains(element)) return;
    const again = this.#list.querySelector(`[data-message="${id}"]`);
    (again?.querySelector(".key") ?? again ?? this.scroller).focus({ preventScroll: true });
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#jumpedTo = this.scroller.scrollTop;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (clientHeight === 0) return; // a hidden phone tells nothing
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#stuck) this.#below = 0;
    this.#showDown();
  }

  #showDown() {
    this.#down.hidden = this.#stuck;
    this.#down.setAttribute("aria-label", this.#below ? `Go to the newest message, ${this.#below} below` : "Go to the newest message");
    this.#down.querySelector(".down-count").textContent = this.#below || "";
  }
}

const divider = (id) => ({
  key: `since ${id}`,
  sign: "",
  build: () => h("h3", { class: "since" }, h("span", {}, "Since you last looked")),
});
