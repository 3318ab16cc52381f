/* What is typed and chosen in a message, form or Home tab, in the shape of Slack's state.values: this module is its reader. */

const readers = new WeakMap();

/** Mark `node` as holding the state of one element; `read` gives it in Slack's shape. */
export function holdsState(node, { block, element, read }) {
  node.dataset.state = "";
  readers.set(node, { blockId: block.block_id, actionId: element.action_id, read });
  return node;
}

/** `{block_id: {action_id: {...}}}` of everything inside `root`. */
export function readValues(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-state]")) {
    const { blockId, actionId, read } = readers.get(node);
    (values[blockId] ??= {})[actionId] = read();
  }
  return values;
}

/** What was chosen before a redraw, or nothing. */
export function kept(context, block, element) {
  return context.kept?.[block.block_id]?.[element.action_id];
}

/** True when a required input of a form was left empty. */
export function isEmpty(value) {
  if (!value) return true;
  const { type, ...rest } = value;
  return Object.values(rest).every((part) => part === null || part === undefined || part === "" || part.length === 0);
}
