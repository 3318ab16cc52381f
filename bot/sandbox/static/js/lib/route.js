/* The address bar says where (?workspace=T123), who and which tab (#/U123/messages): this module reads and writes it. */

const TABS = ["messages", "home"];

/** The workspace that is shown; null for the first. */
export const shownWorkspace = new URLSearchParams(location.search).get("workspace");

export function showWorkspace(id) {
  location.assign(`/?workspace=${encodeURIComponent(id)}`);
}

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
