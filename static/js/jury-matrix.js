// Who has marked what, as it comes in: the secretary does not reload. A form being filled elsewhere on the page is untouched.
import { poll } from "./poll.js";

const hold = document.querySelector("[data-matrix]");
if (hold) {
  let shown = null;
  poll(hold.dataset.matrix, 3, ({ html }) => {
    if (html === shown) return;
    const focused = hold.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    if (shown !== null) {
      // our own server's fragment, escaped by the template
      hold.innerHTML = html;
      if (focused) hold.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }
    shown = html;
  });
}
