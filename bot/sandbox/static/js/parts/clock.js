/* Virtual time and the buttons that move it: this module is the clock panel. */

import { el, fill, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { city, say, wait, zoneName } from "../lib/time.js";
import { sentenceFor } from "../lib/words.js";

const MOVES = [["next", "Next nudge", "skip"], ["tomorrow", "Tomorrow 9:00", "sun"], ["week", "A week on", "week"]];
const FAR_S = 14 * 86400;

export function createClock(page) {
  const parts = {
    time: el("time", { class: "clock-time" }), date: el("span", { class: "clock-date" }), zone: el("span", { class: "clock-zone" }),
    next: el("p", { class: "clock-next" }), state: el("p", { class: "clock-state", role: "status" }),
    bar: el("progress", { class: "clock-bar", max: 1, hidden: true, "aria-label": "The clock is moving" }), from: null,
  };
  const buttons = MOVES.map(([to, label, picture]) => {
    const button = el("button", { type: "button", class: "button is-move", "data-move": to, onclick: () => page.moveClock(to, button) }, icon(picture), el("span", { class: "button-text" }, label));
    return button;
  });
  page.moveClock = (to, node) => move(page, parts, to, node);
  page.store.on(["view"], ({ view }) => view && showState(page, parts, buttons, view));
  const tick = () => page.store.state.view && showTime(page, parts);
  setInterval(tick, 1000);
  page.store.on(["view"], tick);
  return el("section", { class: "clock", "aria-label": "Clock" }, [
    el("h2", {}, icon("clock"), "Time in this sandbox"),
    el("div", { class: "clock-face" }, parts.time, el("div", { class: "clock-words" }, parts.date, parts.zone)),
    parts.next, el("div", { class: "clock-moves" }, buttons), parts.bar, parts.state,
  ]);
}

function showTime(page, parts) {
  const zone = page.zone();
  const now = page.now();
  setText(parts.time, say("seconds", now, zone));
  setText(parts.date, say("date", now, zone));
  setText(parts.zone, `${city(zone)} (${zoneName(now, zone)})`);
}

function showState(page, parts, buttons, { clock, now, offset, app }) {
  const moving = Boolean(clock?.moving);
  for (const button of buttons) button.disabled = moving;
  if (moving) parts.from ??= now;
  else parts.from = null;
  parts.bar.hidden = !moving;
  const target = clock?.target;
  if (moving && target && target - parts.from < FAR_S) parts.bar.value = (now - parts.from) / Math.max(1, target - parts.from);
  else parts.bar.removeAttribute("value");
  setText(parts.state, moving ? `Moving${target && target - parts.from < FAR_S ? ` to ${say("moment", target, page.zone())}` : " to the next nudge"}…` : clock?.note ?? "");
  showNext(page, parts, { clock, now, connected: app?.connected });
}

function showNext(page, parts, { clock, now, connected }) {
  const at = clock?.next_at;
  if (at) return fill(parts.next, "Next for somebody: ", el("strong", {}, say("moment", at, page.zone())), ` (${wait(at - now)})`);
  fill(parts.next, connected ? "Press a button and time goes on. Nothing waits in real time." : "The app will say what comes next.");
}

async function move(page, parts, to, node) {
  if (page.store.state.view?.clock?.moving) return;
  parts.from = page.now();
  page.tour.finish("clock");
  node?.classList.add("is-waiting");
  try {
    await page.api.clock({ to, person: page.store.state.personId });
  } catch (error) {
    page.toast(sentenceFor(error.code, page.appName(), error.message), "warning");
  }
  node?.classList.remove("is-waiting");
  page.refreshView();
}
