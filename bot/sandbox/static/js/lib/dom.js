/* Elements are built here and only here, from values: this module is why data never becomes markup. */

/** An element with attributes (functions become listeners, `false` and `null` are left out) and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(node, name, value);
  node.append(...children.flat(Infinity).filter(isShown));
  return node;
}

/** Replace everything inside `node`; strings stay text. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(isShown));
  return node;
}

/** Set the text only when it differs, so that screen readers and selections are left in peace. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Run the async `action` soon, never twice at once, and once more when asked meanwhile. */
export function throttled(action, gap) {
  let waiting = false;
  let running = false;
  return function ask() {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      if (running) {
        waiting = false;
        return ask();
      }
      waiting = false;
      running = true;
      await action();
      running = false;
    }, gap);
  };
}

/** A number in 0..count-1 that stays the same for the same text. */
export function pick(text, count) {
  let sum = 7;
  for (const letter of String(text)) sum = (sum * 31 + letter.codePointAt(0)) % 1000003;
  return sum % count;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function assign(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") return node.addEventListener(name.replace(/^on/, ""), value);
  if (name === "class") node.className = value;
  else if (name === "value" && "value" in node) node.value = value;
  else if (name === "checked") node.checked = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}
