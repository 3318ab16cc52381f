/* Text objects as elements, each character of data a text node: this module is how words are drawn. */

import { el } from "../lib/dom.js";
import { slackDate } from "../lib/time.js";
import { parseMrkdwn, unescape, withEmoji } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s" };

/** A Block Kit text object (`mrkdwn` or `plain_text`) as a list of nodes. */
export function textNodes(object, context) {
  if (!object) return [];
  if (object.type === "plain_text") return [plain(object)];
  return mrkdwnNodes(object.text, context, { autolink: !object.verbatim });
}

/** The words of a plain_text object, for attributes and options. */
export function plain(object) {
  if (!object) return "";
  const text = unescape(String(object.text ?? ""));
  return object.emoji === false ? text : withEmoji(text);
}

export function mrkdwnNodes(text, context, options) {
  return parseMrkdwn(text, options).map((block) => {
    if (block.kind === "pre") return el("pre", { class: "pre" }, block.text);
    const lines = block.lines.map((line) => line.map((token) => inlineNode(token, context)));
    return el(block.kind === "quote" ? "blockquote" : "span", { class: block.kind }, joinLines(lines));
  });
}

/** One inline token as a node. */
export function inlineNode(token, context) {
  if (token.kind === "text") return document.createTextNode(token.text);
  if (token.kind === "code") return el("code", { class: "code" }, token.text);
  if (token.kind === "emoji") return el("span", { class: "emoji", role: "img", "aria-label": token.name }, token.text);
  if (token.kind === "link") return linkNode(token, context);
  if (token.kind === "user") return mention(`@${nameOf(token, context)}`);
  if (token.kind === "channel") return channelNode(token, context);
  if (token.kind === "broadcast") return el("span", { class: "mention is-loud", title: "Calls everybody here" }, `@${token.name}`);
  if (token.kind === "date") return dateNode(token, context);
  return el(TAGS[token.kind], {}, token.children.map((child) => inlineNode(child, context)));
}

/** A link that never leaves the page: it says where it would lead. */
export function linkNode({ url, label }, context) {
  const open = () => context.openOutside(url);
  const onkeydown = (event) => event.key === "Enter" && open();
  const shown = label || url.replace(/^mailto:/, "");
  return el("span", { class: "link", role: "link", tabindex: 0, title: url, onclick: open, onkeydown }, shown);
}

function channelNode(token, context) {
  const open = () => context.openChannel(nameOf(token, context));
  const onkeydown = (event) => event.key === "Enter" && open();
  return el("span", { class: "mention", role: "link", tabindex: 0, onclick: open, onkeydown }, `#${nameOf(token, context)}`);
}

function nameOf(token, context) {
  return (token.label || context.names[token.id] || token.id).replace(/^[@#]/, "");
}

function mention(text) {
  return el("span", { class: "mention" }, text);
}

function dateNode(token, context) {
  if (!Number.isFinite(token.at)) return document.createTextNode(token.label);
  return el("time", { class: "date", title: `Shown in the zone of the reader (${context.zone})` }, slackDate(token.at, token.format, context.zone));
}

function joinLines(lines) {
  return lines.flatMap((line, index) => (index ? [el("br"), ...line] : line));
}
