// What a phone shows before the first message: the e-mail with the invitation, or the bot's START panel.

import { h, icon } from "./element.js";
import { startCode } from "./markup.js";

/** The e-mail on the phone; `open(code)` follows its link. */
export function mail({ from, subject, text, link }, open) {
  return h(
    "div",
    { class: "mail" },
    h("article", { class: "mail-card", "aria-label": `E-mail from ${from}` },
      h("p", { class: "mail-from" }, h("span", { class: "mail-avatar", "aria-hidden": "true" }, initials(from)),
        h("span", {}, h("b", {}, from), h("small", {}, "to me"))),
      h("h3", { class: "mail-subject", dir: "auto" }, subject),
      h("p", { class: "mail-text", dir: "auto" }, text),
      h("button", { type: "button", class: "wide-button", onclick: () => open(startCode(link) ?? "") }, "Open invitation"),
      h("p", { class: "mail-link" }, link)),
  );
}

const initials = (name) => name.split(/[\s<@.]+/).filter((word) => /^\p{L}/u.test(word)).slice(0, 2).map((word) => word[0].toUpperCase()).join("");

/** The empty chat that a t.me link opens. */
export function greeting({ invited, back }) {
  return h(
    "div",
    { class: "greeting" },
    h("div", { class: "greeting-card" },
      h("span", { class: "avatar large", "aria-hidden": "true" }, "A"),
      h("h3", {}, "Attaché"),
      h("p", {}, invited ? "You followed an invitation. Press START to accept it." : "No messages here yet. Press START to begin."),
      back ? h("button", { type: "button", class: "quiet-button", onclick: back }, icon("envelope"), "Back to the e-mail") : null),
  );
}

/** The bar in the composer's place; says `/start` with the code, if there is one. */
export function startBar(code, say) {
  const words = code ? `/start ${code}` : "/start";
  return h("div", { class: "start-bar" },
    h("button", { type: "button", class: "wide-button start", title: words, onclick: () => say(words) }, "START"));
}
