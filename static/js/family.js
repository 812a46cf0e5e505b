// The family's page: works without network once it was opened, and says how many acts are still to come.
import { keep } from "./keep-page.js";
import { whenReplaced } from "./forget.js";
import { poll } from "./poll.js";
import { t } from "./words.js";

const CACHE = "family-page";
const show = (selector, yes) => { const element = document.querySelector(selector); if (element) element.hidden = !yes; };

function words({ state, before }) {
  if (state === "on_stage") return t("Gia đình đang thi");
  if (state === "done") return t("Đã thi");
  if (state === "absent") return t("Vắng mặt");
  if (state === "far") return before ? t("Thi sau {n} lượt trong buổi", { n: before }) : t("Thi đầu tiên trong buổi");
  return before === 0 ? t("Mời gia đình chuẩn bị, đến lượt ngay") : t("Còn {n} lượt nữa", { n: before });
}

const pass = document.querySelector(".pass");
if (pass) keep("/family", CACHE, pass.dataset).then((kept) => show("[data-kept]", kept)).catch(() => { /* without storage the page still shows the pass while it is open */ });

// A borrowed phone forgets the pass together with the link.
document.querySelector("[data-forget]")?.addEventListener("submit", () => { if ("caches" in window) caches.delete(CACHE); });

const turns = document.querySelector("[data-turns]");
if (turns) {
  poll(turns.dataset.turns, 30, (answer) => {
    for (const turn of answer.turns) {
      const place = turns.querySelector(`[data-act="${turn.act}"] [data-state]`);
      const text = words(turn);
      if (place && place.textContent.trim() !== text) place.textContent = text;
      const later = turns.querySelector(`[data-act="${turn.act}"] [data-expected]`);
      if (later) { later.textContent = turn.expected ? t("dự kiến {at}", { at: turn.expected }) : ""; later.hidden = !turn.expected; }
    }
  }, (online) => show("[data-age]", !online), whenReplaced("family"));
}
