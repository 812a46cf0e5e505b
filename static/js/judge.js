// The judge's tablet: which screen is shown, what is kept, what is sent. Works without network: everything is read from
// the device, and a sheet is "sent" when it is stored here for good.
import { device } from "./device-enrol.js";
import { keepFresh } from "./device-release.js";
import { alert, ask, button, el } from "./judge-dom.js";
import { draftOf, draftSubjects, dropDraft, keepDraft } from "./judge-drafts.js";
import { practiceEntry, runningOrder, titled } from "./judge-list.js";
import { sheetTotal, written } from "./judge-marks.js";
import { sheetView } from "./judge-sheet.js";
import { ownMessages, PRACTICE, sheetNow, subjectOf } from "./judge-state.js";
import { pointsInWords } from "./judge-words.js";
import { acknowledge, append, counts, open, subscribe } from "./outbox.js";
import { startSync, syncStatus } from "./sync.js";
import { t } from "./words.js";

const screen = document.querySelector("#screen");
const levels = document.querySelector("#levels");
const notices = document.querySelector("#notices");
const dialog = document.querySelector("#ask");
const LEVEL_WORDS = {
  saved: () => t("đã lưu trên máy"), received: () => t("máy chủ đã nhận"), booked: () => t("đã vào sổ"),
};

let state = { contests: [] };
let stateCame = false;
let chosen = null; // contest code
let now = { view: "list", entry: null };
let warnedStage = null;
let list = { said: "", drawn: null }; // the running order as it stands on the screen

const contest = () => state.contests.find((each) => each.code === chosen) ?? state.contests[0] ?? null;
const sheetOpen = () => now.view !== "list";

if (await device()) {
  await open();
  subscribe(() => { showLevels(); if (now.view === "list" || now.view === "sent") show(); });
  await startSync({
    onState: (fresh) => { state = fresh; stateCame = true; arrived(); },
    onVerdict: () => { showLevels(); },
    onStatus: showLevels,
  });
  keepFresh({ busy: sheetOpen });
  await show();
} else {
  location.replace("/enrol");
}

function arrived() {
  if (now.view === "list") show();
  else stageMovedOn();
}

async function showLevels() {
  const held = await counts();
  const { online, revoked, rehearsal } = syncStatus();
  levels.replaceChildren(
    rehearsal ? el("span", { class: "badge tone-warn" }, t("TỔNG DUYỆT")) : "",
    el("span", { class: `badge tone-${online ? "good" : "warn"}` }, online ? t("có mạng") : t("mất mạng, vẫn chấm được")),
    el("span", { class: `badge tone-${held.saved ? "warn" : "quiet"}` }, held.saved ? t("{n} phiếu chờ gửi", { n: held.saved }) : t("không còn phiếu chờ gửi")),
  );
  if (revoked) notices.replaceChildren(alert("bad", t("Máy này đã bị thu hồi."), el("p", {}, t("Phiếu đã lưu vẫn được gửi đi. Xin gặp thư ký để nhận máy khác."))));
  else await refusals();
}

const REASONS = {
  locked: () => t("Phần thi đã khóa điểm trước khi phiếu đến. Phiếu được chuyển cho thư ký."),
  tied: () => t("Ông/bà có liên quan đến đơn vị dự thi nên không chấm tiết mục này."),
  not_on_panel: () => t("Ông/bà không có tên trong ban giám khảo của phần thi này."),
  unknown_entry: () => t("Tiết mục này không còn trong danh sách."),
  stale_choice: () => t("Phiếu vừa có thêm bản mới. Xin chọn lại."),
};

async function refusals() {
  const refused = [...(await ownMessages()).values()].filter((each) => each.refused && each.verdict !== "conflict");
  notices.replaceChildren(...refused.map((each) => {
    const entry = state.contests.flatMap((c) => c.entries).find((e) => subjectOf(e.code) === each.subject);
    const why = (REASONS[each.reason] ?? (() => t("Máy chủ không nhận phiếu này. Xin báo thư ký.")))();
    return alert("bad", t("Phiếu chưa được nhận: {who}", { who: entry ? titled(entry) : each.subject }), el("p", {}, why),
      button(t("Đã hiểu"), () => acknowledge(each), "second"));
  }));
}

async function show() {
  const here = contest();
  if (!here) {
    screen.replaceChildren(el("div", { class: "empty" }, el("h2", {}, stateCame ? t("Chưa có phần thi nào cho ông/bà chấm") : t("Chưa tải được danh sách tiết mục")),
      el("p", {}, stateCame ? t("Khi được ghi tên vào ban giám khảo, danh sách sẽ hiện ở đây.") : t("Cần có mạng một lần để lấy danh sách. Máy tự thử lại."))));
    return;
  }
  chosen = here.code;
  if (now.view === "list") return showList(here);
  if (now.view === "sent") return showSent(here);
  return undefined;
}

