// The stage shows another act than the open sheet: which family is meant? Asked once per act.
import { t } from "../words.js";
import { ask, el } from "./dom.js";
import { titled } from "./list.js";
import { ownMessages, PRACTICE, sheetNow, subjectOf } from "./state.js";
import { contest, tablet } from "./tablet.js";

const dialog = document.querySelector("#ask");
let warned = null; // code of the entry on stage that was asked about

export function askAnew() {
  warned = null;
}

/** Resolves to the entry the judge wants to go over to, or null. */
export async function stageMovedOn() {
  const here = contest();
  if (tablet.now.view !== "sheet" || tablet.now.entry.code === PRACTICE || !here || dialog.open) return null;
  const onStage = here.entries.find((entry) => entry.act === "on_stage");
  if (!onStage || onStage.code === tablet.now.entry.code || onStage.tied || onStage.given || warned === onStage.code) return null;
  const sheet = sheetNow(here, onStage.code, (await ownMessages()).get(subjectOf(onStage.code)));
  if (sheet.status !== "blank") return null;
  warned = onStage.code;
  const go = await ask(dialog, t("Sân khấu đã sang tiết mục khác"), [
    el("p", {}, t("Trên sân khấu: {who}", { who: titled(onStage) })),
    el("p", {}, t("Phiếu đang mở: {who}", { who: titled(tablet.now.entry) })),
  ], [[t("Chấm tiếp phiếu đang mở"), false], [t("Chuyển sang tiết mục trên sân khấu"), true, "second"]]);
  return go ? onStage : null;
}
