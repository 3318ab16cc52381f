/* The middle of the page: the app's name, its two tabs and what is in them: this module is their frame. */

import { el, fill, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { sentenceFor } from "../lib/words.js";
import { appAvatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { createHome } from "./home.js";
import { createMessages } from "./messages.js";
import { createTour } from "./tour.js";

const TABS = [["home", "Home", "home"], ["messages", "Messages", "chat"]];

export function createConversation(page, root, tour) {
  const panels = {
    home: el("div", { class: "tab-panel", id: "panel-home", role: "tabpanel", "aria-labelledby": "tab-home" }, createHome(page)),
    messages: el("div", { class: "tab-panel", id: "panel-messages", role: "tabpanel", "aria-labelledby": "tab-messages" }, createMessages(page, () => noMessages(page)), createComposer(page)),
  };
  fill(root, head(page), createTour(page, tour), banner(page), panels.home, panels.messages);
  page.store.on(["tab"], ({ tab }) => showTab(panels, tab));
  showTab(panels, page.store.state.tab);
}

function head(page) {
  const name = el("h1", { class: "conversation-name" }, "App");
  const tabs = TABS.map(([id, label, picture]) => el("button", { type: "button", class: "tab", id: `tab-${id}`, role: "tab", "aria-controls": `panel-${id}`, onclick: () => page.openTab(id), onkeydown: (event) => walkTabs(event, page) }, icon(picture), label));
  page.store.on(["view"], ({ view }) => view && setText(name, view.app?.name || "App"));
  return el("header", { class: "conversation-head" }, el("div", { class: "conversation-title" }, appAvatar("is-small"), name, el("span", { class: "badge-app" }, "APP")), el("div", { class: "tabs", role: "tablist", "aria-label": "Tabs of the app" }, tabs));
}

function walkTabs(event, page) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = page.store.state.tab === "home" ? "messages" : "home";
  page.openTab(other);
  document.getElementById(`tab-${other}`).focus();
}

function showTab(panels, tab) {
  for (const [id, panel] of Object.entries(panels)) {
    const open = id === tab;
    panel.hidden = !open;
    const button = document.getElementById(`tab-${id}`);
    button.setAttribute("aria-selected", String(open));
    button.tabIndex = open ? 0 : -1;
  }
  const list = panels.messages.querySelector(".message-list");
  if (tab === "messages") list.scrollTop = list.scrollHeight;
}

/** What keeps this page from working just now, in one line; hidden when nothing does. */
function banner(page) {
  const node = el("div", { class: "banner", role: "status", hidden: true });
  page.store.on(["view", "viewError", "serverLost"], (state) => {
    const text = troubleOf(page, state);
    node.hidden = !text;
    if (text) fill(node, el("span", { class: "pulse", "aria-hidden": "true" }), el("span", {}, text));
  });
  return node;
}

function troubleOf(page, { view, viewError, serverLost }) {
  if (viewError) return sentenceFor(viewError, page.appName());
  if (serverLost) return "The connection to the sandbox was lost. Trying again…";
  if (view && !view.app?.connected) return "Connecting… The app is not here yet. Its messages appear as soon as it is.";
  return null;
}

function noMessages(page) {
  const next = el("button", { type: "button", class: "button is-primary", onclick: () => page.moveClock("next", next) }, icon("skip"), el("span", { class: "button-text" }, "Next nudge"));
  return el("div", { class: "empty" }, icon("chat"), el("p", {}, el("strong", {}, "No messages yet.")), el("p", {}, "Move the clock to the next nudge, or type / to ask something."), next);
}
