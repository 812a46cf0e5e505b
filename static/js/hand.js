// Where is the hand of who reads with the keyboard or by ear? What is drawn anew gives the focus back to the thing of the same
// name (data-hand), or to the first place that comes next: without that it falls to the page, and everything is tabbed through again.

/** draw() replaces what is in `root`; `next`: selectors tried in their order when what was held is gone. */
export function keepHand(root, draw, ...next) {
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  draw();
  if (!held || held === root || (document.activeElement === held && !held.disabled)) return;
  focusFirst(same(root, held), ...next.map((selector) => root.querySelector(selector)));
}

const same = (root, { dataset: { hand } }) => (hand ? root.querySelector(`[data-hand="${CSS.escape(hand)}"]`) : null);

/** The first of these that takes the focus; what is gone, hidden or disabled does not. */
export function focusFirst(...places) {
  return places.some((place) => {
    place?.focus();
    return Boolean(place) && !place.disabled && document.activeElement === place; // one that is disabled under the hand loses it later
  });
}

/** Words for the ear alone, in the page's own live region: the same words twice are said twice. */
export function tell(words) {
  const region = document.getElementById("said");
  if (region) region.textContent = region.textContent === words ? `${words}\u00a0` : words;
}
