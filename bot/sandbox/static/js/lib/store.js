/* What the page knows, and who wants to hear when it changes: this module is the page's one place of state. */

import { shownWorkspace } from "./route.js";

export function createStore(initial) {
  const listeners = [];
  const state = { ...initial };
  return {
    state,
    /** Change some fields; listeners hear which ones really changed. */
    set(changes) {
      const changed = Object.keys(changes).filter((name) => state[name] !== changes[name]);
      if (changed.length === 0) return;
      Object.assign(state, changes);
      for (const [names, listener] of listeners) {
        if (names.some((name) => changed.includes(name))) listener(state);
      }
    },
    /** Call `listener` whenever one of the named fields changes. */
    on(names, listener) {
      listeners.push([names, listener]);
    },
  };
}

/** People of one workspace are nobody in another: each keeps its own. */
function keyOf(key) {
  return shownWorkspace ? `sandbox.${shownWorkspace}.${key}` : `sandbox.${key}`;
}

/** A value kept in the browser; private windows may refuse, then it lasts as long as the page. */
export function remembered(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(key))) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(keyOf(key), JSON.stringify(value));
  } catch {
    /* Nothing to do: the choice is simply not kept. */
  }
}
