/* Short notices that go away by themselves: this module shows them and tells screen readers. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

const STAYS_MS = 7000;

export function createToasts(root) {
  return (text, kind = "note") => {
    const close = el("button", { type: "button", class: "toast-close", "aria-label": "Close this notice", onclick: () => node.remove() }, icon("close"));
    const node = el("div", { class: `toast is-${kind}` }, el("span", {}, text), close);
    while (root.children.length > 2) root.firstChild.remove();
    root.append(node);
    setTimeout(() => node.remove(), STAYS_MS);
  };
}
