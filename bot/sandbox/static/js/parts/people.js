/* The left side: who one is, whom one was, and everybody of the demo company: this module is the list of people. */

import { el, fill, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { city, say, zoneName } from "../lib/time.js";
import { avatar } from "./avatar.js";
import { ROLES } from "./page.js";

const MANY = 60;
const KINDS = { guest: "guest", bot: "bot", deleted: "left" };

export function createPeople(page, root) {
  const { store } = page;
  const me = el("div", { class: "me" });
  const recent = el("div", { class: "recent", role: "group", "aria-label": "People you were before" });
  const list = el("div", { class: "people-list", onkeydown: walk });
  fill(root, el("h2", { class: "people-title" }, "You are"), me, recent, searchBox(page, list), list);
  store.on(["view", "personId", "people"], () => showMe(page, me));
  store.on(["recent", "personId"], () => showRecent(page, recent));
  store.on(["people", "personId", "tab", "cast"], () => showPeople(page, list));
  setInterval(() => showTimes(page, root), 5000);
  store.on(["drift"], () => showTimes(page, root));
}

function searchBox(page, list) {
  const input = el("input", { class: "search", id: "search", type: "search", placeholder: "Find a person", autocomplete: "off", "aria-label": "Find a person by name, title, department or place" });
  input.addEventListener("input", () => {
    page.store.set({ query: input.value.trim() });
    page.refreshPeople();
  });
  input.addEventListener("keydown", (event) => event.key === "ArrowDown" && list.querySelector("button")?.focus());
  return el("label", { class: "search-box" }, icon("search"), input);
}

function showMe(page, root) {
  const { view, people, personId } = page.store.state;
  const person = view?.person ?? people.find((one) => one.id === personId);
  if (!person) return fill(root);
  fill(root, avatar(person.id, person.name, "is-large"), el("div", { class: "me-words" }, [
    el("strong", { class: "me-name" }, person.name),
    el("span", {}, [person.title, person.department].filter(Boolean).join(" · ")),
    el("span", {}, person.place || city(person.zone), ", ", localTime(page, person.zone, true)),
    el("span", { class: "tags" }, tagsOf(person)),
  ]));
}

function showRecent(page, root) {
  const { recent, personId } = page.store.state;
  const others = recent.filter((one) => one.id !== personId);
  root.hidden = others.length === 0;
  fill(root, others.map((one) => el("button", { type: "button", class: "recent-one", title: `Be ${one.name} again (${one.title ?? ""})`, onclick: () => page.choose(one.id) }, avatar(one.id, one.name, "is-small"), one.name.split(" ")[0])));
}

function showPeople(page, root) {
  const { people, query, personId } = page.store.state;
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.person : null;
  const groups = query ? [["Found", people]] : grouped(people, page.store.state.cast.employee?.id);
  const shown = groups.filter(([, members]) => members.length);
  fill(root, shown.map(([title, members]) => group(page, title, members, personId)), notes(people, query));
  if (focused) root.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** People with a part to play, then each team worth a visit, then all others. */
function grouped(people, firstId) {
  const hasRole = (person) => person.id === firstId || person.tags.some((tag) => ROLES.includes(tag));
  const teams = [...new Set(people.flatMap(teamsOf))];
  const inTeam = (team) => [team, people.filter((person) => !hasRole(person) && teamsOf(person)[0] === team)];
  return [["Good to start with", firstly(people.filter(hasRole), firstId)], ...teams.map(inTeam), ["Everybody", people.filter((person) => !hasRole(person) && person.tags.length === 0)]];
}

function firstly(people, firstId) {
  return [...people.filter((person) => person.id === firstId), ...people.filter((person) => person.id !== firstId)];
}

function teamsOf(person) {
  return person.tags.filter((tag) => !ROLES.includes(tag));
}

function group(page, title, members, personId) {
  return el("section", { class: "people-group", "aria-label": title }, el("h3", {}, title), el("ul", {}, members.map((person) => el("li", {}, row(page, person, personId)))));
}

function row(page, person, personId) {
  const mine = person.id === personId;
  const unread = mine && page.store.state.tab === "messages" ? 0 : person.unread;
  return el("button", { type: "button", class: `person ${mine ? "is-me" : ""}`, "aria-current": mine && "true", "data-person": person.id, onclick: () => page.choose(person.id) }, [
    avatar(person.id, person.name, "is-small"),
    el("span", { class: "person-words" }, [
      el("span", { class: "person-line" }, el("span", { class: "person-name" }, person.name), el("span", { class: "tags" }, tagsOf(person)), unread > 0 && el("span", { class: "unread", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : unread)),
      el("span", { class: "person-line is-more" }, el("span", { class: "person-more" }, [person.title, person.place].filter(Boolean).join(" · ")), localTime(page, person.zone)),
    ]),
  ]);
}

function tagsOf(person) {
  const words = [...person.tags.filter((tag) => ROLES.includes(tag)), KINDS[person.kind]].filter(Boolean);
  return [...new Set(words)].map((word) => el("span", { class: `tag is-${word}` }, word));
}

function notes(people, query) {
  if (people.length === 0) return el("p", { class: "people-note" }, query ? `Nobody found for "${query}".` : "No people yet. They come with the demo company.");
  return people.length >= MANY && el("p", { class: "people-note" }, `The first ${MANY}. Type a name, a department or a place to find others.`);
}

function localTime(page, zone, full = false) {
  const now = page.now();
  return el("time", { class: "local-time", "data-zone": zone, "data-full": full && "yes", title: `Local time in ${city(zone)} (${zoneName(now, zone)})` }, timeText(page, zone, full));
}

function timeText(page, zone, full) {
  const now = page.now();
  return full ? `${say("weekday", now, zone)} ${zoneName(now, zone)}` : say("time", now, zone);
}

function showTimes(page, root) {
  for (const node of root.querySelectorAll("[data-zone]")) setText(node, timeText(page, node.dataset.zone, node.dataset.full === "yes"));
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll("button")];
  const next = rows.indexOf(document.activeElement) + step;
  (rows[next] ?? document.getElementById("search")).focus();
}
