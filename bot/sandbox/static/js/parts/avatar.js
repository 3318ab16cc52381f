/* Initials on a colour of one's own: this module is the avatar of people and of the app. */

import { el, pick } from "../lib/dom.js";

const TONES = 10;

export function avatar(id, name, size = "") {
  const words = String(name ?? "?").split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
  return el("span", { class: `avatar tone-${pick(id, TONES)} ${size}`, "aria-hidden": "true" }, letters || "?");
}

export function appAvatar(size = "") {
  return el("img", { class: `avatar is-app ${size}`, src: "/static/icon.svg", alt: "" });
}
