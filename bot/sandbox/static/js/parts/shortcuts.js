/* The plus beside the box one types into, as Slack has it: this module offers the app's global shortcuts there. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { dropMenu } from "./drop_menu.js";

const SHORTCUTS = [["report_barrier", "Something is in the way"]];

/** The button and the menu that it opens; `failed` is told what went wrong. */
export function shortcutMenu(page, failed) {
  const items = SHORTCUTS.map(([callbackId, name]) =>
    el("button", { type: "button", role: "menuitem", onclick: (event) => choose(page, event.currentTarget, callbackId, failed) }, icon("warning"), name),
  );
  const opener = el("button", { type: "button", class: "button is-icon shortcut-open", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("plus"));
  return dropMenu({ className: "shortcut-menu", listClass: "shortcut-list", label: "Shortcuts", opener, items });
}

async function choose(page, node, callbackId, failed) {
  const person = page.store.state.personId;
  const { failure } = await page.ask(node, () => page.api.shortcut({ person, callback_id: callbackId }));
  failed(failure);
}
