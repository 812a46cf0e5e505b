// Which screen is shown, and when is it drawn anew?
import { focusFirst, keepHand } from "../hand.js";
import { cannotType, contestList, nothingYet } from "./contests.js";
import { contestNow, ground, setPlace } from "./ground.js";
import { kindOf } from "./kinds.js";

const screen = document.querySelector("#screen");

/** Somebody types here: news wait until that is done. */
export const busy = () => Boolean(contestNow() && kindOf(contestNow().kind)?.busy?.(ground.place));

/** The place as it is now. News that change nothing draw nothing: a new screen would swallow the tap that is under way. */
export async function show() {
  const asked = ground.place;
  const node = await drawn();
  if (asked !== ground.place) return;
  if (screen.firstElementChild?.outerHTML === node.outerHTML) return;
  keepHand(screen, () => screen.replaceChildren(node), "h1");
}

async function drawn() {
  const contest = contestNow();
  if (!ground.state.contests.length) return nothingYet();
  if (!contest) return contestList(go);
  return kindOf(contest.kind)?.draw(contest, ground.place, go) ?? cannotType(contest, go);
}

export async function go(place) {
  setPlace(place);
  const node = await drawn();
  if (place !== ground.place) return;
  screen.replaceChildren(node);
  scrollTo(0, 0);
  focusFirst(place.hand ? screen.querySelector(`[data-hand="${CSS.escape(place.hand)}"]`) : null, screen.querySelector("h1"));
}
