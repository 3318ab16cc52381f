/* The bar on top, the panel on the right and, on a narrow screen, the switch between panels: this module is the frame. */

import { el, fill, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { showWorkspace, shownWorkspace } from "../lib/route.js";
import { remember, remembered } from "../lib/store.js";
import { city, say } from "../lib/time.js";
import { createCalls } from "./calls.js";
import { createClock } from "./clock.js";
import { createDiary } from "./diary.js";
import { createFaults } from "./faults.js";

const PANELS = [["people", "People", "people"], ["chat", "Chat", "chat"], ["workings", "Clock & calls", "clock"]];
const WAYS = { socket: "Socket Mode", http: "signed HTTP" };

export function createFrame(page, { topbar, workings, switcher }) {
  fill(workings, createClock(page), createDiary(page), createCalls(page), createFaults(page));
  page.showPanel = (panel) => showPanel(switcher, panel);
  fill(switcher, PANELS.map(([id, label, picture]) => el("button", { type: "button", "data-to": id, onclick: () => page.showPanel(id) }, icon(picture), label)));
  page.showPanel("chat");
  fill(topbar, brand(), workspaces(page), status(page), pill(page), topButtons(page));
  setWorkings(remembered("workings", "open"));
  setWidth(remembered("width", "full"));
}

function brand() {
  return el("div", { class: "brand" }, el("img", { src: "/static/icon.svg", alt: "", class: "brand-icon" }), el("div", {}, el("strong", {}, "Sandbox"), el("span", {}, "a small Slack on your own machine")));
}

/** Which workspace is looked at; of no interest while there is one. */
function workspaces(page) {
  const choice = el("select", { class: "pill", "aria-label": "Workspace", hidden: true });
  choice.addEventListener("change", () => showWorkspace(choice.value));
  const show = ({ workspaces: places }) => {
    fill(choice, places.map(({ id, name }) => el("option", { value: id, selected: id === shownWorkspace }, name)));
    choice.hidden = places.length < 2;
  };
  page.api.workspaces().then(show).catch(() => null);
  return choice;
}

function status(page) {
  const words = el("span", { class: "status-words" }, "Starting…");
  const node = el("div", { class: "status", role: "status" }, el("span", { class: "dot", "aria-hidden": "true" }), words);
  page.store.on(["view", "serverLost"], ({ view, serverLost }) => {
    if (!view) return;
    const { connected, transport, name } = view.app ?? {};
    node.classList.toggle("is-on", Boolean(connected) && !serverLost);
    setText(words, serverLost ? "No answer" : connected ? `${name || "App"} connected${WAYS[transport] ? ` · ${WAYS[transport]}` : ""}` : "Connecting…");
  });
  return node;
}

function pill(page) {
  const words = el("span", {});
  const node = el("button", { type: "button", class: "pill", title: "Time in this sandbox", onclick: () => openClock(page) }, icon("clock"), words);
  const tick = () => page.store.state.view && setText(words, `${say("weekday", page.now(), page.zone())} ${city(page.zone())}`);
  page.store.on(["view"], tick);
  setInterval(tick, 1000);
  return node;
}

function openClock(page) {
  setWorkings("open");
  page.showPanel("workings");
}

function topButtons(page) {
  const panel = el("button", { type: "button", class: "button is-icon is-top only-wide", id: "toggle-workings", "aria-controls": "workings", "aria-label": "Clock, calls and faults", onclick: () => setWorkings(document.body.dataset.workings === "open" ? "closed" : "open") }, icon("panel"));
  const help = el("button", { type: "button", class: "button is-icon is-top", "aria-label": "The three first steps", title: "The three first steps", onclick: () => (page.tour.toggle(), page.showPanel("chat")) }, icon("help"));
  const phone = el("button", { type: "button", class: "button is-icon is-top only-wide", id: "toggle-width", "aria-label": "As wide as a telephone", title: "As wide as a telephone", onclick: () => setWidth(document.body.dataset.width === "phone" ? "full" : "phone") }, icon("phone"));
  return el("div", { class: "top-buttons" }, help, phone, panel);
}

/** The conversation as a telephone shows it, or as wide as there is room. */
function setWidth(width) {
  document.body.dataset.width = width;
  remember("width", width);
  document.getElementById("toggle-width")?.setAttribute("aria-pressed", String(width === "phone"));
}

function setWorkings(state) {
  document.body.dataset.workings = state;
  remember("workings", state);
  document.getElementById("toggle-workings")?.setAttribute("aria-expanded", String(state === "open"));
}

function showPanel(switcher, panel) {
  document.body.dataset.panel = panel;
  for (const button of switcher.children) {
    if (button.dataset.to === panel) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
