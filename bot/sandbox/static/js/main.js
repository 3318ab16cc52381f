/* Builds the page and keeps it fresh: this module is where everything is joined. */

import { listen } from "./lib/live.js";
import { onRoute } from "./lib/route.js";
import { createConversation } from "./parts/conversation.js";
import { createFrame } from "./parts/frame.js";
import { createModals } from "./parts/modals.js";
import { createNotice } from "./parts/notice.js";
import { begin, createPage } from "./parts/page.js";
import { createPeople } from "./parts/people.js";
import { createToasts } from "./parts/toasts.js";
import { createTourState } from "./parts/tour.js";

const byId = (id) => document.getElementById(id);
const page = createPage(createToasts(byId("toasts")));
page.tour = createTourState(page.store);

createFrame(page, { topbar: byId("topbar"), workings: byId("workings"), switcher: byId("switcher") });
createPeople(page, byId("people"));
createConversation(page, byId("conversation"), page.tour);
createModals(page);
createNotice(page, byId("notice"));

page.store.on(["personId"], () => page.showPanel("chat"));
page.store.on(["view"], ({ view }) => {
  if (view) document.title = `${view.person.name} · ${view.app?.name ?? "Sandbox"} sandbox`;
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    page.showPanel("people");
    byId("search").focus();
  }
});
document.addEventListener("visibilitychange", () => !document.hidden && page.refreshView());

onRoute(({ personId, tab }) => personId && page.choose(personId, tab));
listen(page.heard, (lost) => {
  // A server that was away may be another one, whose calls count from one again.
  if (!lost && page.store.state.serverLost) page.store.set({ calls: [] });
  page.store.set({ serverLost: lost });
});
page.refreshCalls();
begin(page);
