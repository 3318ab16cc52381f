/* The rich_text block (what people type in Slack's own editor): this module is its drawing. */

import { el } from "../lib/dom.js";
import { emojiFor } from "../lib/emoji.js";
import { inlineNode } from "./text.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

export function richTextNodes(block, context) {
  return (block.elements ?? []).map((part) => partNode(part, context));
}

function partNode(part, context) {
  if (part.type === "rich_text_list") return listNode(part, context);
  const children = (part.elements ?? []).map((item) => itemNode(item, context));
  if (part.type === "rich_text_preformatted") return el("pre", { class: "pre" }, children);
  if (part.type === "rich_text_quote") return el("blockquote", { class: "quote" }, children);
  return el("p", { class: "rich" }, children);
}

function listNode(part, context) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const items = (part.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map((child) => itemNode(child, context))));
  const start = part.style === "ordered" && part.offset ? part.offset + 1 : null;
  return el(tag, { class: `list indent-${Math.min(part.indent ?? 0, 4)}`, start }, items);
}

function itemNode(item, context) {
  const node = inlineNode(token(item), context);
  return Object.keys(STYLES)
    .filter((name) => item.style?.[name])
    .reduce((inner, name) => el(STYLES[name], { class: name === "code" ? "code" : null }, inner), node);
}

function token(item) {
  if (item.type === "link") return { kind: "link", url: item.url ?? "", label: item.text ?? "" };
  if (item.type === "user") return { kind: "user", id: item.user_id };
  if (item.type === "channel") return { kind: "channel", id: item.channel_id };
  if (item.type === "usergroup") return { kind: "broadcast", name: item.usergroup_id };
  if (item.type === "broadcast") return { kind: "broadcast", name: item.range };
  if (item.type === "date") return { kind: "date", at: Number(item.timestamp), format: item.format, label: item.fallback ?? "" };
  if (item.type === "emoji" && emojiFor(item.name)) return { kind: "emoji", name: item.name, text: emojiFor(item.name) };
  return { kind: "text", text: item.text ?? (item.name ? `:${item.name}:` : item.value ?? "") };
}
