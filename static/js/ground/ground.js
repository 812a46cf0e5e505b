// What does the device of a ground know and show just now? Its contests as the server told them, and the open place.
export const ground = {
  state: { contests: [] },
  stateCame: false,
  place: { view: "contests" }, // {view, contest, …}: what else stands in it is the matter of the contest's kind
};

const KEPT = "ground-place";

export const contestNow = () => ground.state.contests.find((each) => each.code === ground.place.contest) ?? null;
export const titled = (entry) => (entry.number === null ? entry.name : `${entry.number}. ${entry.name}`);

/** The place as it was before the page was loaded anew. */
export function placeOfBefore() {
  try { ground.place = JSON.parse(sessionStorage.getItem(KEPT)) ?? ground.place; } catch { /* begin at the list */ }
}

export function setPlace(place) {
  ground.place = place;
  sessionStorage.setItem(KEPT, JSON.stringify(place));
}
