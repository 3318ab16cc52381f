/* Elements one types into: this module is text, number, date and time fields. */

import { el } from "../lib/dom.js";
import { plain } from "./text.js";
import { holdsState, kept } from "./values.js";

const KINDS = {
  plain_text_input: { type: "text", key: "value" },
  email_text_input: { type: "email", key: "value" },
  url_text_input: { type: "url", key: "value" },
  number_input: { type: "number", key: "value" },
  datepicker: { type: "date", key: "selected_date" },
  timepicker: { type: "time", key: "selected_time" },
};

export function isField(type) {
  return Object.hasOwn(KINDS, type);
}

export function fieldNode(block, element, context) {
  const { type, key } = KINDS[element.type];
  const long = element.multiline === true;
  const before = kept(context, block, element)?.[key] ?? element[`initial_${key.replace("selected_", "")}`] ?? "";
  const node = el(long ? "textarea" : "input", {
    class: long ? "field is-long" : "field",
    type: long ? null : type,
    rows: long ? 4 : null,
    maxlength: element.max_length,
    placeholder: plain(element.placeholder),
    step: element.type === "number_input" && element.is_decimal_allowed ? "any" : null,
    "aria-label": context.label ?? plain(element.placeholder),
  });
  node.value = before;
  const read = () => ({ type: element.type, [key]: node.value === "" ? null : node.value });
  const tell = () => context.act({ node, block, element, value: { [key]: read()[key] } });
  if (key !== "value") node.addEventListener("change", tell);
  else node.addEventListener("keydown", (event) => event.key === "Enter" && !long && block.dispatch_action && tell());
  return holdsState(node, { block, element, read });
}