async function overview(here) {
  const own = await ownMessages();
  const drafts = new Set(await draftSubjects());
  return here.entries.map((entry) => ({
    entry, sheet: sheetNow(here, entry.code, own.get(subjectOf(entry.code))), draft: drafts.has(subjectOf(entry.code)),
  }));
}

async function showList(here) {
  const rows = await overview(here);
  if (now.view !== "list") return;
  // News that change nothing draw nothing: a new list would swallow the tap that is under way. What was focused stays so.
  const said = JSON.stringify([here, state.contests.map((each) => each.name), rows]);
  if (list.said === said && screen.contains(list.drawn)) return;
  const focused = screen.contains(document.activeElement) ? document.activeElement.dataset.entry : undefined;
  list = { said, drawn: runningOrder(here, state.contests, rows, {
    choose: (entry) => openSheet(here, entry),
    change: (code) => { chosen = code; show(); },
  }) };
  screen.replaceChildren(list.drawn);
  if (focused !== undefined) screen.querySelector(`[data-entry="${CSS.escape(focused)}"]`)?.focus();
}

async function openSheet(here, entry) {
  const practice = entry.code === PRACTICE;
  const rows = await overview(here);
  const sheet = rows.find((row) => row.entry.code === entry.code)?.sheet ?? sheetNow(here, entry.code, null);
  if (sheet.status === "conflict" && !here.locked) return choose(here, entry, sheet);
  now = { view: "sheet", entry };
  warnedStage = null;
  const marks = here.locked ? sheet.marks : ((await draftOf(subjectOf(entry.code))) ?? sheet.marks);
  const earlier = rows.filter((row) => row.entry.code !== entry.code && row.sheet.status === "marked")
    .map((row) => ({ total: row.sheet.total, name: titled(row.entry) }));
  screen.replaceChildren(sheetView(here, entry, marks, { earlier, locked: here.locked, sent: sheet.status === "marked" }, {
    changed: (fresh) => { if (!practice) keepDraft(subjectOf(entry.code), fresh); },
    send: (fresh) => send(here, entry, fresh),
    abstain: () => abstain(here, entry),
    back: toList,
  }));
  document.querySelector("#main").scrollTo?.(0, 0);
  stageMovedOn();
  return undefined;
}

function toList() {
  now = { view: "list", entry: null };
  show();
}

async function baseVersion(here, entry) {
  return sheetNow(here, entry.code, (await ownMessages()).get(subjectOf(entry.code))).nextBase;
}

async function send(here, entry, marks) {
  const zeros = here.criteria.filter((criterion) => marks[criterion.code] === 0);
  if (zeros.length) {
    const names = zeros.map((criterion) => criterion.name).join(", ");
    const sure = await ask(dialog, t("Điểm 0 ở: {names}", { names }), [el("p", {}, t("Để trống không phải là điểm 0. Đúng là ông/bà cho 0 điểm?"))],
      [[t("Đúng, cho 0 điểm"), true], [t("Để tôi sửa"), false, "second"]]);
    if (!sure) return;
  }
  const total = sheetTotal(marks, here.criteria.map((criterion) => criterion.code));
  if (entry.code === PRACTICE) { now = { view: "sent", entry, total, practice: true }; show(); return; }
  await say({ kind: "sheet.send", entry, body: { marks }, here, total });
}

async function say({ kind, entry, body, here, total }) {
  const subject = subjectOf(entry.code);
  try {
    const written_ = await append({ kind, subject, body, baseVersion: await baseVersion(here, entry) });
    await dropDraft(subject);
    now = { view: "sent", entry, total, mid: written_.mid, said: body };
    show();
  } catch (wrong) {
    notSaved(wrong);
  }
}

function notSaved(wrong) {
  console.error(wrong);
  notices.replaceChildren(alert("bad", t("Chưa lưu được phiếu trên máy."), el("p", {}, t("Phiếu vẫn mở. Bấm gửi lần nữa; nếu vẫn vậy, chấm trên giấy và báo thư ký."))));
}

async function abstain(here, entry) {
  const note = el("input", { class: "input", id: "abstain-note", maxlength: 300, autocomplete: "off" });
  const state_ = await ask(dialog, t("Vì sao không chấm {who}?", { who: titled(entry) }),
    [el("div", { class: "field" }, el("label", { for: "abstain-note" }, t("Ghi chú (không bắt buộc)")), note)],
    [[t("Có liên quan đến tiết mục"), "recused"], [t("Đến muộn"), "late"], [t("Vắng mặt"), "absent"], [t("Quay lại"), null, "plain"]]);
  if (!state_) return;
  if (entry.code === PRACTICE) { toList(); return; }
  await say({ kind: "sheet.abstain", entry, body: { state: state_, note: note.value.trim() }, here, total: null });
}

