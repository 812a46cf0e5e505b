// A small way to make elements: el("p", { class: "quiet" }, "chữ", other). No HTML from strings anywhere in the tablet.
const SVG = new Set(["svg", "line", "circle", "text", "title", "g", "path", "rect"]);

export function el(name, attributes = {}, ...children) {
  const node = SVG.has(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const button = (words, onclick, style = "", more = {}) =>
  el("button", { type: "button", class: `button${style ? ` button-${style}` : ""}`, onclick, ...more }, words);

export function alert(tone, title, ...more) {
  return el("div", { class: `alert tone-${tone}`, role: tone === "bad" || tone === "warn" ? "alert" : "status" },
    el("div", {}, el("b", {}, title), more));
}

/** A question over the screen; resolves to the value of the button, null when closed. */
export function ask(dialog, title, body, answers) {
  return new Promise((resolve) => {
    const done = (value) => { dialog.close(); resolve(value); };
    dialog.replaceChildren(
      el("h2", { id: "ask-title" }, title), el("div", { id: "ask-body", class: "flow" }, body),
      el("div", { class: "row" }, answers.map(([words, value, style]) => button(words, () => done(value), style))),
    );
    dialog.addEventListener("cancel", () => resolve(null), { once: true });
    dialog.showModal();
  });
}
