/* What the page knows, and who wants to hear when it changes: this module is the page's one place of state. */

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

/** A value kept in the browser; private windows may refuse, then it lasts as long as the page. */
export function remembered(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`sandbox.${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`sandbox.${key}`, JSON.stringify(value));
  } catch {
    /* Nothing to do: the choice is simply not kept. */
  }
}
