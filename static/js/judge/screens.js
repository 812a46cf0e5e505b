// Which screen comes after which: the running order, a sheet, what was sent, the choice between two versions?
import { focusFirst, keepHand, tell } from "../hand.js";
import { t } from "../words.js";
import { choiceView } from "./choice.js";
import { closedBy, ruleWords } from "./corrections.js";
import { el } from "./dom.js";
import { syncStatus } from "../device/status.js";
import { hold, shut, unlock } from "./hold.js";
import { notSaved, showLevels } from "./levels.js";
import { LEVEL_WORDS } from "./levels-words.js";
import { practiceEntry, runningOrder } from "./list.js";
import { lockView } from "./lock-screen.js";
import { keepVersion } from "./send.js";
import { sentView } from "./sent.js";
import { fromTheTop, openSheet, outOfTime } from "./sheet-screen.js";
import { stageMovedOn } from "./stage.js";
import { ownMessages, subjectOf } from "./state.js";
import { contest, overview, tablet } from "./tablet.js";

const screen = document.querySelector("#screen");
let list = { said: "", drawn: null }; // the running order as it stands on the screen
let left = null; // the entry whose sheet was just left for the list: there the hand goes on

export async function show() {
  if (hold.why) { showLock(); return; }
  const here = contest();
  if (!here) { screen.replaceChildren(nothingYet()); return; }
  tablet.chosen = here.code;
  if (tablet.now.view === "list") await showList(here);
  else if (tablet.now.view === "sent") await showSent(here);
}

/** The lock is drawn once: news do not take a half-typed PIN away. */
function showLock() {
  if (screen.querySelector(".judge-locked")) return;
  const before = tablet.now;
  screen.replaceChildren(lockView(hold.why, tablet.state.judge ?? "", { try: unlock, opened: () => { showLevels(); back(before); } }));
  document.querySelector("#notices").replaceChildren();
  scrollTo(0, 0);
  focusFirst(screen.querySelector("h1"));
}

/** After the lock the judge is where the judge was; a sheet is opened anew from what the tablet has kept. */
async function back({ view, entry }) {
  const here = contest();
  screen.replaceChildren();
  list = { said: "", drawn: null };
  if (view === "sheet" && here) await openSheet(here, entry);
  else await show();
}

export async function lock() {
  await shut();
  show();
}

export async function followStage() {
  if (hold.why) return;
  const entry = (await stageMovedOn()) ?? (await outOfTime());
  if (entry) await openSheet(contest(), entry);
}

function nothingYet() {
  const { stateCame } = tablet;
  if (syncStatus().revoked) return el("div", { class: "empty" }, el("h1", {}, t("Máy này không còn dùng để chấm")), el("p", {}, t("Xin gặp thư ký để nhận máy khác.")));
  return el("div", { class: "empty" }, el("h1", {}, stateCame ? t("Chưa có phần thi nào cho ông/bà chấm") : t("Chưa tải được danh sách tiết mục")),
    el("p", {}, stateCame ? t("Khi được ghi tên vào ban giám khảo, danh sách sẽ hiện ở đây.") : t("Cần có mạng một lần để lấy danh sách. Máy tự thử lại.")));
}

/** next: {view, …}, or null when the screen stays. */
export function go(next) {
  if (!next) return;
  if (next.view === "list") left = tablet.now.entry;
  tablet.now = next;
  show();
}

export const toList = () => go({ view: "list", entry: null });

async function showList(here) {
  const rows = await overview(here);
  if (tablet.now.view !== "list") return;
  // News that change nothing draw nothing: a new list would swallow the tap that is under way. What was focused stays so.
  const said = JSON.stringify([here, tablet.state.contests.map((each) => each.name), rows]);
  if (list.said === said && screen.contains(list.drawn)) return;
  list = { said, drawn: runningOrder(here, tablet.state.contests, rows, {
    choose: (entry) => openSheet(here, entry),
    change: (code) => { tablet.chosen = code; show(); },
    lock: hold.able ? lock : null,
  }, tablet.state.judge ?? "") };
  keepHand(screen, () => screen.replaceChildren(list.drawn), "h1");
  if (left) focusFirst(...[`[data-hand="${CSS.escape(`row:${left.code}`)}"]`, "[data-hand=next]", "h1"].map((place) => screen.querySelector(place)));
  left = null;
}

async function showSent(here) {
  const shown = tablet.now;
  const { entry, practice } = shown;
  const message = practice ? null : (await ownMessages()).get(subjectOf(entry.code));
  const rows = (await overview(here)).filter((row) => !row.entry.tied && !row.entry.out && !row.entry.given);
  if (tablet.now.view !== "sent") return;
  const row = rows.find((each) => each.entry.code === entry.code);
  const sheet = row?.sheet;
  if (message?.verdict === "conflict" && sheet?.status === "conflict") { choose(here, entry, sheet); return; }
  const closed = row && !practice ? closedBy(here, row.entry, sheet) : null;
  const next = rows.find((row) => row.sheet.status === "blank" && row.entry.code !== entry.code)?.entry ?? null;
  const level = message?.level ?? "saved";
  keepHand(screen, () => screen.replaceChildren(sentView(shown, level, next, closed ? ruleWords(here, closed) : "", {
    next: (other) => openSheet(here, other),
    correct: () => openSheet(here, practice ? practiceEntry() : entry),
    back: toList,
  })), ".judge-sent");
  // the total is read back where the hand is; how far it has come is said as it comes
  if (!shown.level) focusFirst(screen.querySelector(".judge-sent"));
  if (!practice && shown.level !== level) tell(LEVEL_WORDS[level]());
  shown.level = level;
}

export function choose(here, entry, sheet) {
  tablet.now = { view: "choose", entry };
  let kept = null; // a second tap chooses nothing: the server would answer that there is no choice left
  const keep = (version) => { kept ??= keepVersion(entry, sheet, version).then(go, (wrong) => { kept = null; notSaved(wrong); }); };
  screen.replaceChildren(choiceView(here, entry, sheet, { keep, later: toList }));
  fromTheTop(screen.querySelector("h1"));
}
