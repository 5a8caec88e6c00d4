// Starts the page: fetches the people, lays out their phones, and passes the news on.

import { ClockBar } from "./clock.js";
import { h, spoken } from "./element.js";
import { Phone } from "./phone.js";
import { follow, get } from "./wire.js";

const NOBODY_MS = 1000;
const narrow = matchMedia("(max-width: 900px)");
const place = { phones: document.getElementById("phones"), tabs: document.getElementById("tabs"), hint: document.getElementById("hint"), nobody: document.getElementById("nobody") };
const phones = new Map();
let inFront = null;

const clock = new ClockBar(document.getElementById("clock"), {
  morning: () => ({ zone: inFront?.person.zone || "UTC", place: inFront?.person.place || "" }),
  moving: (how) => phones.forEach((phone) => phone.part(how)),
  ticked: (at) => phones.forEach((phone) => phone.tick(at)),
});

const hidden = (phone) => document.hidden || (narrow.matches && inFront !== phone);

/** People come in the sandbox's order; a person who is new gets a phone, one who changed gets a fresh one. */
async function refreshPeople() {
  let people;
  try {
    people = await get("/sandbox/people");
  } catch {
    return;
  }
  for (const person of people) {
    const known = phones.get(person.id);
    if (known && JSON.stringify(known.person) === JSON.stringify(person)) continue;
    add(person, known);
  }
  for (const [id, phone] of phones) if (!people.some((person) => person.id === id)) remove(id, phone);
  place.nobody.hidden = phones.size > 0;
  if (!inFront && phones.size) bringForward(phones.values().next().value);
  document.body.style.setProperty("--phones", String(Math.max(1, phones.size)));
  if (!phones.size) setTimeout(refreshPeople, NOBODY_MS);
}

function add(person, known) {
  const phone = new Phone(person, { changed: describe, hidden: () => hidden(phone) });
  phone.tab = h("button", { type: "button", class: "tab", onclick: () => bringForward(phone) }, h("span", { class: "tab-title" }, phone.title), (phone.badge = h("span", { class: "badge", hidden: true })));
  for (const kind of ["pointerdown", "focusin"]) phone.element.addEventListener(kind, () => bringForward(phone));
  if (known) {
    known.element.replaceWith(phone.element);
    known.tab.replaceWith(phone.tab);
  } else {
    place.phones.append(phone.element);
    place.tabs.append(phone.tab);
  }
  phones.set(person.id, phone);
  if (inFront === known) inFront = null;
  if (!inFront) bringForward(phone);
  phone.refresh();
}

function remove(id, phone) {
  phone.element.remove();
  phone.tab.remove();
  phones.delete(id);
  if (inFront === phone) inFront = null;
}

/** The phone in front has the focus; on a narrow window it is the only one to be seen. */
function bringForward(phone) {
  if (inFront === phone) return;
  const before = inFront;
  if (before && narrow.matches) before.part({ seen: true });
  inFront = phone;
  for (const one of phones.values()) {
    one.element.classList.toggle("in-front", one === phone);
    one.tab.setAttribute("aria-current", String(one === phone));
  }
  phone.comeForward();
  phones.forEach(describe);
}

function describe(phone) {
  const count = phone.unread;
  phone.badge.hidden = count === 0;
  phone.badge.replaceChildren(...(count ? [String(count), spoken(" unread")] : []));
  place.hint.textContent = hint();
}

/** One sentence: what to do next. */
function hint() {
  const waiting = [...phones.values()].find((phone) => phone.person.mail && phone.empty);
  if (!waiting) return "Press Next event or Next morning: time moves, and what is due arrives on the phones.";
  const { title, place: where } = waiting.person;
  const who = title ? title.charAt(0).toLowerCase() + title.slice(1) : waiting.name;
  return `Start with ${who}${where ? ` in ${where}` : ""}: open the invitation.`;
}

function everything() {
  refreshPeople();
  clock.refresh();
  phones.forEach((phone) => phone.refresh());
}

document.addEventListener("visibilitychange", () => phones.forEach((phone) => (document.hidden ? phone.part() : phone.comeForward())));
narrow.addEventListener("change", () => phones.forEach(describe));

await refreshPeople();
follow({
  chat: ({ id }) => (phones.has(id) ? phones.get(id).refresh() : refreshPeople()),
  clock: (value) => clock.show(value),
  everything,
  connected: (yes) => clock.connected(yes),
});
