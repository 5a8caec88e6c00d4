// What a bot says outside the chat: toasts that pass, and alerts that wait for OK.

import { h } from "./element.js";

const TOAST_MS = 4500;

export class Notices {
  #timer = null;

  /** `screen` is the phone's own content, which rests while an alert is open. */
  constructor(screen) {
    this.screen = screen;
    this.toast = h("div", { class: "toast", role: "status", "aria-live": "polite" });
    this.element = h("div", { class: "notices" }, this.toast);
  }

  /** A sentence for a few seconds. */
  tell(sentence) {
    clearTimeout(this.#timer);
    this.toast.replaceChildren(h("span", {}, sentence));
    this.#timer = setTimeout(() => this.toast.replaceChildren(), TOAST_MS);
  }

  /** A dialog inside the phone; resolves to true for `yes`, false for a refusal or Escape. */
  ask(sentence, { yes = "OK", no = null } = {}) {
    const before = document.activeElement;
    return new Promise((resolve) => {
      const close = (answer) => {
        dialog.remove();
        this.screen.inert = false;
        (before?.isConnected ? before : this.screen.querySelector(".box"))?.focus?.();
        resolve(answer);
      };
      const accept = h("button", { type: "button", class: "dialog-yes", onclick: () => close(true) }, yes);
      const refuse = no ? h("button", { type: "button", onclick: () => close(false) }, no) : null;
      const keys = (event) => { if (event.key === "Escape") close(false); };
      const dialog = h("div", { class: "scrim", onkeydown: keys },
        h("div", { class: "dialog", role: "alertdialog", "aria-modal": "true", "aria-label": sentence },
          h("p", { dir: "auto" }, sentence), h("div", { class: "dialog-buttons" }, refuse, accept)));
      this.screen.inert = true;
      this.element.append(dialog);
      accept.focus();
    });
  }
}
