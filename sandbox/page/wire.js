// Everything this page asks of the sandbox: plain requests, and a stream of news with polling as its fall-back.

const POLL_MS = 2000;

/** The sandbox answered with an error (`message` is a sentence for people) or not at all. */
export class Refusal extends Error {}

async function request(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new Refusal("The sandbox does not answer. Is it still running?");
  }
  const text = await answer.text();
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (!answer.ok) throw new Refusal(sentence(value) ?? `The sandbox refused this (${answer.status}).`);
  return value;
}

function sentence(value) {
  const words = value?.error ?? value?.description ?? value?.message;
  return typeof words === "string" ? words : null;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);

/** A function for a person's own doings: `const does = asPerson(101); await does("says", { text })`. */
export const asPerson = (id) => (verb, body) => post(`/sandbox/people/${id}/${verb}`, body);

/**
 * Calls `chat({id, seq})` and `clock(value)` as news comes, and `everything()` when news may have been missed:
 * at each (re)connection, and every two seconds while there is no stream. `connected(bool)` tells which it is.
 */
export function follow({ chat, clock, everything, connected }) {
  let polling = null;
  function listen() {
    const stream = new EventSource("/sandbox/stream");
    stream.addEventListener("chat", (event) => chat(JSON.parse(event.data)));
    stream.addEventListener("clock", (event) => clock(JSON.parse(event.data)));
    stream.addEventListener("open", () => {
      clearInterval(polling);
      polling = null;
      connected(true);
      everything();
    });
    stream.addEventListener("error", () => {
      connected(false);
      polling ??= setInterval(everything, POLL_MS);
      // A stream that was refused outright does not come back by itself.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, POLL_MS);
    });
  }
  listen();
}
