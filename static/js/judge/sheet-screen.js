// A sheet is opened: what the judge has begun or sent, whether it may still be changed, and what stands beside the marks.
import { acknowledge } from "../device/outbox.js";
import { focusFirst } from "../hand.js";
import { commentNow, ownComments, sayComment } from "./comments.js";
import { closedBy, correctedAlert, ruleWords } from "./corrections.js";
import { draftOf, keepDraft, keepText, textOf } from "./drafts.js";
import { hold } from "./hold.js";
import { draftNotKept, notSaved } from "./levels.js";
import { titled } from "./list.js";
import { remarks } from "./remarks.js";
import { choose, followStage, go, toList } from "./screens.js";
import { abstain, send } from "./send.js";
import { sheetView } from "./sheet.js";
import { askAnew } from "./stage.js";
import { ownMessages, PRACTICE, sheetNow, subjectOf } from "./state.js";
import { contest, overview, tablet } from "./tablet.js";

const screen = document.querySelector("#screen");

/** first: the criterion to begin with, null: the first without a mark. */
export async function openSheet(contestThen, entryThen, first = null) {
  const here = tablet.state.contests.find((each) => each.code === contestThen.code) ?? contestThen;
  const entry = here.entries.find((each) => each.code === entryThen.code) ?? entryThen;
  const practice = entry.code === PRACTICE;
  const rows = await overview(here);
  const sheet = rows.find((row) => row.entry.code === entry.code)?.sheet ?? sheetNow(here, entry.code, null);
  if (sheet.status === "conflict" && !here.locked) { choose(here, entry, sheet); return; }
  const closed = practice ? null : closedBy(here, entry, sheet);
  tablet.now = { view: "sheet", entry, closed };
  askAnew();
  const draft = closed ? null : await draftOf(subjectOf(entry.code));
  const earlier = rows.filter((row) => row.entry.code !== entry.code && row.sheet.status === "marked")
    .map((row) => ({ total: row.sheet.total, name: titled(row.entry) }));
  const more = practice ? null : await beside(here, entry);
  const stalls = here.together && !practice ? await stallsOf(here, rows) : null;
  const held = scrolled();
  if (tablet.now.entry !== entry || hold.why) return;
  screen.replaceChildren(sheetView(here, entry, draft ?? sheet.marks, {
    earlier, locked: Boolean(closed), sent: sheet.status === "marked", level: draft ? "draft" : sheet.level, more,
    stalls, first, rule: practice ? "" : ruleWords(here, closed), top: sheet.corrected ? correctedAlert(here, sheet) : null,
  }, {
    changed: async (fresh) => { if (!practice) await keepDraft(subjectOf(entry.code), fresh); return !practice; },
    notKept: draftNotKept,
    send: async (fresh) => {
      const next = await send(here, entry, fresh);
      const typed = next && !practice ? await textOf("comment", subjectOf(entry.code)) : null;
      if (typed !== null && here.comments) await sayComment(here, entry, typed);
      go(next);
    },
    open: (other, code) => openSheet(here, other, code),
    abstain: async () => go(await abstain(here, entry)),
    back: toList,
  }));
  if (!stalls || !held) fromTheTop(screen.querySelector("h1"));
  else backInGrid(held, entry, first);
  followStage();
}

/** All stalls with what stands in their sheets, begun or sent, and whether a mark may be given there. */
async function stallsOf(here, rows) {
  return Promise.all(rows.map(async ({ entry, sheet, draft }) => {
    const fills = !entry.tied && !entry.out && !entry.given && sheet.status !== "conflict" && !closedBy(here, entry, sheet);
    const begun = draft && fills ? await draftOf(subjectOf(entry.code)) : null;
    return { entry, marks: begun ?? sheet.marks, status: sheet.status, draft: Boolean(begun), open: fills };
  }));
}

/** How far the grid was scrolled, so that another row is opened without the rows moving under the hand. */
function scrolled() {
  const grid = screen.querySelector(".judge-stalls-hold, .judge-strip");
  return grid ? { top: grid.scrollTop, left: grid.scrollLeft } : null;
}

function backInGrid(held, entry, first) {
  const grid = screen.querySelector(".judge-stalls-hold, .judge-strip");
  Object.assign(grid ?? {}, { scrollTop: held.top, scrollLeft: held.left });
  const places = [first ? `cell:${entry.code}:${first}` : null, `stall:${entry.code}`, `strip:${entry.code}`].filter(Boolean);
  focusFirst(...places.map((each) => screen.querySelector(`[data-hand="${CSS.escape(each)}"]`)), screen.querySelector("h1"));
  screen.querySelector(".judge-cell[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The page is the thing that scrolls: whoever opened a row far down the list begins at the name, not below it. */
export function fromTheTop(title) {
  scrollTo(0, 0);
  title?.focus({ preventScroll: true });
}

/** The entry whose sheet lies open when its time is over: it is drawn anew, to be read only; else null. */
export async function outOfTime() {
  const { view, closed } = tablet.now;
  const here = contest();
  const entry = view === "sheet" && !closed ? here?.entries.find((each) => each.code === tablet.now.entry.code) : null;
  if (!entry) return null;
  return closedBy(here, entry, sheetNow(here, entry.code, (await ownMessages()).get(subjectOf(entry.code)))) ? entry : null;
}

/** The note and the comment beside a sheet. */
async function beside(here, entry) {
  const subject = subjectOf(entry.code);
  const message = (await ownComments()).get(subject);
  const comment = here.comments ? { ...commentNow(here, entry.code, message), typed: await textOf("comment", subject), toHead: here.comments_to_head } : null;
  return remarks(subject, { note: (await textOf("note", subject)) ?? "", comment, open: !here.locked }, {
    comment: (text) => sayComment(here, entry, text).then(() => openSheet(here, entry), notSaved),
    dropComment: async () => { await keepText("comment", subject, null); await acknowledge(message); await openSheet(here, entry); },
  });
}
