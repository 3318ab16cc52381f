/* One interactive element of Block Kit as a node: this module is the table from its type to its drawing. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { overflowNode, peopleNode, selectNode, ticksNode } from "./choices.js";
import { fieldNode, isField } from "./fields.js";
import { plain } from "./text.js";

const DRAWN = {
  button: buttonNode,
  workflow_button: buttonNode,
  static_select: selectNode,
  users_select: peopleNode,
  multi_static_select: ticksNode,
  radio_buttons: ticksNode,
  checkboxes: ticksNode,
  overflow: overflowNode,
  image: (block, element) => pictureNode(element, "picture is-small"),
};

export function elementNode(block, element, context) {
  const draw = isField(element.type) ? fieldNode : DRAWN[element.type] ?? unknownNode;
  const node = draw(block, element, context);
  node.dataset.action = `${block.block_id} ${element.action_id}`;
  return node;
}

/** A picture of ours, or what an outside one would show: nothing is fetched from elsewhere. */
export function pictureNode({ image_url: url, alt_text: alt }, className = "picture") {
  if (url?.startsWith("/")) return el("img", { class: className, src: url, alt });
  return el("span", { class: `${className} is-outside`, role: "img", "aria-label": alt, title: `${alt}\n${url ?? ""}` }, icon("image"), el("span", {}, alt));
}

function buttonNode(block, element, context) {
  const style = element.style === "primary" ? "is-primary" : element.style === "danger" ? "is-danger" : "";
  const click = async () => {
    const acted = context.act({ node, block, element });
    if (!element.url) return;
    // Only a question asked first may stop the link: nobody waits for the app to follow one.
    if (!element.confirm || (await acted) !== false) context.openOutside(element.url);
  };
  const label = el("span", { class: "button-text" }, plain(element.text));
  const node = el("button", { type: "button", class: `button ${style}`, "aria-label": element.accessibility_label, onclick: click }, label, element.url && icon("outside"));
  return node;
}

function unknownNode(block, element) {
  return el("span", { class: "unknown" }, `An element of type "${element.type}" (the sandbox does not draw it)`);
}
