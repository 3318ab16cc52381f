/* Blocks of a message, form or Home tab laid out as Slack lays them out: this module is Block Kit's drawing.

   A context carries what the blocks need from outside: `zone` and `names` for text, `act` for what people do,
   `openOutside` and `openChannel` for links, `kept` for what was typed before a redraw. */

import { el } from "../lib/dom.js";
import { elementNode, pictureNode } from "./elements.js";
import { richTextNodes } from "./richtext.js";
import { plain, textNodes } from "./text.js";

let inputs = 0;

const DRAWN = {
  section: sectionNode,
  header: (block) => el("h3", { class: "block-header" }, plain(block.text)),
  divider: () => el("hr", { class: "block-divider" }),
  context: contextNode,
  actions: (block, context) => el("div", { class: "block-actions" }, block.elements.map((element) => elementNode(block, element, context))),
  image: imageNode,
  input: inputNode,
  rich_text: (block, context) => el("div", { class: "block-rich" }, richTextNodes(block, context)),
};

export function blockNodes(blocks, context) {
  return blocks.map((block) => {
    const node = (DRAWN[block.type] ?? unknownNode)(block, context);
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}

/** Show the error of each named input below it and return the first input in trouble. */
export function showErrors(root, errors) {
  let first = null;
  for (const node of root.querySelectorAll(".block-input")) {
    const text = errors[node.dataset.block];
    const place = node.querySelector(".input-error");
    const control = node.querySelector("input, select, textarea");
    place.textContent = text ?? "";
    place.hidden = !text;
    control?.setAttribute("aria-invalid", text ? "true" : "false");
    if (text) first ??= control;
  }
  return first;
}

function sectionNode(block, context) {
  const accessory = block.accessory && elementNode(block, block.accessory, context);
  const wide = ["radio_buttons", "checkboxes"].includes(block.accessory?.type);
  return el("div", { class: `block-section ${wide ? "is-stacked" : ""}` }, [
    el("div", { class: "section-words" }, [
      block.text && el("div", { class: "section-text" }, textNodes(block.text, context)),
      block.fields && el("div", { class: "section-fields" }, block.fields.map((field) => el("div", {}, textNodes(field, context)))),
    ]),
    accessory && el("div", { class: "section-accessory" }, accessory),
  ]);
}

function contextNode(block, context) {
  const item = (element) => (element.type === "image" ? pictureNode(element, "picture is-tiny") : el("span", { class: "context-text" }, textNodes(element, context)));
  return el("div", { class: "block-context" }, block.elements.map(item));
}

function imageNode(block) {
  return el("figure", { class: "block-image" }, block.title && el("figcaption", {}, plain(block.title)), pictureNode(block));
}

function inputNode(block, context) {
  const id = `input-${(inputs += 1)}`;
  const label = plain(block.label);
  const act = block.dispatch_action ? context.act : () => undefined;
  const control = elementNode(block, block.element, { ...context, act, label });
  const described = [block.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  (control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea"))?.setAttribute("aria-describedby", described);
  return el("div", { class: "block-input", "data-optional": Boolean(block.optional) && "yes" }, [
    el("span", { class: "input-label" }, label, block.optional && el("span", { class: "input-optional" }, " (optional)")),
    control,
    el("p", { class: "input-error", id: `${id}-error`, role: "alert", hidden: true }),
    block.hint && el("p", { class: "input-hint", id: `${id}-hint` }, plain(block.hint)),
  ]);
}

function unknownNode(block) {
  return el("div", { class: "unknown" }, `A block of type "${block.type}" (the sandbox does not draw it)`);
}
