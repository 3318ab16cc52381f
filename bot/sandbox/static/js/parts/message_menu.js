/* The menu of one message, as Slack has it: this module offers the app's message shortcuts there. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { dropMenu } from "./drop_menu.js";

const SHORTCUTS = [["better_way", "Is there a better way?"]];

/** The three dots of a message, and the menu that they open; `failed` is told what went wrong. */
export function messageMenu(page, ts, failed) {
  const items = SHORTCUTS.map(([callbackId, name]) =>
    el("button", { type: "button", role: "menuitem", onclick: (event) => choose(page, event.currentTarget, callbackId, ts, failed) }, icon("search"), name),
  );
  const opener = el("button", { type: "button", class: "message-menu-open", "aria-label": "Message menu", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  return dropMenu({ className: "message-menu", listClass: "message-menu-list", label: "Message actions", opener, items });
}

async function choose(page, node, callbackId, ts, failed) {
  const person = page.store.state.personId;
  page.followMessages();
  const { failure } = await page.ask(node, () => page.api.shortcut({ person, callback_id: callbackId, ts }));
  failed(failure);
}