async function showSent(here) {
  const { entry, total, practice } = now;
  const message = practice ? null : (await ownMessages()).get(subjectOf(entry.code));
  const rows = (await overview(here)).filter((row) => !row.entry.tied && !row.entry.out);
  if (now.view !== "sent") return;
  if (message?.verdict === "conflict") {
    const sheet = rows.find((row) => row.entry.code === entry.code)?.sheet;
    if (sheet?.status === "conflict") { choose(here, entry, sheet); return; }
  }
  const next = rows.find((row) => row.sheet.status === "blank" && row.entry.code !== entry.code);
  screen.replaceChildren(el("section", { class: "judge-sent", role: "status" },
    el("p", { class: "judge-sent-who" }, titled(entry)),
    total === null || total === undefined
      ? el("p", { class: "judge-sent-total" }, t("Không chấm"))
      : el("div", {}, el("p", { class: "judge-sent-total" }, written(total)), el("p", { class: "judge-sent-words" }, `${pointsInWords(total)} ${t("điểm")}`)),
    practice ? el("p", { class: "badge tone-note" }, t("Chấm thử: phiếu này không được gửi đi và không tính ở đâu cả."))
      : el("ol", { class: "judge-three" }, ["saved", "received", "booked"].map((level, index) => {
        const reached = ["saved", "received", "booked"].indexOf(message?.level ?? "saved") >= index;
        return el("li", { class: reached ? "done" : "" }, `${reached ? "✓" : "○"} ${LEVEL_WORDS[level]()}`);
      })),
    el("div", { class: "row" },
      next ? button(t("Tiết mục tiếp theo: {who}", { who: titled(next.entry) }), () => openSheet(here, next.entry), "", { class: "button button-big" }) : null,
      button(t("Sửa lại phiếu này"), () => openSheet(here, practice ? practiceEntry() : entry), "second"),
      button(t("Về danh sách"), toList, "plain"))));
}

/** Two versions of one sheet stand side by side; the judge keeps one. */
function choose(here, entry, sheet) {
  now = { view: "choose", entry };
  const current = { mid: "current", marks: sheet.marks, total: sheet.total, state: sheet.state };
  let kept = null; // a second tap chooses nothing: the server would answer that there is no choice left
  const keep = (version) => {
    kept ??= append({ kind: "sheet.resolve", subject: subjectOf(entry.code), body: { keep: version.mid }, baseVersion: sheet.version })
      .then(() => { now = { view: "sent", entry, total: version.total }; show(); }, (wrong) => { kept = null; notSaved(wrong); });
  };
  const differ = (code) => sheet.offers.some((offer) => offer.marks?.[code] !== current.marks?.[code]);
  screen.replaceChildren(el("section", { class: "flow" },
    el("h1", {}, titled(entry)),
    alert("warn", t("Phiếu này có hai bản khác nhau."), el("p", {}, t("Có lẽ ông/bà đã chấm trên hai máy. Cả hai còn nguyên; xin chọn bản đúng."))),
    el("div", { class: "judge-choice" }, [current, ...sheet.offers].map((version, index) => el("div", { class: "card" },
      el("h2", {}, index === 0 ? t("Bản đang ở máy chủ") : t("Bản gửi sau")),
      el("dl", { class: "facts" }, here.criteria.flatMap((criterion) => [el("dt", {}, criterion.name),
        el("dd", { class: differ(criterion.code) ? "judge-differs" : false }, version.marks?.[criterion.code] === undefined ? "—" : written(version.marks[criterion.code]))])),
      el("p", { class: "judge-sent-total" }, version.total === null || version.total === undefined ? t("Không chấm") : written(version.total)),
      button(t("Giữ bản này"), () => keep(version), "", { class: "button button-wide" })))),
    button(t("Để sau"), toList, "plain")));
}

/** The stage shows another act than the open sheet: ask which family is meant, once per act. */
async function stageMovedOn() {
  const here = contest();
  if (now.view !== "sheet" || now.entry.code === PRACTICE || !here || dialog.open) return;
  const onStage = here.entries.find((entry) => entry.act === "on_stage");
  if (!onStage || onStage.code === now.entry.code || onStage.tied || warnedStage === onStage.code) return;
  const sheet = sheetNow(here, onStage.code, (await ownMessages()).get(subjectOf(onStage.code)));
  if (sheet.status !== "blank") return;
  warnedStage = onStage.code;
  const go = await ask(dialog, t("Sân khấu đã sang tiết mục khác"), [
    el("p", {}, t("Trên sân khấu: {who}", { who: titled(onStage) })),
    el("p", {}, t("Phiếu đang mở: {who}", { who: titled(now.entry) })),
  ], [[t("Chấm tiếp phiếu đang mở"), false], [t("Chuyển sang tiết mục trên sân khấu"), true, "second"]]);
  if (go) openSheet(here, onStage);
}
