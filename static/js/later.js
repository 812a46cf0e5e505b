// Expected starts beside the published ones: {"12": "9:25"} by act, on every page that marks them with data-later.
import { t } from "./words.js";

export function showLater(expected) {
  for (const later of document.querySelectorAll("[data-later]")) {
    const at = expected[later.dataset.later];
    const words = at ? t("dự kiến {at}", { at }) : "";
    if (later.textContent.trim() !== words) later.textContent = words;
    later.hidden = !at;
  }
}
