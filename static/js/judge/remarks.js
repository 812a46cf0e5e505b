// Beside the marks: a note for the judge's own eyes, which never leaves the tablet, and, where the contest has it, a comment to
// the family, which is read after the result is published.
import { t } from "../words.js";
import { alert, button, el } from "./dom.js";
import { keepText } from "./drafts.js";
import { draftNotKept } from "./levels.js";
import { LEVEL_WORDS } from "./levels-words.js";

const LONGEST = 600;

function box(id, words, hint, text, oninput, more = {}) {
  return el("div", { class: "field" }, el("label", { for: id }, words), el("p", { class: "hint", id: `${id}-hint` }, hint),
    Object.assign(el("textarea", { class: "input", id, rows: 3, maxlength: LONGEST, "aria-describedby": `${id}-hint`, "data-hand": id, oninput, ...more }), { value: text }));
}

/** note: the text; comment: {text, typed, level, apart, held} or null where the contest has none; open: may be changed. */
export function remarks(subject, { note, comment, open }, on) {
  return el("div", { class: "judge-remarks flow" },
    comment ? commentBox(subject, comment, open, on) : null,
    el("details", { class: "fold", open: Boolean(note) }, el("summary", { "data-hand": "note-fold" }, t("Ghi chú riêng của ông/bà")),
      box("judge-note", t("Ghi chú riêng"), t("Chỉ nằm trên máy này, chỉ ông/bà đọc. Không gửi đi đâu; máy bị thu hồi hoặc hỏng thì mất."), note,
        (event) => { keepText("note", subject, event.target.value || null).catch(draftNotKept); })));
}

function commentBox(subject, { text, typed, level, apart, held, toHead }, open, on) {
  const said = el("p", { class: "quiet", role: "status" });
  const send = button(t("Gửi lời nhận xét"), () => on.comment(area.value), "second", { "data-hand": "comment-send" });
  const look = (now) => {
    const fresh = now.trim() === text;
    send.disabled = fresh;
    said.textContent = !fresh ? t("chưa gửi, nháp đã lưu") : level ? LEVEL_WORDS[level]() : "";
  };
  const field = box("judge-comment", t("Lời nhận xét gửi gia đình (không bắt buộc)"),
    toHead ? t("Gia đình và trưởng đoàn đọc được sau khi công bố kết quả; trưởng ban giám khảo xem trước. Sửa được đến khi khóa điểm.")
      : t("Gia đình đọc được sau khi công bố kết quả; trưởng ban giám khảo xem trước. Sửa được đến khi khóa điểm."), apart ?? typed ?? text,
    (event) => { keepText("comment", subject, event.target.value).then(() => look(area.value), draftNotKept); }, { readonly: !open });
  const area = field.querySelector("textarea");
  look(area.value);
  return el("div", { class: "flow" },
    apart !== null && open ? alert("warn", t("Lời nhận xét này có hai bản."), el("p", {}, t("Bản ở máy chủ: {text}", { text: text || "—" })),
      el("p", {}, t("Bản của máy này nằm trong ô dưới. Gửi lại để giữ bản này.")),
      button(t("Giữ bản ở máy chủ"), on.dropComment, "second", { "data-hand": "comment-drop" })) : null,
    held ? alert("note", t("Trưởng ban giám khảo giữ lại lời nhận xét này."), el("p", {}, held)) : null,
    field, open ? el("div", { class: "row" }, send, said) : said);
}
