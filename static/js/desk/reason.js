// Why is something put right? A dialog that asks; what was typed stays while the reason is missing.
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { parts } from "./parts.js";

const LEAST = 3;
const MOST = 200;

/** Resolves to the reason, null when the dialog was closed. `wrong`: {box, words} of a slip in the body, or null. */
export function askReason(title, body, done, wrong = () => null) {
  const dialog = parts.asking;
  return new Promise((resolve) => {
    const error = el("p", { class: "error", id: "reason-error", role: "alert" });
    const box = el("input", { class: "input", id: "reason", autocomplete: "off", maxlength: String(MOST), "aria-describedby": "reason-error" });
    const close = (value) => { dialog.close(); resolve(value); };
    const form = el("form", { class: "form", onsubmit: (event) => {
      event.preventDefault();
      const slip = wrong();
      if (slip) { error.textContent = slip.words; slip.box.focus(); return; }
      const reason = box.value.trim().replace(/\s+/g, " ");
      if (reason.length >= LEAST) { close(reason); return; }
      error.textContent = t("Ghi lý do, ít nhất ba chữ cái.");
      box.setAttribute("aria-invalid", "true");
      box.focus();
    } }, body, el("div", { class: "field" }, el("label", { for: "reason" }, t("Lý do")), box, error),
    el("div", { class: "desk-buttons" }, el("button", { class: "button button-big" }, done), button(t("Thôi"), () => close(null), "second", { class: "button button-big button-second" })));
    dialog.replaceChildren(el("h2", { id: "asking-title" }, title), form);
    dialog.addEventListener("cancel", () => resolve(null), { once: true });
    dialog.showModal();
    (dialog.querySelector("[data-item]") ?? box).focus();
  });
}
