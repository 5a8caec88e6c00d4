// One phone: a person, the chat with the bot, and everything the person can do in it.

import { Composer, parcel } from "./composer.js";
import { h, icon } from "./element.js";
import { ChatLog } from "./log.js";
import { startCode } from "./markup.js";
import { Menu } from "./menu.js";
import { Notices } from "./notices.js";
import { Sight } from "./sight.js";
import { Taps } from "./taps.js";
import { shortDayIn, timeIn } from "./times.js";
import { greeting, mail, startBar } from "./welcome.js";
import { asPerson, get } from "./wire.js";

export class Phone {
  #chat = null;
  #fetching = null;
  #again = false;
  #offered = null; // the code of a t.me link that was followed: null none, "" without a code
  #does;
  #sight;
  #toastSeq = null;
  #nudge = null;

  /** `changed(phone)` is called when the unread count or the emptiness may have changed; `hidden()` tells whether nobody sees it. */
  constructor(person, { changed, hidden }) {
    this.person = person;
    this.changed = changed;
    this.hidden = hidden;
    this.#does = asPerson(person.id);
    this.#sight = new Sight(hidden);
    this.doings = {
      tap: (message, button, element) => this.#tap(message, button, element),
      say: (text) => this.say(text).catch(() => {}),
      open: (address) => this.#follow(address),
      vote: (poll, ids) => this.#do("votes", { poll_id: poll.id, option_ids: ids }),
      tell: (sentence) => this.notices.tell(sentence),
    };
    this.#build();
  }

  get name() {
    return this.person.first_name;
  }

  get title() {
    return this.person.title || this.name;
  }

