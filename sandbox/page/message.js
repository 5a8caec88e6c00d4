// One message as it looks in the chat: bubble, time and ticks, and the keyboard below it.

import { h, icon, spoken } from "./element.js";
import { render, startCode } from "./markup.js";
import { poll } from "./poll.js";
import { instant, timeIn } from "./times.js";

const STYLES = ["danger", "success", "primary"]; // Telegram's own words for the looks of a button
const QUOTED = 90; // characters

/**
 * An article for `message`. `doings` is what its parts can set off:
 * `tap(message, button, element)`, `say(text)`, `open(address)` (true when handled here), `vote(poll, ids)`, `tell(sentence)`.
 */
export function article(message, { zone, last, read, quoted, doings }) {
  const mine = message.from === "person";
  return h(
    "article",
    {
      class: `message ${mine ? "mine" : "theirs"}${last ? " last" : ""}${message.keyboard?.length ? " with-keyboard" : ""}`,
      "data-message": message.message_id,
      tabindex: "-1",
    },
    spoken(mine ? "You: " : "Attaché: "),
    bubble(message, { mine, zone, read, quoted, doings }),
    message.keyboard?.length ? keyboard(message, doings) : null,
  );
}

function bubble(message, { mine, zone, read, quoted, doings }) {
  const body = [
    quoted ? quote(quoted) : null,
    message.photo ? photo(message) : null,
    message.document ? attachment(message.document) : null,
    message.poll ? poll(message.poll, doings.vote) : null,
    h("div", { class: "text", dir: "auto" }, words(message, doings), meta(message, { mine, zone, read })),
  ];
  const looks = message.photo ? ` with-photo${message.text ? "" : " bare"}` : "";
  return h("div", { class: `bubble${looks}` }, body);
}

function quote({ from, text }) {
  const shortened = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text || "Message";
  return h("div", { class: "quoted" }, h("b", {}, from === "bot" ? "Attaché" : "You"), h("span", { dir: "auto" }, shortened));
}

function words(message, doings) {
  if (message.poll) return [];
  return message.html || message.text ? render(message.html || escaped(message.text), doings) : [];
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function meta(message, { mine, zone, read }) {
  const at = instant(message.date);
  return h(
    "span",
    { class: "meta" },
    message.edited_at ? h("span", { class: "edited" }, "edited") : null,
    message.silent ? h("span", { class: "mark", title: "Sent silently" }, icon("silent"), spoken("sent silently")) : null,
    h("time", { datetime: at.toISOString() }, timeIn(zone, at)),
    mine ? h("span", { class: "mark ticks" }, icon(read ? "read" : "sent"), spoken(read ? "read" : "sent")) : null,
  );
}

function photo(message) {
  const words = message.text ? "Photo with the text below" : "Photo";
  const [width, height] = message.photo_size; // keeps its place before it has come
  return h("a", { class: "photo", href: message.photo, target: "_blank", rel: "noopener", "aria-label": `${words}, open it` },
    h("img", { src: message.photo, width, height, alt: "" }));
}

function attachment({ name, url }) {
  return h("a", { class: "document", href: url, download: name ?? "", "aria-label": `Document ${name ?? ""}, download it` },
    h("span", { class: "document-icon" }, icon("file")),
    h("span", { class: "document-name" }, name ?? "Document", h("small", {}, "Download")));
}

function keyboard(message, doings) {
  const rows = message.keyboard.map((row) =>
    h("div", { class: "row" }, row.map((button) => key(message, button, doings))));
  return h("div", { class: "keyboard", role: "group", "aria-label": "Buttons of this message" }, rows);
}

function key(message, button, doings) {
  if (button.url) return linkKey(button, doings);
  const style = STYLES.includes(button.style) ? ` ${button.style}` : "";
  const press = (event) => {
    if (button.data !== undefined && button.data !== null) doings.tap(message, button, event.currentTarget);
    else if (button.copy_text) copy(button.copy_text, doings);
    else doings.tell("This button works in Telegram only.");
  };
  return h("button", { type: "button", class: `key${style}`, dir: "auto", onclick: press }, button.label);
}

function linkKey(button, doings) {
  const follow = (event) => { if (doings.open(button.url)) event.preventDefault(); };
  const here = startCode(button.url) !== null;
  return h("a", { class: "key", dir: "auto", href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: follow },
    button.label, here ? null : icon("link"), here ? null : spoken(" (opens a new tab)"));
}

async function copy(text, doings) {
  try {
    await navigator.clipboard.writeText(text);
    doings.tell("Copied.");
  } catch {
    doings.tell(text);
  }
}
