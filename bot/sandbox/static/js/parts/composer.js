/* The box at the bottom where one types a message or a command: this module is the composer. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { sentenceFor } from "../lib/words.js";
import { COMMAND, readTyped, suggestionsFor } from "./commands.js";
import { shortcutMenu } from "./shortcuts.js";

export function createComposer(page) {
  const input = el("textarea", {
    class: "composer-input", id: "composer", rows: 1, "aria-label": "Message or command", role: "combobox",
    "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false",
  });
  const list = el("ul", { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": "Commands", hidden: true });
  const send = el("button", { type: "submit", class: "button is-send", "aria-label": "Send" }, icon("send"));
  const shortcuts = shortcutMenu(page, (failure) => tell(composer, failure));
  const trouble = el("p", { class: "failure", role: "alert", hidden: true });
  const form = el("form", { class: "composer" }, list, trouble, el("div", { class: "composer-box" }, shortcuts, input, send), el("p", { class: "composer-hint" }, "Enter sends, Shift+Enter makes a new line. Type ", el("kbd", {}, "/"), " for commands."));
  const composer = { page, form, input, list, send, trouble, active: -1, shown: [] };
  listen(composer);
  page.store.on(["draft"], ({ draft }) => draft !== null && takeDraft(composer, draft));
  page.store.on(["personId"], () => clear(composer));
  page.store.on(["view"], ({ view }) => {
    input.placeholder = view ? `Message ${view.app?.name ?? "the app"}, or type /` : "";
  });
  return form;
}

function listen(composer) {
  const { form, input } = composer;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(composer);
  });
  input.addEventListener("input", () => typed(composer));
  input.addEventListener("keydown", (event) => onKey(composer, event));
  input.addEventListener("blur", () => setTimeout(() => suggest(composer, []), 150));
  input.addEventListener("focus", () => suggest(composer, suggestionsFor(input.value)));
}

function typed(composer) {
  grow(composer.input);
  tell(composer, null);
  suggest(composer, suggestionsFor(composer.input.value));
}

function onKey(composer, event) {
  const { shown, active } = composer;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    return mark(composer, (active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
  }
  if (event.key === "Escape") return suggest(composer, []);
  if (event.key === "Tab" && shown.length && !event.shiftKey && composer.input.value !== "") {
    event.preventDefault();
    return complete(composer, shown[Math.max(active, 0)]);
  }
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (active >= 0) complete(composer, shown[active]);
  else submit(composer);
}

function suggest(composer, commands) {
  const { input, list } = composer;
  composer.shown = commands;
  composer.active = -1;
  list.hidden = commands.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
  const row = (command, index) =>
    el("li", { id: `suggestion-${index}`, role: "option", "aria-selected": "false", onmousedown: (event) => (event.preventDefault(), complete(composer, command)) }, [
      el("span", { class: "suggestion-line" }, command.line), el("span", { class: "suggestion-about" }, command.about),
      command.who === "admins" && el("span", { class: "tag" }, "admins"),
    ]);
  fill(list, commands.map(row));
}

function mark(composer, index) {
  composer.active = index;
  [...composer.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
  composer.input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  composer.list.children[index].scrollIntoView({ block: "nearest" });
}

function complete(composer, command) {
  composer.input.value = command.text;
  grow(composer.input);
  suggest(composer, []);
  composer.input.focus();
}

async function submit(composer) {
  const { page, input, send } = composer;
  const said = readTyped(input.value);
  if (said.text === "" && said.kind === "message") return;
  if (send.classList.contains("is-waiting")) return;
  if (said.kind === "unknown") return tell(composer, `${said.text} is not a command of this workspace. Try ${COMMAND} help.`);
  const person = page.store.state.personId;
  const typedText = input.value;
  clear(composer);
  const question = said.kind === "command" ? () => page.api.command({ person, command: COMMAND, text: said.text }) : () => page.api.message({ person, text: said.text });
  page.followMessages();
  const { failure } = await page.ask(send, question);
  if (said.kind === "command" && said.text === "status") page.tour.finish("admin");
  if (page.store.state.personId !== person) return;
  tell(composer, failure);
  if (failure === sentenceFor("unreachable") && input.value === "") input.value = typedText;
}

function takeDraft(composer, draft) {
  composer.page.store.set({ draft: null });
  composer.input.value = draft;
  grow(composer.input);
  composer.input.focus();
}

function clear(composer) {
  composer.input.value = "";
  grow(composer.input);
  tell(composer, null);
  suggest(composer, []);
}

function tell({ trouble }, text) {
  trouble.hidden = !text;
  fill(trouble, text && [icon("warning"), text]);
}

function grow(input) {
  input.rows = Math.min(6, input.value.split("\n").length);
}
