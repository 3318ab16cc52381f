/* The direct messages with the app, updated in place: this module is the message list. */

import { blockNodes } from "../blocks/blocks.js";
import { mrkdwnNodes } from "../blocks/text.js";
import { readValues } from "../blocks/values.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { dayKey, dayName, say } from "../lib/time.js";
import { appAvatar, avatar } from "./avatar.js";
import { contextFor } from "./context.js";
import { messageMenu } from "./message_menu.js";
import { redraw } from "./redraw.js";

const TOGETHER_S = 300;
const NEAR_END_PX = 80;

export function createMessages(page, empty) {
  const list = el("div", { class: "message-list", role: "log", "aria-label": "Messages", "aria-live": "polite", tabindex: 0 });
  const newer = el("button", { type: "button", class: "newer", hidden: true, onclick: () => toEnd(list) }, "New messages", icon("down"));
  const shown = { person: null, nodes: new Map(), follows: false };
  // Who says something wants to see what comes of it.
  page.followMessages = () => (shown.follows = true);
  list.addEventListener("scroll", () => isAtEnd(list) && (newer.hidden = true));
  const show = () => showMessages({ page, list, newer, shown, empty });
  page.store.on(["view", "failures"], show);
  return el("div", { class: "messages" }, list, newer);
}

function showMessages({ page, list, newer, shown, empty }) {
  const { view } = page.store.state;
  const first = shown.person !== view?.person?.id;
  if (first) restart(list, shown, view);
  if (!view) return;
  const stayAtEnd = first || shown.follows || isAtEnd(list);
  const items = itemsOf(page, view);
  const before = shown.nodes.size;
  const grown = reconcile(list, shown.nodes, items, first);
  if (items.length === 0) list.replaceChildren(empty());
  else if (before === 0) for (const node of list.querySelectorAll(".empty")) node.remove();
  if (grown) shown.follows = false;
  if (stayAtEnd) toEnd(list);
  else if (grown) newer.hidden = false;
}

function restart(list, shown, view) {
  shown.person = view?.person?.id ?? null;
  shown.nodes.clear();
  list.replaceChildren(...(view ? [] : [el("p", { class: "loading" }, "Opening…")]));
}

/** Everything that should be on the list, as `{key, signature, build}`. */
function itemsOf(page, view) {
  const { zone } = view.person;
  const items = [];
  let before = null;
  for (const message of view.dm?.messages ?? []) {
    const newDay = !before || dayKey(before.at, zone) !== dayKey(message.at, zone);
    if (newDay) items.push(dayItem(message.at, view.now, zone));
    const compact = !newDay && !message.blocks?.length && !message.ephemeral && before.user === message.user && !before.ephemeral && message.at - before.at < TOGETHER_S;
    items.push(messageItem(page, message, compact));
    before = message;
  }
  return items;
}

function dayItem(at, now, zone) {
  const name = dayName(at, now, zone);
  return { key: `day ${dayKey(at, zone)}`, signature: name, build: () => el("div", { class: "day", role: "separator", "aria-label": name }, el("span", {}, name)) };
}

function messageItem(page, message, compact) {
  const key = `${message.ephemeral ? "e" : "m"} ${message.ts}`;
  const failure = page.store.state.failures[key] ?? null;
  return { key, signature: JSON.stringify([message, compact, failure]), build: (old) => messageNode(page, { message, compact, key, failure, old }) };
}

function messageNode(page, { message, compact, key, failure, old }) {
  const place = {
    source: message.ephemeral ? "ephemeral" : "message", ts: message.ts, root: () => node, failed: (text) => page.fail(key, text),
  };
  const context = contextFor(page, place, old ? readValues(old) : {});
  const words = message.blocks?.length ? blockNodes(message.blocks, context) : [el("div", { class: "section-text" }, mrkdwnNodes(message.text ?? "", context))];
  const time = say("time", message.at, page.zone());
  const isApp = message.user === "app";
  const node = el("article", { class: `message ${compact ? "is-compact" : ""} ${message.ephemeral ? "is-ephemeral" : ""}`, tabindex: -1, "aria-label": `${message.name}, ${time}`, "data-ts": message.ts }, [
    el("div", { class: "message-side" }, compact ? el("time", { class: "message-time" }, time) : isApp ? appAvatar() : avatar(message.user, message.name)),
    el("div", { class: "message-main" }, [
      message.ephemeral && el("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !compact && el("header", { class: "message-head" }, el("strong", {}, message.name), isApp && el("span", { class: "badge-app" }, "APP"), el("time", { class: "message-time", title: say("full", message.at, page.zone()) }, time)),
      el("div", { class: "blocks" }, words),
      message.edited && el("span", { class: "edited" }, "(edited)"),
      failure && el("p", { class: "failure", role: "alert" }, icon("warning"), failure),
    ]),
    // Slack has no shortcuts for what only one person sees.
    !message.ephemeral && messageMenu(page, message.ts, place.failed),
  ]);
  return node;
}

/** Make the list hold exactly `items`, touching only what changed; true when something was added. */
function reconcile(list, nodes, items, first) {
  const wanted = new Set(items.map((item) => item.key));
  let grown = false;
  for (const [key, { node }] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  let place = null;
  for (const item of items) {
    const known = nodes.get(item.key);
    const node = known?.signature === item.signature ? known.node : redraw(known?.node, item.build);
    if (!known && !first) node.classList.add("is-new");
    grown ||= !known;
    nodes.set(item.key, { node, signature: item.signature });
    if (place ? place.nextSibling !== node : list.firstChild !== node) list.insertBefore(node, place ? place.nextSibling : list.firstChild);
    place = node;
  }
  return grown;
}

function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
}

function toEnd(list) {
  list.scrollTop = list.scrollHeight;
}
