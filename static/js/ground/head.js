// Who is it about? The name on top of every screen of an entry, with the way back and the try.
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { titled } from "./ground.js";

export const head = (contest, entry, round, back) => el("header", { class: "ground-head" },
  button(t("‹ Quay lại"), back, "plain", { "data-hand": "back" }),
  el("h1", { tabindex: -1, "data-hand": "who" }, titled(entry)),
  el("p", { class: "quiet" }, [entry.delegation === entry.name ? "" : entry.delegation, contest.name, contest.attempts > 1 ? t("lượt {n}", { n: round }) : ""].filter(Boolean).join(" · ")));
