/* Slack's mrkdwn read into plain values, nothing drawn yet: this module is the parser. */

import { emojiFor } from "../lib/emoji.js";

const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/y;
const ADDRESS = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"*_~]/y;
const LINK = /^(https?:\/\/|mailto:|tel:|slack:\/\/)/i;
const QUOTE = /^(?:>|&gt;) ?/;

/** Blocks of lines: `{kind: "pre", text}`, `{kind: "quote"|"lines", lines: [[inline]]}`. */
export function parseMrkdwn(text, { autolink = true } = {}) {
  const parts = String(text).split(/```([\s\S]+?)```/);
  return parts.flatMap((part, index) => (index % 2 ? [fence(part)] : paragraphs(trimFences(part, index, parts), autolink)));
}

/** Slack's three escapes undone, `&` last. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Plain text with shortcodes turned into characters. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emojiFor(name) ?? whole);
}

function fence(text) {
  return { kind: "pre", text: unescape(text.replace(/^\n|\n$/g, "")) };
}

function trimFences(part, index, parts) {
  const head = index > 0 ? part.replace(/^\n/, "") : part;
  return index < parts.length - 1 ? head.replace(/\n$/, "") : head;
}

function paragraphs(text, autolink) {
  const blocks = [];
  if (text === "") return blocks;
  for (const line of text.split("\n")) {
    const kind = QUOTE.test(line) ? "quote" : "lines";
    const inline = parseInline(kind === "quote" ? line.replace(QUOTE, "") : line, autolink);
    if (blocks.at(-1)?.kind === kind) blocks.at(-1).lines.push(inline);
    else blocks.push({ kind, lines: [inline] });
  }
  return blocks;
}

function parseInline(text, autolink) {
  const found = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, autolink);
    if (!token) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) found.push({ kind: "text", text: unescape(plain) });
    plain = "";
    found.push(token.node);
    at = token.end;
  }
  if (plain) found.push({ kind: "text", text: unescape(plain) });
  return found;
}

function tokenAt(text, at, autolink) {
  const letter = text[at];
  if (letter === "<") return controlAt(text, at);
  if (letter === "`") return codeAt(text, at);
  if (letter === ":") return emojiAt(text, at);
  if (letter in MARKS) return markAt(text, at, autolink);
  if (letter === "h" && autolink) return addressAt(text, at);
  return null;
}

function controlAt(text, at) {
  const close = text.indexOf(">", at);
  if (close < 0) return null;
  const node = control(text.slice(at + 1, close));
  return node && { node, end: close + 1 };
}

function control(content) {
  const bar = content.indexOf("|");
  const target = unescape(bar < 0 ? content : content.slice(0, bar));
  const label = bar < 0 ? "" : unescape(content.slice(bar + 1));
  if (target.startsWith("@")) return { kind: "user", id: target.slice(1), label };
  if (target.startsWith("#")) return { kind: "channel", id: target.slice(1), label };
  if (target.startsWith("!")) return special(target.slice(1), label);
  return LINK.test(target) ? { kind: "link", url: target, label: withEmoji(label) } : null;
}

function special(command, label) {
  const [name, ...rest] = command.split("^");
  if (name === "date" && rest.length >= 2) return { kind: "date", at: Number(rest[0]), format: rest[1], label };
  if (name === "subteam") return { kind: "broadcast", name: label.replace(/^@/, "") || rest[0] };
  return ["here", "channel", "everyone"].includes(name) ? { kind: "broadcast", name } : null;
}

function codeAt(text, at) {
  const close = text.indexOf("`", at + 1);
  if (close <= at + 1) return null;
  return { node: { kind: "code", text: unescape(text.slice(at + 1, close)) }, end: close + 1 };
}

function emojiAt(text, at) {
  EMOJI.lastIndex = at;
  const match = EMOJI.exec(text);
  const character = match && emojiFor(match[1]);
  return character ? { node: { kind: "emoji", name: match[1], text: character }, end: at + match[0].length } : null;
}

function addressAt(text, at) {
  if (at > 0 && WORD.test(text[at - 1])) return null;
  ADDRESS.lastIndex = at;
  const match = ADDRESS.exec(text);
  return match && { node: { kind: "link", url: unescape(match[0]), label: "" }, end: at + match[0].length };
}

function markAt(text, at, autolink) {
  const mark = text[at];
  if (at > 0 && WORD.test(text[at - 1])) return null;
  const close = closingMark(text, at, mark);
  if (close < 0) return null;
  const children = parseInline(text.slice(at + 1, close), autolink);
  return { node: { kind: MARKS[mark], children }, end: close + 1 };
}

function closingMark(text, at, mark) {
  if (/[\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return -1;
  for (let end = at + 1; end < text.length; end += 1) {
    const skipped = text[end] === "`" ? codeAt(text, end) : text[end] === "<" ? controlAt(text, end) : null;
    if (skipped) end = skipped.end - 1;
    else if (text[end] === mark && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ")) return end;
  }
  return -1;
}
