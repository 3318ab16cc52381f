/* The address bar says who and which tab (#/U123/messages): this module is reading and writing it. */

const TABS = ["messages", "home"];

export function readRoute() {
  const [, person, tab] = location.hash.split("/");
  return { personId: person ? decodeURIComponent(person) : null, tab: TABS.includes(tab) ? tab : "messages" };
}

export function writeRoute(personId, tab) {
  const hash = `#/${encodeURIComponent(personId)}/${tab}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
}

/** Back, forward and hand-written addresses. */
export function onRoute(changed) {
  window.addEventListener("popstate", () => changed(readRoute()));
  window.addEventListener("hashchange", () => changed(readRoute()));
}
