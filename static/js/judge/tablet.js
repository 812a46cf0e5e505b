// What does the tablet know and show just now? The judge's contests as the server told them, the chosen one, the open screen.
import { draftSubjects } from "./drafts.js";
import { ownMessages, sheetNow, subjectOf } from "./state.js";

export const tablet = {
  state: { contests: [] },
  stateCame: false,
  chosen: null, // contest code
  now: { view: "list", entry: null }, // view: "list" | "sheet" | "choose" | "sent"
};

export const contest = () => tablet.state.contests.find((each) => each.code === tablet.chosen) ?? tablet.state.contests[0] ?? null;
export const sheetOpen = () => tablet.now.view !== "list";

/** Every entry of a contest with the judge's own sheet: [{entry, sheet, draft}] in the running order. */
export async function overview(here) {
  const own = await ownMessages();
  const drafts = new Set(await draftSubjects());
  return here.entries.map((entry) => ({
    entry, sheet: sheetNow(here, entry.code, own.get(subjectOf(entry.code))), draft: drafts.has(subjectOf(entry.code)),
  }));
}
