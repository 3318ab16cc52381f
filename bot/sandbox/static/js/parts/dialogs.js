/* Small questions in front of everything: this module is the confirmation of a button. */

import { textNodes } from "../blocks/text.js";
import { el } from "../lib/dom.js";

/** Ask as Block Kit's confirm object says; true when the person agrees. */
export function confirmed(confirm, context) {
  return new Promise((resolve) => {
    const agree = el("button", { type: "button", class: `button ${confirm.style === "danger" ? "is-danger-solid" : "is-primary"}`, onclick: () => answer(true) }, textNodes(confirm.confirm, context));
    const deny = el("button", { type: "button", class: "button", onclick: () => answer(false) }, textNodes(confirm.deny, context));
    const dialog = el("dialog", { class: "dialog is-small", "aria-labelledby": "confirm-title", oncancel: () => answer(false) }, [
      el("h2", { class: "dialog-title", id: "confirm-title" }, textNodes(confirm.title, context)),
      el("div", { class: "dialog-body" }, textNodes(confirm.text, context)),
      el("div", { class: "dialog-foot" }, deny, agree),
    ]);
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    document.body.append(dialog);
    dialog.showModal();
    agree.focus();
  });
}
