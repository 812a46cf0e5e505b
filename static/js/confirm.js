// Asked twice: what unfolds without script becomes a dialogue with it.
import { t } from "./words.js";

// One that comes unfolded holds a form that was refused, with what was typed: it stays on the page, beside the reason.
for (const fold of document.querySelectorAll("details.confirm:not([open])")) {
  const form = fold.querySelector("form");
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-second";
  close.textContent = t("Quay lại");
  close.addEventListener("click", () => dialog.close());
  (form.querySelector(".row:last-child") ?? form).append(close);
  dialog.setAttribute("aria-label", form.querySelector("strong")?.textContent ?? fold.querySelector("summary").textContent.trim());
  dialog.append(form);
  document.body.append(dialog);
  fold.querySelector("summary").addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
}

// A form sent twice by an impatient finger is sent once.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; form.removeAttribute("aria-busy"); } });
