// Turns Telegram's HTML subset into DOM by copying the allowed tags one by one; everything else becomes plain text.

import { h } from "./element.js";

const PLAIN = { b: "b", strong: "b", i: "i", em: "i", u: "u", ins: "u", s: "s", strike: "s", del: "s" };
const LINKABLE = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}»”’])|(^|[\s(])(\/[a-z][a-z0-9_]{0,31})(?![\w/])/gi;

/** Nodes for `html`. `links.open(address)` follows an address, `links.say(text)` sends a command that was tapped. */
export function render(html, links) {
  const parsed = new DOMParser().parseFromString(html ?? "", "text/html");
  return copyAll(parsed.body, links, true);
}

const copyAll = (parent, links, linkable) =>
  [...parent.childNodes].flatMap((node) => copy(node, links, linkable));

/** A line break right after a block would show as an empty line that Telegram does not show. */
const afterBlock = (node) =>
  /^(PRE|BLOCKQUOTE)$/.test(node.previousSibling?.tagName) ? node.data.replace(/^\n/, "") : node.data;

function copy(node, links, linkable) {
  if (node.nodeType === Node.TEXT_NODE) return linkable ? linked(afterBlock(node), links) : [node.data];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const tag = node.tagName.toLowerCase();
  const inner = (stillLinkable = linkable) => copyAll(node, links, stillLinkable);
  if (tag in PLAIN) return [h(PLAIN[tag], {}, inner())];
  if (tag === "code") return [h("code", {}, inner(false))];
  if (tag === "pre") return [h("pre", { tabindex: "0" }, inner(false))];
  if (tag === "blockquote") return [h("blockquote", {}, inner())];
  if (tag === "a") return [anchor(node.getAttribute("href"), inner(false), links)];
  if (tag === "tg-spoiler" || (tag === "span" && node.className === "tg-spoiler")) return [spoiler(inner(false))];
  if (tag === "br") return ["\n"];
  return inner();
}

function linked(text, links) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINKABLE)) {
    const [whole, address, before, command] = match;
    nodes.push(text.slice(end, match.index));
    if (address) nodes.push(anchor(address, [address], links));
    else nodes.push(before, h("button", { type: "button", class: "command", onclick: () => links.say(command) }, command));
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function anchor(address, children, links) {
  if (!/^(https?|tg|mailto|tel):/i.test(address ?? "")) return h("span", {}, children);
  const follow = (event) => { if (links.open(address)) event.preventDefault(); };
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", onclick: follow }, children);
}

function spoiler(children) {
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.classList.add("revealed");
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
    element.removeAttribute("aria-label");
  };
  const element = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show it", onclick: reveal, onkeydown: reveal },
    h("span", { class: "spoiler-text" }, children),
  );
  return element;
}

/** The CODE of a t.me deep link (`https://t.me/some_bot?start=CODE`), "" for a link to the bot alone, null for any other address. */
export function startCode(address) {
  let link;
  try {
    link = new URL(address);
  } catch {
    return null;
  }
  if (link.hostname !== "t.me" || !/^\/\w+\/?$/.test(link.pathname)) return null;
  return link.searchParams.get("start") ?? "";
}
