// Builds DOM without markup strings, so that nothing a bot or a person wrote is ever parsed as the page's own HTML.

/** An element: `h("button", { class: "x", "aria-label": "y", onclick: f }, "label", child)`; null and false children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text for screen readers only. */
export const spoken = (text) => h("span", { class: "spoken" }, text);

const SHAPES = {
  send: "M3 20.5 21.5 12 3 3.5v6.6L15 12 3 13.9z",
  more: "M12 4.2a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8zm0 5.9a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8zm0 5.9a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8z",
  clip: "M16.9 6.2v10.3a4.9 4.9 0 0 1-9.8 0V5.6a3.2 3.2 0 0 1 6.4 0v9.9a1.5 1.5 0 0 1-3 0V6.6H9v8.9a3 3 0 0 0 6 0V5.6a4.7 4.7 0 0 0-9.4 0v10.9a6.4 6.4 0 0 0 12.8 0V6.2z",
  down: "M12 16.4 4.9 9.3l1.5-1.5 5.6 5.6 5.6-5.6 1.5 1.5z",
  menu: "M4 6.2h16v1.9H4zm0 4.9h16V13H4zm0 4.8h16v1.9H4z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  pause: "M7 5h3.4v14H7zm6.6 0H17v14h-3.4z",
  envelope: "M4 5h16a1.6 1.6 0 0 1 1.6 1.6v10.8A1.6 1.6 0 0 1 20 19H4a1.6 1.6 0 0 1-1.6-1.6V6.6A1.6 1.6 0 0 1 4 5zm.3 2v.3l7.7 5.6 7.7-5.6V7zm15.4 2.6L12 15.2 4.3 9.6V17h15.4z",
  silent: "M4.3 3 21 19.7 19.7 21l-3-3H4.5v-1.4l1.8-1.9V10c0-.9.2-1.7.6-2.4L3 4.3zM12 22a2 2 0 0 1-2-2h4a2 2 0 0 1-2 2zm5.7-7.2L8.6 5.7A5.3 5.3 0 0 1 10.5 4.8V4a1.5 1.5 0 0 1 3 0v.8a5.3 5.3 0 0 1 4.2 5.2z",
  file: "M6 2.5h8L19 7.5v14H6zm7 1.8V8.5h4.2z",
  sent: "m9.2 16.6-4.4-4.4 1.3-1.3 3.1 3.1 8.1-8.1 1.3 1.3z",
  read: "m6.6 16.6-4.4-4.4 1.3-1.3 3.1 3.1 8.1-8.1L16 7.2zm6.1-.1-1.9-1.9 1.3-1.3.6.6 8.1-8.1 1.3 1.3z",
  tick: "m9.2 17.4-5-5 1.6-1.6 3.4 3.4 8.9-8.9 1.6 1.6z",
  link: "M8 5.5h10.5V16h-2V8.9L6.9 18.5l-1.4-1.4L15.1 7.5H8z",
};

/** A small picture, hidden from screen readers: whatever it decorates carries the words. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  picture.append(path);
  return picture;
}
