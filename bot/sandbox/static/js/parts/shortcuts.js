/* The plus beside the box one types into, as Slack has it: this module offers the app's global shortcuts there. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

const SHORTCUTS = [["report_barrier", "Something is in the way"]];

/** The button and the menu that it opens; `failed` is told what went wrong. */
export function shortcutMenu(page, failed) {
  const items = SHORTCUTS.map(([callbackId, name]) =>
    el("button", { type: "button", role: "menuitem", onclick: (event) => choose(page, event.currentTarget, callbackId, failed) }, icon("warning"), name),
  );
  const list = el("div", { class: "shortcut-list", role: "menu", "aria-label": "Shortcuts", hidden: true }, items);
  const opener = el("button", { type: "button", class: "button is-icon shortcut-open", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("plus"));
  const menu = el("div", { class: "shortcut-menu" }, opener, list);
  const open = (isOpen) => {
    list.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) items[0].focus();
  };
  opener.addEventListener("click", () => open(list.hidden));
  list.addEventListener("click", () => open(false));
  menu.addEventListener("focusout", (event) => !menu.contains(event.relatedTarget) && open(false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    open(false);
    opener.focus();
  });
  return menu;
}

async function choose(page, node, callbackId, failed) {
  const person = page.store.state.personId;
  const { failure } = await page.ask(node, () => page.api.shortcut({ person, callback_id: callbackId }));
  failed(failure);
}
