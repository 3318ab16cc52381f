/* A menu that drops from a button: this module opens and closes it, by mouse and by keyboard. */

import { el } from "../lib/dom.js";

/** The opener and its list in one element; the list holds `items`, of which the first gets the focus. */
export function dropMenu({ className, listClass, label, opener, items }) {
  const list = el("div", { class: listClass, role: "menu", "aria-label": label, hidden: true }, items);
  const menu = el("div", { class: className }, opener, list);
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
