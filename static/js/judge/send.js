// How does a sheet leave the judge's hands? It is "sent" when it is stored on the tablet for good. Each function resolves to
// what the screen shows next ({view, …} of tablet.now), or to null when the sheet stays open.
import { append } from "../device/outbox.js";
import { t } from "../words.js";
import { ask, el } from "./dom.js";
import { dropDraft } from "./drafts.js";
import { notSaved } from "./levels.js";
import { titled } from "./list.js";
import { sheetTotal } from "./marks.js";
import { ownMessages, PRACTICE, sheetNow, subjectOf } from "./state.js";

const dialog = document.querySelector("#ask");

export async function send(here, entry, marks) {
  const zeros = here.criteria.filter((criterion) => criterion.max > 0 && marks[criterion.code] === 0);
  if (zeros.length) {
    const names = zeros.map((criterion) => criterion.name).join(", ");
    const sure = await ask(dialog, t("Điểm 0 ở: {names}", { names }), [el("p", {}, t("Để trống không phải là điểm 0. Đúng là ông/bà cho 0 điểm?"))],
      [[t("Đúng, cho 0 điểm"), true], [t("Để tôi sửa"), false, "second"]]);
    if (!sure) return null;
  }
  const total = sheetTotal(marks, here.criteria);
  if (entry.code === PRACTICE) return { view: "sent", entry, total, practice: true };
  return say({ kind: "sheet.send", entry, body: { marks }, here, total });
}

export async function abstain(here, entry) {
  const note = el("input", { class: "input", id: "abstain-note", maxlength: 300, autocomplete: "off" });
  const state = await ask(dialog, t("Vì sao không chấm {who}?", { who: titled(entry) }),
    [el("div", { class: "field" }, el("label", { for: "abstain-note" }, t("Ghi chú (không bắt buộc)")), note)],
    [[t("Có liên quan đến tiết mục"), "recused"], [t("Đến muộn"), "late"], [t("Vắng mặt"), "absent"], [t("Quay lại"), null, "plain"]]);
  if (!state) return null;
  if (entry.code === PRACTICE) return { view: "list", entry: null };
  return say({ kind: "sheet.abstain", entry, body: { state, note: note.value.trim() }, here, total: null });
}

/** Of two versions of one sheet the judge keeps one; rejects when that could not be stored. */
export async function keepVersion(entry, sheet, version) {
  await append({ kind: "sheet.resolve", subject: subjectOf(entry.code), body: { keep: version.mid }, baseVersion: sheet.version });
  return { view: "sent", entry, total: version.total };
}

async function say({ kind, entry, body, here, total }) {
  const subject = subjectOf(entry.code);
  try {
    const written = await append({ kind, subject, body, baseVersion: await baseVersion(here, entry) });
    await dropDraft(subject);
    return { view: "sent", entry, total, mid: written.mid, said: body };
  } catch (wrong) {
    notSaved(wrong);
    return null;
  }
}

async function baseVersion(here, entry) {
  return sheetNow(here, entry.code, (await ownMessages()).get(subjectOf(entry.code))).nextBase;
}
