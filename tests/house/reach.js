// What keeps a page from being read and used? → {wide, small, cut, lost, alike}: lists of what was seen, empty when all is well.
// Run in a page by tests/house/test_reach.py; the sizes are those of the window and of the letters at that moment.
() => {
  const seen = { wide: [], small: [], cut: [], lost: [] };
  const root = document.documentElement;
  const label = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${element.classList.length ? `.${[...element.classList].join(".")}` : ""}`;
  const told = (element) => `${label(element)} “${element.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  if (root.scrollWidth > root.clientWidth) seen.wide.push(`${root.scrollWidth - root.clientWidth} px wider than the screen`);

  // What holds of an element by those around it is asked of each of them once.
  const once = (ask, kept = new Map()) => (element) => {
    if (!kept.has(element)) kept.set(element, ask(element));
    return kept.get(element);
  };
  const around = ({ parentElement }, ask) => parentElement !== null && ask(parentElement);
  const forEars = once((element) => element.matches(".only-read, .skip, [aria-hidden=true]")
    || getComputedStyle(element).clipPath === "inset(50%)" || around(element, forEars));
  const scrolls = (element, style = getComputedStyle(element)) => ["auto", "scroll"].includes(style.overflowX);
  const inScroller = once((element) => around(element, (up) => up !== document.body && (scrolls(up) || inScroller(up))));

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const parents = new Set();
  while (texts.nextNode()) if (texts.currentNode.nodeValue.trim()) parents.add(texts.currentNode.parentElement);
  for (const element of parents) {
    if (["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "OPTION", "TITLE"].includes(element.tagName) && !(element instanceof SVGElement)) continue;
    if (!element.checkVisibility({ visibilityProperty: true }) || forEars(element)) continue;
    const drawn = element instanceof SVGElement ? element.getScreenCTM?.()?.a ?? 1 : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * drawn;
    if (size > 0 && size < 13.99) seen.small.push(`${size.toFixed(1)} px: ${told(element)}`);
    const box = element.getBoundingClientRect();
    if (size > 0 && box.right > root.clientWidth + 1 && !inScroller(element)) seen.cut.push(`beyond the edge: ${told(element)}`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (element instanceof SVGElement || !element.checkVisibility() || forEars(element)) continue;
    const style = getComputedStyle(element);
    const hides = (way) => ["hidden", "clip"].includes(way);
    const across = element.scrollWidth > element.clientWidth + 1;
    const down = element.scrollHeight > element.clientHeight + 1;
    if (element.clientWidth && element.textContent.trim() && !["VIDEO", "SELECT", "INPUT", "PROGRESS", "TEXTAREA"].includes(element.tagName)
      && ((hides(style.overflowX) && across) || (hides(style.overflowY) && down))) seen.cut.push(`cut: ${told(element)}`);
    if (across && scrolls(element, style)) {
      const named = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");
      if (element.tabIndex < 0 || !element.getAttribute("role") || !named) seen.lost.push(`scrolls, but is not focusable with a role and a name: ${told(element)}`);
    }
  }
  return seen;
}
