// In what does each text of the page stand? → one line a kind: the grounds it lies on, its colour, size and weight, and whether it is in force.
// Two texts of one line have the same contrast, whatever they say and wherever they are. Run in a page by tests/house/reach.py.
() => {
  const once = (ask, kept = new Map()) => (element) => {
    if (!kept.has(element)) kept.set(element, ask(element));
    return kept.get(element);
  };
  const bare = "rgba(0, 0, 0, 0) none 1 static none none";
  const grounds = once((element) => {
    const style = getComputedStyle(element);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.textShadow, style.filter].join(" ");
    const below = element.parentElement ? grounds(element.parentElement) : "";
    return own === bare || below.endsWith(`/${own}`) ? below : `${below}/${own}`;
  });
  const kinds = new Set();
  const add = (element) => {
    const { color, fontSize, fontWeight, webkitTextFillColor } = getComputedStyle(element);
    const off = element.closest(":disabled, [aria-disabled=true]") !== null;
    kinds.add(`${grounds(element)} ${color} ${webkitTextFillColor} ${fontSize} ${fontWeight} ${off}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.nodeValue.trim() && texts.currentNode.parentElement.checkVisibility({ visibilityProperty: true })) add(texts.currentNode.parentElement);
  for (const element of document.querySelectorAll("input, select, textarea, button")) if (element.checkVisibility({ visibilityProperty: true })) add(element);
  return [...kinds];
}
