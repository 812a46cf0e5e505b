// Contests of counts, times and right answers: who comes when, what is typed of each, and the screens of one try.
import { alert, button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { writtenAnswers } from "./answers.js";
import { askingView } from "./asking.js";
import { confirmView } from "./confirming.js";
import { titled } from "./ground.js";
import { registerKind } from "./kinds.js";
import { tryView } from "./one-try.js";
import { ownMessages } from "./own.js";
import { subjectOf, tryNow } from "./tries.js";
import { typingView } from "./typing.js";
import { writtenValue } from "./values.js";
import { watchView } from "./watch.js";

const rounds = (contest) => Array.from({ length: contest.attempts }, (_, at) => at + 1);

async function overview(contest) {
  const own = await ownMessages();
  return contest.entries.map((entry) => ({
    entry, tries: rounds(contest).map((round) => ({ round, ...tryNow(contest, entry.code, round, own.get(subjectOf(entry.code, round))) })),
  }));
}

const touched = (each) => each.state !== null || each.own !== null;
const isDone = ({ tries }) => tries.every(touched) || tries.some((each) => each.state !== null && each.state !== "valid");

async function draw(contest, place, go) {
  const rows = await overview(contest);
  const at = rows.findIndex(({ entry }) => entry.code === place.entry);
  if (at < 0) return list(contest, rows, go);
  const { entry, tries } = rows[at];
  const round = Math.min(place.round ?? 1, contest.attempts);
  const now = tries[round - 1];
  const here = { contest: contest.code, entry: entry.code, round };
  const toTry = () => go({ ...here, view: "try" });
  if (!contest.locked && !now.offers.length) {
    if (place.view === "typing") return (contest.questions ? askingView : typingView)(contest, entry, round, now, { done: toTry, back: toTry });
    if (place.view === "watch") return watchView(contest, entry, round, { done: toTry, back: toTry });
    if (place.view === "confirm" && now.state !== null) return confirmView(contest, entry, round, now, { done: toTry, back: toTry });
  }
  const next = [...rows.slice(at + 1), ...rows.slice(0, at)].find((row) => !isDone(row))?.entry ?? null;
  return tryView(contest, entry, round, now, {
    open: (view) => go({ ...here, view }),
    tab: (other) => go({ ...here, view: "try", round: other, hand: `try:${other}` }),
    back: () => go({ view: "contest", contest: contest.code, hand: `row:${entry.code}` }),
    next, toNext: () => go({ view: "try", contest: contest.code, entry: next.code, round: 1 }),
  });
}

function list(contest, rows, go) {
  const done = rows.filter(isDone).length;
  const next = rows.find((row) => row.entry.act === "on_stage" && !isDone(row)) ?? rows.find((row) => !isDone(row));
  const open = (row) => go({ view: "try", contest: contest.code, entry: row.entry.code, round: row.tries.find((each) => !touched(each))?.round ?? 1 });
  return el("section", { class: "flow" },
    el("header", { class: "ground-head" }, button(t("‹ Các phần thi"), () => go({ view: "contests", hand: `contest:${contest.code}` }), "plain", { "data-hand": "contests" }),
      el("h1", { tabindex: -1, "data-hand": "title" }, contest.name)),
    contest.locked ? alert("note", t("Phần thi đã khóa điểm."), el("p", {}, t("Chỉ xem lại, không ghi thêm được."))) : null,
    el("p", { class: "judge-count" }, t("Đã ghi {done} trên {all} tiết mục.", { done, all: rows.length })),
    next && !contest.locked ? button(t("Ghi tiếp: {who}", { who: titled(next.entry) }), () => open(next), "", { class: "button button-big button-wide", "data-hand": "next" }) : null,
    rows.length ? null : el("p", { class: "quiet" }, t("Chưa có tiết mục nào. Tiết mục hiện ra khi đăng ký được duyệt.")),
    el("ol", { class: "judge-order" }, rows.map((row) => line(contest, row, open))));
}

function line(contest, row, open) {
  const { entry, tries } = row;
  const conflict = tries.some((each) => each.offers.length);
  const apart = tries.some((each) => each.awaits && each.awaits !== "other");
  const disputed = tries.some((each) => each.seen && !each.seen.agrees);
  const agreed = tries.filter((each) => each.state !== null).every((each) => each.seen?.agrees);
  const [tone, words] = conflict ? ["bad", t("! có hai kết quả, cần chọn")] : apart ? ["bad", t("! hai người đếm khác nhau")]
    : disputed ? ["warn", t("! đội không đồng ý")] : tries.some((each) => each.awaits) ? ["warn", t("… chờ người đếm thứ hai")]
      : !isDone(row) ? ["note", t("○ chưa ghi xong")] : agreed ? ["good", t("✓ đội đã xác nhận")] : ["quiet", t("✓ đã ghi, đội chưa xác nhận")];
  return el("li", {}, el("button", { type: "button", class: `judge-row${entry.act === "on_stage" ? " judge-row-now" : ""}`, "data-entry": entry.code, "data-hand": `row:${entry.code}`, onclick: () => open(row) },
    el("span", { class: "judge-number" }, entry.number ?? "·"),
    el("span", { class: "judge-who" }, el("b", {}, entry.name), el("span", { class: "quiet" }, [entry.title === contest.name ? "" : entry.title, entry.delegation === entry.name ? "" : entry.delegation].filter(Boolean).join(" · "))),
    el("span", { class: "judge-said" }, el("span", { class: `badge tone-${tone}` }, words),
      el("b", { class: "number" }, tries.map((each) => (each.state === null && each.own !== null ? `(${writtenValue(contest, "valid", each.own)})` : writtenValue(contest, each.state, each.value))).join(" · ")))));
}

const screens = {
  draw,
  busy: (place) => ["typing", "watch", "confirm"].includes(place.view),
  summary: async (contest) => t("{done}/{all} đã ghi", { done: (await overview(contest)).filter(isDone).length, all: contest.entries.length }),
  said: {
    kinds: ["measure.note", "measure.drop", "measure.resolve", "measure.confirm"],
    about: (message, state) => {
      const [code, round] = message.subject.split("/");
      const contest = state.contests.find((each) => each.entries.some((entry) => entry.code === code));
      const entry = contest?.entries.find((each) => each.code === code);
      if (!entry) return null;
      const what = message.body.state ? writtenValue(contest, message.body.state, message.body.value) : null;
      return [titled(entry), contest.attempts > 1 ? t("lượt {n}", { n: round }) : null, what, writtenAnswers(message.body.answers)].filter(Boolean).join(", ");
    },
    reasons: {
      other_questions: () => t("Danh sách câu hỏi của phần thi đã đổi sau khi máy này tải về. Mở lại phần thi, bấm lại từng câu theo danh sách mới; nếu là tin cũ, xin báo thư ký."),
      changed: () => t("Kết quả đã được sửa sau khi đội xem. Mời đội xem lại số mới."),
      stale_choice: () => t("Kết quả vừa có bản mới. Xin chọn lại."),
      no_conflict: () => t("Đã có người chọn rồi."),
    },
  },
};
registerKind("count", screens);
registerKind("time", screens);
registerKind("answers", screens); // right answers are counted
