/* A node replaced by its newer self without losing the keyboard's place: this module is careful redrawing. */

/** Build the successor of `old` (it gets `old`, to keep what was typed) and put it in its place. */
export function redraw(old, build) {
  const focus = old && focusOf(old);
  const node = build(old);
  if (old?.isConnected) old.replaceWith(node);
  if (focus) restore(node, focus);
  return node;
}

function focusOf(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return null;
  return { action: active.closest("[data-action]")?.dataset.action, start: active.selectionStart, end: active.selectionEnd };
}

function restore(root, { action, start, end }) {
  const holder = action && root.querySelector(`[data-action="${CSS.escape(action)}"]`);
  const target = holder?.matches("button, input, select, textarea") ? holder : holder?.querySelector("button, input, select, textarea");
  (target ?? root).focus({ preventScroll: true });
  if (target?.setSelectionRange && start !== null && start !== undefined) trySelection(target, start, end);
}

function trySelection(target, start, end) {
  try {
    target.setSelectionRange(start, end);
  } catch {
    /* Number and date fields have no selection to keep. */
  }
}
