// Which elements of the desk's page do its scripts write to? By their ids in templates/checkin/desk.html.
const IDS = [
  "desk-start", "find", "find-form", "search", "search-error", "found-said", "found", "open-camera", "revoked",
  "opened", "back", "opened-name", "opened-said", "opened-old", "families", "all-none", "items", "receiver", "write", "write-said", "card-said", "write-error", "came", "handings",
  "paper", "paper-said", "paper-level", "receipt", "print", "undo-last", "next", "paper-back",
  "camera-box", "camera", "camera-words", "close-camera", "asking", "network", "age", "level-saved", "level-received", "level-booked", "refused", "station", "rehearsal", "enrol-again",
];

export const $ = (id) => document.getElementById(id);
export const parts = Object.fromEntries(IDS.map((id) => [id, $(id)]));

const SCREENS = ["find", "opened", "paper"];

/** One of the three screens; the hand goes to its heading. */
export function screen(name) {
  for (const each of SCREENS) parts[each].hidden = each !== name;
  // the phone's own "back" leads to the list, not out of the desk with everything that is ticked
  if (name !== "find" && !history.state?.desk) history.pushState({ desk: true }, "");
  scrollTo(0, 0);
  const place = name === "find" ? parts.search : parts[name].querySelector("h1, h2");
  place?.focus({ preventScroll: true });
}

export const shown = () => SCREENS.find((each) => !parts[each].hidden);
