/* What the app and Slack say to each other, newest first: this module is the panel of calls. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { say } from "../lib/time.js";
import { ACK_LIMIT_MS, ACK_SLOW_MS } from "../lib/words.js";

const SHOWN = 200;
const FILTERS = [["all", "All"], ["app_to_slack", "From the app"], ["slack_to_app", "To the app"]];

export function createCalls(page) {
  const list = el("ol", { class: "call-list", "aria-label": "Calls, newest first", reversed: true });
  const count = el("span", { class: "count" });
  const panel = { page, list, count, filter: "all", rows: new Map() };
  const filters = FILTERS.map(([id, label]) => el("button", { type: "button", class: "chip", "aria-pressed": String(id === "all"), onclick: (event) => setFilter(panel, id, event.currentTarget) }, label));
  page.store.on(["calls"], () => show(panel));
  show(panel);
  return el("section", { class: "calls", "aria-label": "Calls between the app and Slack" }, [
    el("h2", {}, icon("gauge"), "Calls", count),
    el("div", { class: "chips", role: "group", "aria-label": "Which calls" }, filters),
    list,
  ]);
}

function setFilter(panel, id, button) {
  panel.filter = id;
  for (const other of button.parentNode.children) other.setAttribute("aria-pressed", String(other === button));
  show(panel);
}

function show(panel) {
  const { page, list, count, filter, rows } = panel;
  const { calls } = page.store.state;
  const wanted = calls.filter((call) => filter === "all" || call.direction === filter).slice(-SHOWN).reverse();
  const kept = new Set(wanted.map((call) => call.n));
  for (const n of rows.keys()) if (!kept.has(n)) rows.delete(n);
  for (const call of wanted) if (!rows.has(call.n)) rows.set(call.n, row(page, call));
  count.textContent = calls.length ? String(calls.length) : "";
  const nodes = wanted.map((call) => rows.get(call.n));
  if (nodes.length === 0) return fill(list, el("li", { class: "calls-empty" }, "Nothing said yet. Each call between the app and Slack appears here, with how long the answer took."));
  // Rows that are there already stay where they are, so that one may read an open one.
  for (const node of [...list.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, index) => list.children[index] !== node && list.insertBefore(node, list.children[index] ?? null));
}

function row(page, call) {
  const out = call.direction === "app_to_slack";
  const speed = speedOf(call);
  const head = el("summary", { class: "call-head" }, [
    el("span", { class: `call-arrow ${out ? "is-out" : "is-in"}`, title: out ? "The app calls Slack" : "Slack calls the app" }, icon(out ? "right" : "left"), el("span", { class: "unseen" }, out ? "app to Slack" : "Slack to app")),
    el("span", { class: "call-what", title: call.what }, call.what.replace(/^(events_api|interactive|slash_commands): /, "")),
    el("span", { class: `call-result ${call.ok ? "is-ok" : "is-bad"}` }, call.ok ? "ok" : call.error ?? "failed"),
    el("span", { class: `call-ms is-${speed.name}`, title: speed.title }, took(call.ms)),
  ]);
  const details = el("details", { class: "call" }, head);
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(more(page, call)));
  return el("li", {}, details);
}

function took(ms) {
  if (ms === null || ms === undefined) return "–";
  return ms < 1 ? "<1 ms" : `${Math.round(ms)} ms`;
}

/** Acks are watched: Slack waits three seconds, people notice half a second. */
function speedOf(call) {
  if (call.direction !== "slack_to_app" || !(call.ms > ACK_SLOW_MS)) return { name: "fine", title: call.direction === "slack_to_app" ? "Time until the app acknowledged" : "Time until Slack answered" };
  if (call.ms > ACK_LIMIT_MS) return { name: "late", title: "Later than Slack's limit of 3 seconds: the person saw a warning" };
  return { name: "slow", title: "Slower than half a second: people notice" };
}

function more(page, call) {
  const facts = [
    ["When", say("moment", call.at, page.zone())],
    ["Person", page.store.state.people.find((one) => one.id === call.person)?.name ?? call.person],
    ["HTTP", call.http_status],
    ["Error", call.error],
    ["Warning", (call.warnings ?? []).join("; ")],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  const summary = typeof call.summary === "string" ? call.summary : JSON.stringify(call.summary, null, 2);
  return el("div", { class: "call-more" }, el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))])), summary && el("pre", {}, summary));
}
