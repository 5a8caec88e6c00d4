// A poll or quiz inside a bubble: choices to press until this person has voted, then the result.

import { h, icon, spoken } from "./element.js";

/** `vote(poll, [option numbers])` is called once; a poll of several answers waits for its Vote button. */
export function poll(value, vote) {
  const chosen = value.chosen ?? value.option_ids ?? [];
  const over = value.is_closed || chosen.length > 0;
  const kind = value.type === "quiz" ? "Quiz" : "Poll";
  const key = correctOnes(value);
  return h(
    "section",
    { class: "poll", "aria-label": `${kind}: ${value.question}` },
    h("p", { class: "poll-question", dir: "auto" }, value.question),
    h("p", { class: "poll-kind" }, `${value.is_anonymous ? "Anonymous " : ""}${kind.toLowerCase()}${value.is_closed ? ", closed" : ""}`),
    over ? result(value, chosen, key) : choices(value, vote),
    over && value.explanation ? h("p", { class: "poll-explanation", dir: "auto" }, value.explanation) : null,
  );
}

function correctOnes(value) {
  if (Array.isArray(value.correct_option_ids)) return value.correct_option_ids;
  return Number.isInteger(value.correct_option_id) ? [value.correct_option_id] : null;
}

function choices(value, vote) {
  if (!value.allows_multiple_answers) {
    return h("div", { class: "poll-options" }, value.options.map((option, number) =>
      h("button", { type: "button", class: "poll-option", dir: "auto", onclick: () => vote(value, [number]) },
        h("span", { class: "poll-dot" }), option.text)));
  }
  const boxes = value.options.map(() => h("input", { type: "checkbox" }));
  const send = () => {
    const ids = boxes.flatMap((box, number) => (box.checked ? [number] : []));
    if (ids.length) vote(value, ids);
  };
  return h("div", { class: "poll-options" },
    value.options.map((option, number) => h("label", { class: "poll-option", dir: "auto" }, boxes[number], option.text)),
    h("button", { type: "button", class: "poll-vote", onclick: send }, "Vote"));
}

function result(value, chosen, key) {
  const total = value.total_voter_count || value.options.reduce((sum, option) => sum + (option.voter_count ?? 0), 0);
  return h("ul", { class: "poll-options" }, value.options.map((option, number) => {
    const mine = chosen.includes(number);
    const right = key?.includes(number) ?? false;
    const wrong = mine && key !== null && !right;
    const share = total ? Math.round((100 * (option.voter_count ?? 0)) / total) : 0;
    const mark = right ? "tick" : wrong ? "close" : mine ? "tick" : null;
    return h("li", { class: `poll-result${right ? " right" : ""}${wrong ? " wrong" : ""}` },
      h("span", { class: "poll-share" }, `${share}%`),
      h("span", { dir: "auto" }, option.text),
      mark ? icon(mark) : null,
      spoken([mine ? ", your answer" : "", right ? ", right" : wrong ? ", not right" : ""].join("")),
      h("progress", { max: "100", value: share, "aria-hidden": "true" }));
  }));
}
