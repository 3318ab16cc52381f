/* Forms the app opens in front of everything: this module shows the top one of the stack and sends it. */

import { blockNodes, showErrors } from "../blocks/blocks.js";
import { plain } from "../blocks/text.js";
import { isEmpty, readValues } from "../blocks/values.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { contextFor } from "./context.js";
import { redraw } from "./redraw.js";

const REQUIRED = "Please fill this in.";

export function createModals(page) {
  const dialog = el("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" });
  const shown = { person: null, id: null, signature: null, kept: new Map(), failure: null };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeTop(page, shown, false);
  });
  document.body.append(dialog);
  page.store.on(["view"], ({ view }) => showTop(page, dialog, shown, view));
}

function showTop(page, dialog, shown, view) {
  const stack = view?.modals ?? [];
  const top = stack.at(-1);
  if (!top) return hide(dialog, shown);
  // What was typed is no reason to draw the form anew: what the app says under a field would be gone with it.
  const signature = JSON.stringify([top, stack.length], (key, value) => (key === "state" ? undefined : value));
  if (shown.signature === signature) return;
  const old = dialog.querySelector("form");
  if (old && shown.id) shown.kept.set(shown.id, readValues(old));
  const same = shown.id === top.id;
  Object.assign(shown, { id: top.id, signature });
  const node = redraw(same ? old : null, () => formNode(page, shown, top, stack.length));
  if (!node.isConnected) dialog.replaceChildren(node);
  if (!dialog.open) dialog.showModal();
  if (!same) focusFirst(dialog);
}

function hide(dialog, shown) {
  if (dialog.open) dialog.close();
  dialog.replaceChildren();
  shown.kept.clear();
  Object.assign(shown, { id: null, signature: null });
}

function focusFirst(dialog) {
  const first = dialog.querySelector(".dialog-body :is(input, select, textarea, button)") ?? dialog.querySelector(".dialog-foot button");
  first?.focus();
}

function formNode(page, shown, { id, view }, depth) {
  const trouble = el("p", { class: "failure", role: "alert", hidden: true });
  const failed = (text) => say(trouble, text);
  const place = { source: "modal", viewId: id, root: () => form, failed };
  const context = contextFor(page, place, shown.kept.get(id) ?? {});
  const submit = view.submit && el("button", { type: "submit", class: "button is-primary" }, el("span", { class: "button-text" }, plain(view.submit)));
  const form = el("form", { class: "modal-form", novalidate: true, onsubmit: (event) => send(event, { page, id, form, view, submit, failed }) }, [
    el("header", { class: "dialog-head" }, [
      depth > 1 && el("button", { type: "button", class: "button is-icon is-plain", "aria-label": "Back", onclick: () => closeTop(page, shown, false) }, icon("back")),
      el("h2", { class: "dialog-title", id: "modal-title" }, plain(view.title)),
      el("button", { type: "button", class: "button is-icon is-plain", "aria-label": "Close the form", onclick: () => closeTop(page, shown, true) }, icon("close")),
    ]),
    el("div", { class: "dialog-body blocks" }, blockNodes(view.blocks ?? [], context), trouble),
    el("footer", { class: "dialog-foot" }, [
      el("button", { type: "button", class: "button", onclick: () => closeTop(page, shown, false) }, view.close ? plain(view.close) : submit ? "Cancel" : "Close"),
      submit,
    ]),
  ]);
  return form;
}

async function send(event, { page, id, form, view, submit, failed }) {
  event.preventDefault();
  if (!submit || submit.classList.contains("is-waiting")) return;
  const values = readValues(form);
  const missing = missingIn(view.blocks ?? [], values);
  failed(null);
  showErrors(form, missing)?.focus();
  if (Object.keys(missing).length) return;
  const person = page.store.state.personId;
  const { answer, failure } = await page.ask(submit, () => page.api.submit({ person, view_id: id, values }));
  if (answer?.errors && Object.keys(answer.errors).length) return showErrors(form, answer.errors)?.focus();
  failed(failure);
}

/** What Slack's own client checks before it sends anything. */
function missingIn(blocks, values) {
  const errors = {};
  for (const block of blocks.filter((one) => one.type === "input")) {
    const value = values[block.block_id]?.[block.element.action_id];
    if (!block.optional && isEmpty(value)) errors[block.block_id] = REQUIRED;
    else if (block.element.min_length && value?.value && value.value.length < block.element.min_length) {
      errors[block.block_id] = `Please write at least ${block.element.min_length} characters.`;
    }
  }
  return errors;
}

async function closeTop(page, shown, all) {
  const { personId: person } = page.store.state;
  const body = { person, view_id: shown.id, is_cleared: all };
  // Closing works even when the app is away; the next view says what is still open.
  await page.api.close(body).catch(() => null);
  page.refreshView();
  page.refreshCalls();
}

function say(node, text) {
  node.hidden = !text;
  node.replaceChildren(...(text ? [icon("warning"), text] : []));
}
