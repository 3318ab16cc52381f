/* The page as one object that its parts share: who one is, what is shown, fetching it again, and asking the app. */

import { api } from "../lib/api.js";
import { throttled } from "../lib/dom.js";
import { readRoute, writeRoute } from "../lib/route.js";
import { createStore, remember, remembered } from "../lib/store.js";
import { ACK_LIMIT_MS, sentenceFor } from "../lib/words.js";

const GAP_MS = 120;
const LEADS = ["admin", "author", "approver", "manager", "sponsor"];
export const ROLES = [...LEADS, "employee", "keen", "busy", "sceptical", "newcomer", "away", "German", "Spanish"];
const CALLS_KEPT = 500;
const RECENT_KEPT = 6;

export function createPage(toast) {
  const store = createStore({
    personId: null, tab: "messages", view: null, viewError: null, people: [], query: "", cast: {}, recent: remembered("recent", []),
    calls: [], faults: null, diary: null, drift: 0, serverLost: false, failures: {}, draft: null,
  });
  const page = { store, api, toast };
  page.now = () => Date.now() / 1000 + store.state.drift;
  page.zone = () => store.state.view?.person?.zone ?? "UTC";
  page.appName = () => store.state.view?.app?.name || "the app";
  page.refreshView = throttled(() => fetchView(page), GAP_MS);
  page.refreshPeople = throttled(() => fetchPeople(page), GAP_MS);
  page.refreshCalls = throttled(() => fetchCalls(page), GAP_MS);
  page.refreshDiary = throttled(() => fetchDiary(page), GAP_MS);
  page.switchDiary = (isOn) => page.api.switchDiary(isOn).then((diary) => page.store.set({ diary })).catch(() => page.refreshDiary());
  page.choose = (personId, tab = store.state.tab) => choose(page, personId, tab);
  page.openTab = (tab) => choose(page, store.state.personId, tab);
  page.ask = (node, question) => ask(page, node, question);
  page.fail = (key, text) => fail(store, key, text);
  page.heard = (hint) => heard(page, hint);
  return page;
}

/** Become a person and look at a tab; the app hears it as Slack would tell it. */
function choose(page, personId, tab) {
  const { store } = page;
  const { state } = store;
  if (!personId || (state.personId === personId && state.tab === tab && state.view)) return;
  const other = state.personId !== personId;
  store.set({ personId, tab, ...(other ? { view: null, viewError: null, failures: {} } : {}) });
  writeRoute(personId, tab);
  remember("last", personId);
  fetchView(page).then(() => noteRecent(store));
  tellOpened(page, personId, tab);
}

async function tellOpened(page, person, tab) {
  // The app may be away: then its Home tab is simply empty, and the page says that it is not connected.
  await page.api.open({ person, tab }).catch(() => null);
  page.refreshView();
  page.refreshPeople();
}

function noteRecent(store) {
  const person = store.state.view?.person;
  if (!person) return;
  const short = { id: person.id, name: person.name, title: person.title };
  const recent = [short, ...store.state.recent.filter((one) => one.id !== person.id)].slice(0, RECENT_KEPT);
  remember("recent", recent);
  store.set({ recent });
}

async function fetchView(page) {
  const { store } = page;
  const { personId } = store.state;
  if (!personId) return;
  try {
    const view = await page.api.view(personId);
    if (store.state.personId !== personId) return;
    store.set({ view, viewError: null, drift: view.now - Date.now() / 1000 });
  } catch (error) {
    if (store.state.personId === personId) store.set({ viewError: error.code });
  }
}

async function fetchPeople(page) {
  const { store } = page;
  const { query } = store.state;
  const answer = await page.api.people(query).catch(() => null);
  if (!answer || store.state.query !== query) return;
  // Nobody can be a bot.
  const people = answer.people.filter((person) => person.kind !== "bot");
  if (query === "") store.set({ cast: castOf(people) });
  store.set({ people });
}

/** Who plays in the first steps: an employee and an admin, told apart by their tags. */
function castOf(people) {
  const members = people.filter((person) => person.kind === "member");
  const tagged = (tag) => members.find((person) => person.tags.includes(tag));
  const plain = members.filter((person) => !person.tags.some((tag) => LEADS.includes(tag)));
  const inTeam = plain.find((person) => person.tags.some((tag) => !ROLES.includes(tag)));
  return { employee: tagged("employee") ?? inTeam ?? tagged("newcomer") ?? plain[0] ?? members[0], admin: tagged("admin") };
}

async function fetchCalls(page) {
  const { store } = page;
  const last = store.state.calls.at(-1)?.n ?? 0;
  const answer = await page.api.calls(last).catch(() => null);
  const fresh = (answer?.calls ?? []).filter((call) => call.n > last);
  if (fresh.length) store.set({ calls: [...store.state.calls, ...fresh].slice(-CALLS_KEPT) });
}

async function fetchDiary(page) {
  const diary = await page.api.diary().catch(() => null);
  if (diary) page.store.set({ diary });
}

/** Ask the app something while `node` shows that it waits; comes back as a sentence about what failed, or null. */
async function ask(page, node, question) {
  node?.classList.add("is-waiting");
  node?.setAttribute("aria-busy", "true");
  const late = setTimeout(() => node?.classList.add("is-late"), ACK_LIMIT_MS);
  try {
    const answer = await question();
    const corrects = Object.keys(answer.errors ?? {}).length > 0;
    return { answer, failure: answer.ok || corrects ? null : sentenceFor(answer.error ?? "unknown", page.appName(), answer.detail) };
  } catch (error) {
    return { answer: null, failure: sentenceFor(error.code, page.appName(), error.message) };
  } finally {
    clearTimeout(late);
    node?.classList.remove("is-waiting", "is-late");
    node?.removeAttribute("aria-busy");
    page.refreshView();
    page.refreshCalls();
  }
}

function fail(store, key, text) {
  if ((store.state.failures[key] ?? null) === text) return;
  store.set({ failures: { ...store.state.failures, [key]: text } });
}

function heard(page, hint) {
  const mine = !hint.person || hint.person === page.store.state.personId;
  if (hint.type === "calls") return page.refreshCalls();
  if (hint.type === "diary") return page.refreshDiary();
  if (mine) page.refreshView();
  if (["message", "people", "poll"].includes(hint.type)) page.refreshPeople();
  if (hint.type === "poll") (page.refreshCalls(), page.refreshDiary());
}

/** Where to begin: the address, else who one was last time, else the employee of the first step. */
export async function begin(page) {
  const route = readRoute();
  await fetchPeople(page);
  const { cast, people } = page.store.state;
  const first = cast.employee?.id ?? people[0]?.id;
  page.choose(route.personId ?? remembered("last", first) ?? first, route.tab);
  await fetchView(page);
  // Who one was last time may belong to another company; an address someone sent is kept, and says so.
  if (page.store.state.viewError === "unknown_person" && !route.personId) page.choose(first, route.tab);
}
