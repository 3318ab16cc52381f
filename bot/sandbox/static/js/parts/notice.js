/* A calm band below the top bar, for what whoever runs the sandbox has to tell: this module shows it until it is closed. */

import { el, fill, setText } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

export function createNotice(page, root) {
  const words = el("p", {});
  const closed = new Set();
  const close = el("button", { type: "button", class: "notice-close", "aria-label": "Close this notice", onclick: () => (closed.add(root.dataset.about), (root.hidden = true)) }, icon("close"));
  fill(root, icon("check"), words, close);
  page.store.on(["view"], ({ view }) => {
    if (!view) return;
    const { text, about } = view.notice ?? {};
    root.hidden = !text || closed.has(about);
    root.dataset.about = about ?? "";
    setText(words, text ?? "");
  });
}
