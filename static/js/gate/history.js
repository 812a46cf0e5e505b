// What has this phone written down, whom has it let in, what can be taken back, and what must somebody look at?
import { serverNow } from "../device/clock.js";
import { acknowledge, entries } from "../device/outbox.js";
import { focusFirst, keepHand } from "../hand.js";
import { t } from "../words.js";
import { reasonWords } from "./answered.js";
import { clock } from "./clock.js";
import { roster } from "./list.js";
import { me } from "./me.js";
import { $, made, parts } from "./parts.js";
import { people } from "./people.js";
import { purposeOf, wordsOf } from "./purposes.js";
import { takeBack, undone } from "./undo.js";
import { mayUndo } from "./weigh.js";
import { stopCountdown } from "./who-came.js";
import { askNames, namesOf } from "./who-was.js";

const SHOWN_MAX = 60;
const NAMED = 4;
const LEVELS = { saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ") };
const REFUSED = {
  torn: t("mã sai hoặc rách"), foreign: t("không phải thẻ của ngày hội"), replaced: t("thẻ đã cấp lại"), closed: t("ngoài giờ"),
  blank: t("thẻ trắng chưa có chủ"), other_class: t("không thuộc diện"),
};

export async function openHistory() {
  stopCountdown();
  await drawHistory();
  if (!parts.history.open) parts.history.showModal();
}

async function drawHistory() {
  const all = [...await entries({ kind: "scan" }), ...(await entries({ kind: "undo" })).filter((entry) => entry.refused)];
  const known = { records: await roster(), back: await undone() };
  // What somebody must look at comes first, however long ago it was.
  const rows = [...all.filter((entry) => entry.refused), ...all.filter((entry) => !entry.refused)].slice(0, SHOWN_MAX)
    .map((entry) => historyLine(entry, known));
  if (!rows.length) rows.push(made("li", { textContent: t("Chưa quét thẻ nào trên máy này.") }));
  const held = parts["history-list"].contains(document.activeElement);
  keepHand(parts["history-list"], () => parts["history-list"].replaceChildren(...rows), "button");
  if (held && !parts["history-list"].contains(document.activeElement)) focusFirst($("close-history"));
}

function historyLine(entry, { records, back }) {
  const item = document.createElement("li");
  const undo = back.get(entry.mid);
  item.dataset.tone = ["rejected", "quarantined"].includes(entry.verdict) || entry.body.decision === "refused" ? "bad" : undo || entry.verdict === "duplicate" ? "warn" : "good";
  const record = records.get(entry.subject);
  const names = namesOf(entry.mid) ?? namesIn(record, entry);
  const told = [clock(entry.wall_ms + entry.offset_ms), what(entry), record?.name, manyWords(entry), names && nameWords(names)].filter(Boolean);
  const tail = [entry.body.force && t("cho vào có lý do: {reason}", { reason: entry.body.force.reason }), undo && t("đã hoàn tác: {reason}", { reason: undo.body.reason }),
    entry.reason ? reasonWords(entry) : entry.verdict === "duplicate" ? wordsOf(entry.body.purpose).again : ""];
  item.append(made("p", { textContent: [...told, LEVELS[entry.level], ...tail].filter(Boolean).join(" · ") }));
  const acts = [];
  if (entry.refused) acts.push([t("Đã xem"), () => acknowledge(entry)]);
  if (!names && entry.kind === "scan" && entry.body.persons) acts.push([t("Xem tên"), () => askNames(entry, item)]);
  if (mayUndo(entry, { now: serverNow().getTime(), role: me.role, undone: back })) acts.push([t("Hoàn tác"), () => takeBack(entry)]);
  if (acts.length) item.append(buttonRow(acts, told, entry));
  return item;
}

function buttonRow(acts, told, entry) {
  const row = made("div", { className: "row" });
  for (const [words, act] of acts) {
    const button = made("button", { type: "button", className: "button button-second", textContent: words });
    button.setAttribute("aria-label", [words, ...told].join(", "));
    button.dataset.hand = `${entry.mid} ${words}`;
    button.addEventListener("click", async () => { if ((await act()) !== false) await drawHistory(); });
    row.append(button);
  }
  return row;
}

function what(entry) {
  if (entry.kind === "undo") return t("Hoàn tác");
  if (entry.body.way === "out") return t("Ra cổng");
  if (entry.body.decision === "refused") return t("Không nhận: {why}", { why: REFUSED[entry.body.why] ?? "" });
  return entry.body.purpose === "entry" ? "" : purposeOf(entry.body.purpose)?.name ?? "";
}

function manyWords({ kind, body }) {
  if (kind === "undo" || ["turned_away", "refused"].includes(body.decision)) return "";
  if (body.persons) return t("{n} người", { n: body.persons.length });
  return body.count ? t("{n} người", { n: body.count }) : t("cả thẻ");
}

function namesIn(record, entry) {
  if (!record || !entry.body.persons) return null;
  return people(record).filter(({ code }) => entry.body.persons.includes(code)).map(({ name }) => name);
}

function nameWords(names) {
  const shown = names.slice(0, NAMED).join(", ");
  return names.length > NAMED ? t("{names} và {n} người nữa", { names: shown, n: names.length - NAMED }) : shown;
}
