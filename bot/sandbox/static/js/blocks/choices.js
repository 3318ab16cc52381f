/* Elements that choose among options: this module is selects, radio buttons, checkboxes and the overflow menu. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { plain, textNodes } from "./text.js";
import { holdsState, kept } from "./values.js";

let groups = 0;

/** A static_select: the browser's own list, so that every keyboard and screen reader knows it. */
export function selectNode(block, element, context) {
  const options = allOptions(element);
  const before = kept(context, block, element)?.selected_option ?? element.initial_option;
  const node = el("select", { class: "select", "aria-label": context.label ?? plain(element.placeholder) }, [
    el("option", { value: "" }, plain(element.placeholder) || "Choose an option"),
    optionNodes(element, options),
  ]);
  let chosen = indexOf(options, before);
  node.value = chosen;
  const read = () => ({ type: element.type, selected_option: options[node.value] ?? null });
  node.addEventListener("change", async () => {
    const done = await context.act({ node, block, element, value: { selected_option: read().selected_option } });
    if (done === false) node.value = chosen;
    else chosen = node.value;
  });
  return holdsState(el("span", { class: "select-box" }, node, icon("down")), { block, element, read });
}

/** A users_select: everybody whom the page knows, by name. */
export function peopleNode(block, element, context) {
  const named = Object.entries(context.names).filter(([id]) => /^[UW]/.test(id));
  const people = named.sort((one, other) => one[1].localeCompare(other[1]));
  const node = el("select", { class: "select", "aria-label": context.label ?? plain(element.placeholder) }, [
    el("option", { value: "" }, plain(element.placeholder) || "Choose a person"),
    people.map(([id, name]) => el("option", { value: id }, name)),
  ]);
  node.value = kept(context, block, element)?.selected_user ?? element.initial_user ?? "";
  const read = () => ({ type: element.type, selected_user: node.value || null });
  node.addEventListener("change", () => context.act({ node, block, element, value: { selected_user: read().selected_user } }));
  return holdsState(el("span", { class: "select-box" }, node, icon("down")), { block, element, read });
}

/** Radio buttons, checkboxes and multi selects: one list of ticks. */
export function ticksNode(block, element, context) {
  const options = allOptions(element);
  const single = element.type === "radio_buttons";
  const before = kept(context, block, element);
  const initial = single ? [before?.selected_option ?? element.initial_option] : before?.selected_options ?? element.initial_options ?? [];
  const name = `ticks-${(groups += 1)}`;
  const ticks = options.map((option) => tick(option, { name, single, context, checked: initial.some((one) => one?.value === option.value) }));
  const node = el("div", { class: "ticks", role: single ? "radiogroup" : "group", "aria-label": context.label }, ticks.map((one) => one.node));
  const chosen = () => options.filter((_, index) => ticks[index].input.checked);
  const read = () => (single ? { type: element.type, selected_option: chosen()[0] ?? null } : { type: element.type, selected_options: chosen() });
  node.addEventListener("change", () => {
    const { type, ...value } = read();
    context.act({ node, block, element, value });
  });
  return holdsState(node, { block, element, read });
}

/** The three dots: a menu that opens below them. */
export function overflowNode(block, element, context) {
  const choose = (option) => {
    close();
    if (option.url) context.openOutside(option.url);
    context.act({ node: button, block, element, value: { selected_option: option } });
  };
  const items = element.options.map((option) => el("button", { type: "button", role: "menuitem", tabindex: -1, onclick: () => choose(option) }, plain(option.text)));
  const menu = el("div", { class: "menu", role: "menu", hidden: true, onkeydown: (event) => walk(event, items, close) }, items);
  const button = el("button", { type: "button", class: "button is-icon", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions", onclick: () => toggle() }, icon("more"));
  const box = el("span", { class: "menu-box", onfocusout: (event) => !box.contains(event.relatedTarget) && close(false) }, button, menu);
  const toggle = (open = menu.hidden) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) items[0].focus();
  };
  const close = (refocus = true) => {
    if (menu.hidden) return;
    toggle(false);
    if (refocus) button.focus();
  };
  return box;
}

function walk(event, items, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close();
  if (!step) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}

function tick(option, { name, single, context, checked }) {
  const input = el("input", { type: single ? "radio" : "checkbox", name, checked });
  const words = el("span", { class: "tick-text" }, textNodes(option.text, context), option.description && el("span", { class: "tick-more" }, textNodes(option.description, context)));
  return { input, node: el("label", { class: "tick" }, input, words) };
}

function allOptions(element) {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

function optionNodes(element, options) {
  const node = (option) => el("option", { value: String(options.indexOf(option)) }, plain(option.text));
  if (element.options) return element.options.map(node);
  return (element.option_groups ?? []).map((group) => el("optgroup", { label: plain(group.label) }, group.options.map(node)));
}

function indexOf(options, wanted) {
  const index = options.findIndex((option) => option.value === wanted?.value);
  return index < 0 ? "" : String(index);
}
