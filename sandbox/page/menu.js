// The ⋮ menu of a chat.

import { h, icon } from "./element.js";

export class Menu {
  /** `block` and `clear` are called when chosen. */
  constructor({ block, clear }) {
    const choose = (doing) => () => { this.#open(false); doing(); };
    this.blocking = h("button", { type: "button", onclick: choose(block) }, "Block bot");
    this.clearing = h("button", { type: "button", onclick: choose(clear) }, "Clear chat");
    this.list = h("ul", { class: "menu-list", hidden: true }, h("li", {}, this.blocking), h("li", {}, this.clearing));
    this.button = h("button", { type: "button", class: "round", "aria-label": "More", "aria-expanded": "false", onclick: () => this.#open(this.list.hidden) }, icon("more"));
    this.element = h("div", { class: "menu" }, this.button, this.list);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.list.hidden) this.#open(false);
    });
    this.element.addEventListener("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget) && !this.list.hidden) this.#open(false, { refocus: false });
    });
    // Safari gives buttons no focus on a click, so focusout alone does not close the menu there.
    document.addEventListener("pointerdown", (event) => {
      if (!this.list.hidden && !this.element.contains(event.target)) this.#open(false, { refocus: false });
    });
  }

  update({ blocked, empty }) {
    this.blocking.textContent = blocked ? "Unblock bot" : "Block bot";
    this.clearing.disabled = empty;
  }

  #open(open, { refocus = true } = {}) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.blocking.focus();
    else if (refocus) this.button.focus();
  }
}
