/* What blocks need from the page (names, zone, clicks, links): this module joins drawing and doing. */

import { readValues } from "../blocks/values.js";
import { confirmed } from "./dialogs.js";

/** A drawing context for one place: a message, the Home tab or a form.

    `place` has `source`, `ts` or `viewId`, `root()` (the node whose state goes along) and `failed(text)`. */
export function contextFor(page, place, kept = {}) {
  const { view } = page.store.state;
  return {
    zone: page.zone(),
    names: namesOf(page.store.state),
    kept,
    openOutside: (url) => page.toast(`In Slack this opens ${url}. The sandbox opens no outside pages.`),
    openChannel: (name) => page.toast(`In Slack this opens the channel #${name}.`),
    act: (action) => act(page, place, action, view?.person?.id),
  };
}

async function act(page, place, { node, block, element, value }, person) {
  if (element.confirm && !(await confirmed(element.confirm, contextFor(page, place)))) return false;
  const body = {
    person, source: place.source, ts: place.ts, view_id: place.viewId,
    block_id: block.block_id, action_id: element.action_id, value, state: readValues(place.root()),
  };
  const { failure } = await page.ask(node, () => page.api.click(body));
  place.failed(failure);
  if (!failure && person === page.store.state.cast.employee?.id) page.tour.finish("employee");
  return failure === null;
}

function namesOf({ people, view }) {
  const known = people.map((person) => [person.id, person.name]);
  return { ...Object.fromEntries(known), ...(view?.names ?? {}) };
}
