/* The app's Home tab: this module draws what the app published for this person. */

import { blockNodes } from "../blocks/blocks.js";
import { readValues } from "../blocks/values.js";
import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { contextFor } from "./context.js";
import { redraw } from "./redraw.js";

export function createHome(page) {
  const root = el("div", { class: "home-scroll", tabindex: 0, "aria-label": "Home tab" });
  let signature = null;
  page.store.on(["view", "failures"], ({ view, failures }) => {
    const next = JSON.stringify([view?.person?.id, view?.home, failures.home]);
    if (next === signature) return;
    signature = next;
    const old = root.querySelector(".home");
    const node = redraw(old, () => homeNode(page, view, old));
    if (!node.isConnected) fill(root, node);
  });
  return root;
}

function homeNode(page, view, old) {
  if (!view) return el("p", { class: "loading home" }, "Opening…");
  const failure = page.store.state.failures.home;
  const place = { source: "home", root: () => node, failed: (text) => page.fail("home", text) };
  const sameOwner = old?.dataset.person === view.person.id;
  const context = contextFor(page, place, sameOwner ? readValues(old) : {});
  const blocks = view.home?.blocks ?? [];
  const node = el("div", { class: "home blocks", "data-person": view.person.id, tabindex: -1 }, [
    failure && el("p", { class: "failure", role: "alert" }, icon("warning"), failure),
    blocks.length ? blockNodes(blocks, context) : nothing(page),
  ]);
  return node;
}

function nothing(page) {
  return el("div", { class: "empty" }, icon("home"), el("p", {}, el("strong", {}, "Nothing here yet.")), el("p", {}, `${page.appName()} fills this tab when the person opens it. It usually takes a moment.`));
}
