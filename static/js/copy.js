// Copy a link or a code: <button data-copy="text" hidden>. In-app browsers without a clipboard get the text selected.
import { t } from "./words.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const answer = document.createElement("span");
    answer.setAttribute("role", "status");
    answer.className = "said";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      answer.textContent = t("Đã sao chép");
    } catch {
      const field = document.createElement("input");
      field.className = "input";
      field.readOnly = true;
      field.value = button.dataset.copy;
      field.setAttribute("aria-label", t("Giữ ngón tay để sao chép"));
      button.after(field);
      field.select();
      answer.textContent = t("Giữ ngón tay để sao chép");
    }
    button.parentElement.querySelector(".said")?.remove();
    button.after(answer);
  });
}