  get empty() {
    return (this.#chat?.messages.length ?? 0) === 0;
  }

  /** Messages from the bot that nobody has looked at because another phone is in front. */
  get unread() {
    return this.hidden() ? this.#sight.news.length : 0;
  }

  #build() {
    const { name, person, doings } = this;
    this.log = new ChatLog({ name, zone: person.zone, doings });
    this.composer = new Composer({ name, say: (text) => this.say(text), sendFile: (file) => this.#send(file) });
    this.menu = new Menu({ block: () => this.#do(this.#chat?.blocked ? "unblocks" : "blocks"), clear: () => this.#clear() });
    this.hour = h("time", { class: "status-hour" });
    this.day = h("span", { class: "status-day" });
    this.head = h("header", { class: "head" });
    this.middle = h("div", { class: "middle" });
    this.foot = h("div", { class: "foot" });
    this.status = h("p", { class: "head-status" });
    const statusBar = h("p", { class: "status-bar" }, this.hour, this.day, h("span", { class: "status-place" }, person.place ?? person.zone ?? "UTC"));
    const screen = h("div", { class: "screen-content" }, statusBar, this.head, this.middle, this.foot);
    this.notices = new Notices(screen);
    this.taps = new Taps();
    this.element = h("section", { class: "phone", "aria-label": `Phone of ${this.title}: ${name}${person.place ? `, ${person.place}` : ""}`, "data-person": person.id },
      h("h2", { class: "caption" }, h("b", {}, this.title), h("span", {}, [person.title ? name : null, person.place].filter(Boolean).join(" · "))),
      h("div", { class: "screen" }, screen, this.notices.element));
  }

  /** Show people's time on the status bar. */
  tick(at) {
    const { zone } = this.person;
    const hour = timeIn(zone, at);
    if (this.hour.textContent === hour && this.day.dataset.hour === hour) return;
    this.hour.textContent = hour;
    this.hour.setAttribute("datetime", at.toISOString());
    this.day.dataset.hour = hour;
    this.day.textContent = shortDayIn(zone, at);
  }

  /** Fetch the chat and show it; calls that come meanwhile are answered by one more fetch. */
  async refresh() {
    if (this.#fetching) {
      this.#again = true;
      return this.#fetching;
    }
    this.#fetching = this.#fetch();
    await this.#fetching;
    this.#fetching = null;
    if (!this.#again) return undefined;
    this.#again = false;
    return this.refresh();
  }

  async #fetch() {
    const askedAt = performance.now();
    let chat;
    try {
      chat = await get(`/sandbox/people/${this.person.id}/chat`);
    } catch {
      return; // the clock bar says that the sandbox does not answer
    }
    chat.messages.sort((one, other) => one.message_id - other.message_id);
    this.taps.settle(chat, askedAt, this.#chat);
    if (this.empty && chat.messages.length) this.#offered = null; // started, here or in another window
    this.#chat = chat;
    this.#toastOnce(chat.toast);
    this.#show();
    clearTimeout(this.#nudge);
    if (chat.typing || this.taps.open) this.#nudge = setTimeout(() => this.refresh(), 1000);
  }

  #toastOnce(toast) {
    const seq = toast?.seq ?? 0;
    const first = this.#toastSeq === null;
    if (!first && toast && seq !== this.#toastSeq && toast.text) {
      if (toast.alert) this.notices.ask(toast.text);
      else this.notices.tell(toast.text);
    }
    this.#toastSeq = seq;
  }

  #show() {
    const { messages, blocked, commands, typing } = this.#chat;
    this.#sight.show(messages);
    const inMail = this.empty && this.person.mail && this.#offered === null && !blocked;
    this.#showHead(inMail, typing, blocked);
    if (this.empty) this.#showEmpty(inMail);
    else this.#fill(this.middle, "log", () => this.log.element);
    this.log.show(messages, this.#sight.newFrom);
    this.composer.commands(commands ?? []);
    this.menu.update({ blocked, empty: this.empty });
    this.#showFoot(inMail, blocked);
    this.changed(this);
  }

  /** The clock is about to run, or this phone goes out of sight: what comes from now on is news. `seen`: what is here has been seen. */
  part(how) {
    this.#sight.part(how);
  }

  /** This phone comes into sight: what it got meanwhile shows as news. */
  comeForward() {
    if (!this.#chat) return;
    if (this.#sight.news.length) this.#sight.part();
    this.#show();
  }

  #showHead(inMail, typing, blocked) {
    this.#fill(this.head, inMail ? "mail" : "bot", () => inMail
      ? [h("span", { class: "avatar mail-head", "aria-hidden": "true" }, icon("envelope")), h("div", { class: "head-names" }, h("p", { class: "head-name" }, "Mail"), h("p", { class: "head-status" }, "1 new message"))]
      : [h("span", { class: "avatar", "aria-hidden": "true" }, "A"), h("div", { class: "head-names" }, h("p", { class: "head-name" }, "Attaché"), this.status), this.menu.element]);
    this.#fill(this.status, typing ? "typing" : blocked ? "blocked" : "bot", () => typing
      ? ["typing", h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"))]
      : [blocked ? "blocked" : "bot"]);
  }

  #showEmpty(inMail) {
    const { mail: letter } = this.person;
    if (inMail) this.#fill(this.middle, "mail", () => mail(letter, (code) => this.#offer(code)));
    else {
      const back = letter && this.#offered !== null ? () => this.#offer(null) : null;
      this.#fill(this.middle, `greeting ${this.#offered} ${Boolean(back)}`, () => greeting({ invited: Boolean(this.#offered), back }));
    }
  }

  #showFoot(inMail, blocked) {
    const offered = this.#offered;
    if (blocked) this.#fill(this.foot, "blocked", () => h("div", { class: "start-bar" }, h("button", { type: "button", class: "wide-button", onclick: () => this.#do("unblocks") }, "Unblock bot")));
    else if (this.#chat.deactivated) this.#fill(this.foot, "deleted", () => h("p", { class: "foot-note" }, "This account has been deleted."));
    else if (inMail) this.#fill(this.foot, "mail", () => []);
    else if (offered !== null || this.empty) this.#fill(this.foot, `start ${offered}`, () => startBar(offered, (text) => this.doings.say(text)));
    else this.#fill(this.foot, "composer", () => this.composer.element);
  }

  /** Replace the children of `place` when it shows something else than `what`; the focus goes along. */
  #fill(place, what, build) {
    if (place.dataset.shows === what) return;
    const hadFocus = place.contains(document.activeElement);
    place.dataset.shows = what;
    place.replaceChildren(...[build()].flat());
    if (hadFocus) (this.foot.querySelector(".start") ?? this.log.scroller).focus();
  }

  #offer(code) {
    this.#offered = code;
    this.#show();
    (this.foot.querySelector(".start") ?? this.middle.querySelector("button"))?.focus();
  }

  /** A t.me link opens the bot here; false for any other address, which the browser opens. */
  #follow(address) {
    const code = startCode(address);
    if (code === null) return false;
    this.#offer(code);
    return true;
  }

  /** Send a text; rejects when it was not sent, after telling so. */
  async say(text) {
    this.#sight.acted();
    this.log.toEnd();
    const starts = text.startsWith("/start");
    await this.#do("says", { text }, { rethrow: true });
    if (starts) this.#offered = null;
    await this.refresh();
  }

  async #tap(message, button, element) {
    this.#sight.acted();
    const tap = this.taps.begin(element, message.message_id);
    const sent = await this.#do("taps", { message_id: message.message_id, data: button.data });
    tap.sent(sent !== null);
    await this.refresh();
  }

  async #send(file) {
    this.#sight.acted();
    await this.#do("sends", await parcel(file));
  }

  async #clear() {
    if (await this.notices.ask("Clear this chat? The messages vanish from this phone only.", { yes: "Clear", no: "Keep" })) {
      this.#offered = null;
      await this.#do("clears");
      await this.refresh();
    }
  }

  async #do(verb, body, { rethrow = false } = {}) {
    this.#sight.acted();
    try {
      return await this.#does(verb, body);
    } catch (refusal) {
      this.notices.tell(refusal.message);
      if (rethrow) throw refusal;
      return null;
    }
  }
}
