/* Switches that make the sandbox behave as Slack does on a bad day: this module is their panel. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { sentenceFor } from "../lib/words.js";

const SLIDERS = [
  ["lost_answer", "Lose the answer", "The message is posted, but the app never hears so. It must not post twice."],
  ["late_answer", "Answer late", "The answer comes after the seconds below."],
  ["server_error", "Server error", "Slack answers 503 and nobody knows whether it worked."],
  ["rate_limit", "Too many requests", "Slack answers 429: wait, then try again."],
  ["duplicate_event", "Say it twice", "The same event arrives again. It must count once."],
  ["duplicate_interaction", "Click twice", "The same click arrives again. It must count once."],
];

const NUMBERS = [
  ["late_seconds", "Late means (seconds)", { min: 0, max: 120, step: 0.5 }],
  ["post_limit_per_s", "Most posts a second (0: no limit)", { min: 0, max: 100, step: 0.1 }],
];

const SWITCHES = [...SLIDERS.map(([name]) => name), "post_limit_per_s"];

export function createFaults(page) {
  const body = el("div", { class: "faults-body" });
  const badge = el("span", { class: "tag is-fault", hidden: true }, "on");
  const details = el("details", { class: "faults" }, el("summary", {}, icon("warning"), "Make Slack misbehave", badge), body);
  const load = async () => page.store.set({ faults: await page.api.faults().catch(() => null) });
  details.addEventListener("toggle", () => details.open && load());
  page.store.on(["faults"], ({ faults }) => {
    badge.hidden = !isOn(faults);
    if (!body.contains(document.activeElement)) show(page, body, faults);
  });
  load();
  return el("section", { "aria-label": "Faults" }, details);
}

function isOn(faults) {
  return Boolean(faults) && SWITCHES.some((name) => faults[name] > 0);
}

function show(page, body, faults) {
  if (!faults) return fill(body, el("p", {}, "The switches are not available just now."));
  fill(body, [
    el("p", { class: "faults-intro" }, "How often, of all calls. The app should come through each of these without losing or doubling anything."),
    SLIDERS.map((row) => slider(page, faults, row)),
    NUMBERS.map((row) => number(page, faults, row)),
    el("div", { class: "fault-buttons" }, [
      el("button", { type: "button", class: "button is-small", title: "The app has to come back by itself", onclick: () => save(page, { drop_socket: true }) }, "Break the connection now"),
      el("button", { type: "button", class: "button is-small", onclick: () => behave(page, body) }, "Behave again"),
    ]),
  ]);
}

function slider(page, faults, [name, label, about]) {
  const shown = el("output", {}, percent(faults[name]));
  const input = el("input", { type: "range", min: 0, max: 100, step: 5, value: Math.round((faults[name] ?? 0) * 100), "aria-describedby": `fault-${name}` });
  input.addEventListener("input", () => (shown.textContent = percent(input.value / 100)));
  input.addEventListener("change", () => save(page, { [name]: input.value / 100 }));
  return el("div", { class: "fault" }, el("label", { class: "fault-line" }, el("span", {}, label), input, shown), el("p", { id: `fault-${name}` }, about));
}

function number(page, faults, [name, label, limits]) {
  const input = el("input", { class: "field is-number", type: "number", ...limits, value: faults[name] ?? "", onchange: () => save(page, { [name]: Number(input.value) }) });
  return el("label", { class: "fault-line" }, el("span", {}, label), input);
}

async function behave(page, body) {
  document.activeElement?.blur();
  await save(page, Object.fromEntries(SWITCHES.map((name) => [name, 0])));
  show(page, body, page.store.state.faults);
}

async function save(page, changes) {
  try {
    const faults = await page.api.setFaults(changes);
    page.store.set({ faults });
  } catch (error) {
    page.toast(sentenceFor(error.code, page.appName(), error.message), "warning");
  }
}

function percent(share) {
  return `${Math.round((share ?? 0) * 100)} %`;
}
