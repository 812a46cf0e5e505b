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

/** our own server's words, escaped by the template; the same words are not drawn again */
function told(place, html) {
  const said = document.createElement("div");
  said.innerHTML = html;
  if (place && place.textContent.trim() !== said.textContent.trim()) place.replaceChildren(...said.childNodes);
}

function show({ since, count, rows, shared, seats }) {
  hold.dataset.since = since;
  told(document.querySelector("#shared-seats"), shared);
  told(document.querySelector("#seats"), seats);
  if (!body) {
    if (count) location.reload();
    return;
  }
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  for (const [at, html] of rows) {
    if (at < body.rows.length) body.rows[at].replaceWith(drawn(html));
    else body.append(drawn(html));
  }
  while (body.rows.length > count) body.rows[count].remove();
  if (!focused || body.contains(document.activeElement)) return;
  const same = focused.name ? `button[value="${CSS.escape(focused.value)}"]` : `a[href="${CSS.escape(focused.getAttribute("href") ?? "")}"]`;
  body.querySelector(same)?.focus();
}

if (hold) poll(() => `${hold.dataset.matrix}&since=${hold.dataset.since}`, 3, show);
