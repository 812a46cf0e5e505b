// A sheet is drawn anew at every tap; what says the same as before stays in place, under the hand, and costs the tablet nothing.
// So a control that acts by what was drawn reads it from its own data-…, not from the drawing it was made in.

/** `live` becomes what `fresh` is. data-whole: replaced as a whole when that differs; data-anew: never mended; data-stays: never touched. */
export function settle(live, fresh) {
  if (live.isEqualNode(fresh) || (live.dataset && "stays" in live.dataset)) return;
  if (live.nodeType === Node.TEXT_NODE && fresh.nodeType === Node.TEXT_NODE) live.data = fresh.data;
  else if (alike(live, fresh)) mend(live, fresh);
  else live.replaceWith(fresh);
}

function alike(live, fresh) {
  return live.nodeType === Node.ELEMENT_NODE && live.nodeName === fresh.nodeName && live.childNodes.length === fresh.childNodes.length
    && live.dataset.whole === fresh.dataset.whole && live.dataset.hand === fresh.dataset.hand && !("anew" in fresh.dataset);
}

function mend(live, fresh) {
  for (const { name } of [...live.attributes]) if (!fresh.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  const children = [...fresh.childNodes];
  [...live.childNodes].forEach((child, at) => settle(child, children[at]));
}
