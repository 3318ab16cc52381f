/* What people did by themselves while the clock moved, and the switch that lets them: this module is their panel. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { say } from "../lib/time.js";

const SHOWN = 40;

export function createDiary(page) {
  const list = el("ol", { class: "diary-list", "aria-label": "What they did, newest first" });
  const toggle = el("input", { type: "checkbox", id: "diary-on", onchange: () => page.switchDiary(toggle.checked) });
  const words = el("p", { class: "diary-words" });
  const root = el("section", { class: "diary", "aria-label": "What colleagues do", hidden: true }, [
    el("h2", {}, icon("people"), "Colleagues", el("label", { class: "diary-switch", for: "diary-on" }, toggle, "act by themselves")),
    words, list,
  ]);
  page.store.on(["diary"], ({ diary }) => show(page, { root, list, toggle, words }, diary));
  return root;
}

function show(page, { root, list, toggle, words }, diary) {
  root.hidden = !diary?.is_kept;
  if (root.hidden) return;
  toggle.checked = diary.is_on;
  fill(words, sentence(diary));
  fill(list, diary.entries.slice(-SHOWN).reverse().map((entry) => line(page, entry, diary.names)));
}

function sentence({ is_on, taken, entries, names }) {
  const mine = taken.map((id) => names[id] ?? id).join(", ");
  const yours = mine ? ` ${mine} ${taken.length === 1 ? "is" : "are"} yours: whoever you act as waits for you.` : "";
  if (!is_on) return `Nobody does anything but you.${yours}`;
  return (entries.length ? "Only this page tells you: in Slack nobody sees who did what." : "Move the clock, and they read, answer and say what they think.") + yours;
}

function line(page, { at, person, text }, names) {
  const who = person ? el("button", { type: "button", class: "diary-who", onclick: () => page.choose(person), title: `Be ${names[person] ?? person}` }, names[person] ?? person) : null;
  return el("li", { class: "diary-line" }, el("time", { class: "diary-time", title: say("moment", at, page.zone()) }, say("weekday", at, page.zone())), el("span", {}, [who, who && " ", text]));
}
