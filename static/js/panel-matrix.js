// Who has marked what, as it comes in: the secretary does not reload. Only rows that differ from those shown are sent.
// A form being filled elsewhere on the page is untouched.
import { poll } from "./poll.js";

const hold = document.querySelector("[data-matrix]");
const body = hold?.querySelector("tbody");

/** our own server's row, escaped by the template */
function drawn(html) {
  const made = document.createElement("tbody");
  made.innerHTML = html;
  return made.firstElementChild;
}

function show({ since, count, rows, shared }) {
  hold.dataset.since = since;
  const told = document.querySelector("#shared-seats");
  const said = document.createElement("div");
  said.innerHTML = shared; // our own server's words, escaped by the template
  if (told && told.textContent.trim() !== said.textContent.trim()) told.replaceChildren(...said.childNodes);
  if (!body) {
    if (count) location.reload();
    return;
  }
  const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  for (const [at, html] of rows) {
    if (at < body.rows.length) body.rows[at].replaceWith(drawn(html));
    else body.append(drawn(html));
  }
  while (body.rows.length > count) body.rows[count].remove();
  if (focused && !body.contains(document.activeElement)) body.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

if (hold) poll(() => `${hold.dataset.matrix}&since=${hold.dataset.since}`, 3, show);
