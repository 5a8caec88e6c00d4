// Where a person writes: the commands menu, a file, the text box, and Send.

import { h, icon } from "./element.js";

const LONGEST = 4096;

export class Composer {
  #commands = [];

  /** `say(text)` and `sendFile(file)` return promises; a rejected `say` gives the words back to the box. */
  constructor({ name, say, sendFile }) {
    this.say = say;
    this.box = h("textarea", { class: "box", rows: "1", placeholder: "Message", "aria-label": `Message from ${name} to Attaché`, maxlength: LONGEST, autocomplete: "off", dir: "auto" });
    this.menuButton = h("button", { type: "button", class: "menu-button", "aria-expanded": "false", hidden: true, onclick: () => this.#toggle() }, icon("menu"), "Menu");
    this.panel = h("ul", { class: "commands", "aria-label": "Commands", hidden: true });
    this.file = h("input", { type: "file", class: "spoken", tabindex: "-1", "aria-hidden": "true", onchange: () => this.#file(sendFile) });
    const attach = h("button", { type: "button", class: "round attach", "aria-label": "Send a photo or a file", onclick: () => this.file.click() }, icon("clip"));
    const send = h("button", { type: "submit", class: "round send", "aria-label": "Send" }, icon("send"));
    const form = h("form", { class: "composer", onsubmit: (event) => this.#submit(event) }, this.menuButton, this.box, attach, send, this.file);
    this.element = h("div", { class: "composer-frame" }, this.panel, form);
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("input", () => this.#typed());
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#close(true); });
    this.element.addEventListener("focusout", (event) => { if (!this.element.contains(event.relatedTarget)) this.#close(false); });
  }

  /** The bot's menu, as Telegram shows it to this person. */
  commands(list) {
    if (JSON.stringify(list) === JSON.stringify(this.#commands)) return;
    this.#commands = list;
    this.menuButton.hidden = list.length === 0;
    if (!this.panel.hidden) this.#fill("");
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.querySelector("form").requestSubmit();
  }

  #typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    const typed = this.box.value;
    if (/^\/\w*$/.test(typed)) this.#open(typed);
    else this.#close(false);
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.#typed();
    try {
      await this.say(text);
    } catch {
      this.box.value = text;
    }
  }

  #toggle() {
    if (!this.panel.hidden) return this.#close(true);
    this.#open("");
    this.panel.querySelector("button")?.focus();
    return undefined;
  }

  #open(typed) {
    this.#fill(typed);
    this.panel.hidden = this.panel.childElementCount === 0;
    this.menuButton.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  #close(refocus) {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
    if (refocus) this.menuButton.focus();
  }

  #fill(typed) {
    const fitting = this.#commands.filter(({ command }) => `/${command}`.startsWith(typed));
    this.panel.replaceChildren(...fitting.map(({ command, description }) =>
      h("li", {}, h("button", { type: "button", onclick: () => this.#choose(command) }, h("b", {}, `/${command}`), " ", h("span", {}, description)))));
  }

  #choose(command) {
    this.#close(false);
    this.box.value = "";
    this.box.focus();
    this.say(`/${command}`).catch(() => {});
  }

  async #file(sendFile) {
    const [file] = this.file.files;
    this.file.value = "";
    if (file) await sendFile(file);
  }
}

/** What `sends` wants for a file: `{photo|document: {file_name, base64}}`. */
export async function parcel(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  const content = { file_name: file.name, base64: btoa(binary) };
  return /^image\/(jpeg|png|webp)$/.test(file.type) ? { photo: content } : { document: content };
}
