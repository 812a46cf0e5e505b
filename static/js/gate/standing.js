// What holds at every gate now: the purposes the organiser has named, what the lead has set, who has gone out and is not
// back? The server tells it with the list; what this phone wrote itself counts until the server has answered it and told anew.
import { t } from "../words.js";
import { keyOf } from "./list.js";
import { within } from "./list-store.js";

// As long as nobody has named any: festival/checkin/purposes.
const ALWAYS = [
  { code: "entry", name: t("Vào cổng"), kind: "entry", every: "day", again: true, classes: null, windows: [] },
  { code: "meal", name: t("Bữa ăn"), kind: "meal", every: "day", again: false, classes: null, windows: [] },
  { code: "card", name: t("Nhận thẻ"), kind: "card", every: "day", again: false, classes: null, windows: [] },
];
const COUNTDOWN_S = 4;

/** ever: code → purpose as it was told last, also of those that are put away by now. */
export const standing = { purposes: ALWAYS, ever: {}, countdownS: COUNTDOWN_S, exits: false };

/** Take in what the server told; before the list (list.js, merge). */
export async function takeStanding(state) {
  await within(["told"], "readwrite", (tx) => {
    const told = tx.objectStore("told");
    if (state.purposes) {
      told.put(state.purposes, "purposes");
      change(told, "ever", (ever) => { for (const each of state.purposes) ever[each.code] = each; });
    }
    if (state.settings) told.put(state.settings, "settings");
    change(told, "moves", (moves) => { for (const key of Object.keys(moves)) if (moves[key].answered) delete moves[key]; });
  });
  await readStanding();
}

/** Read what is kept: another tab may have asked the server. */
export async function readStanding() {
  const [purposes, ever, settings] = await read("purposes", "ever", "settings");
  standing.purposes = purposes?.length ? purposes : ALWAYS;
  standing.ever = ever ?? {};
  standing.countdownS = settings?.countdown_s ?? COUNTDOWN_S;
  standing.exits = settings?.exits ?? false;
}

/** Map of person → {way, at, here}: the last exit or return that is known of these people, `here` when written by this phone.
    known: what alreadyIn says of them. */
export async function movesOf(persons, known, purpose, window) {
  const [moves = {}] = await read("moves");
  const last = (person) => {
    const mine = moves[keyOf(person, purpose, window)];
    const out = known.get(person)?.out;
    return mine ? { ...mine, here: true } : out && { way: "out", at: out, here: false };
  };
  return new Map(persons.map((person) => [person, last(person)]).filter(([, move]) => move));
}

/** Written down here: they went out, or are back in. `before`: their moves until now; `mid` is the scan's. */
export async function noteMoves(persons, before, { purpose, window, way }, at, mid) {
  const out = (person) => before.get(person)?.way === "out";
  await within(["told"], "readwrite", (tx) => change(tx.objectStore("told"), "moves", (moves) => {
    for (const person of persons) {
      if (way === "out" || out(person)) moves[keyOf(person, purpose, window)] = { way, at, mid, was: out(person) ? before.get(person).at : 0 };
    }
  }));
}

/** The server has answered a message: what it says from now on counts; what it refused never was. */
export async function movesAnswered(mid, refused) {
  await eachMove(mid, (moves, key) => {
    if (refused) delete moves[key];
    else moves[key].answered = true;
  });
}

/** A scan was taken back by the message `by`: everybody is where they were before it. */
export async function takeBackMoves(mid, by) {
  await eachMove(mid, (moves, key) => {
    const { was } = moves[key];
    moves[key] = { way: was ? "out" : "in", at: was, mid: by, was: 0 };
  });
}

async function eachMove(mid, act) {
  await within(["told"], "readwrite", (tx) => change(tx.objectStore("told"), "moves", (moves) => {
    for (const key of Object.keys(moves)) if (moves[key].mid === mid) act(moves, key);
  }));
}

function change(store, key, act) {
  const asked = store.get(key);
  asked.onsuccess = () => {
    const kept = asked.result ?? {};
    act(kept);
    store.put(kept, key);
  };
}

async function read(...keys) {
  const asked = await within(["told"], "readonly", (tx) => keys.map((key) => tx.objectStore("told").get(key)));
  return asked.map((each) => each.result);
}
