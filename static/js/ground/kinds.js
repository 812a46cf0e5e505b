// Which kinds of contests can this device type? Each brings its own screens and registers here once, when it is imported.
const kinds = new Map();

/**
 * registerKind("count", {
 *   draw: async (contest, place, go) => element,   // the screen of a place of such a contest; go(place) opens another one
 *   busy: (place) => boolean,                      // somebody types here: news do not draw it anew
 *   summary: async (contest) => "3 trên 8",        // how far it is, for the list of contests
 *   said: { kinds: ["measure.note"], about: (message, state) => "Số 3. …", reasons: { locked: () => "…" } },
 * }): `said` tells in words what the server did not take.
 */
export function registerKind(kind, screens) {
  kinds.set(kind, screens);
}

export const kindOf = (kind) => kinds.get(kind) ?? null;
export const saidBy = (messageKind) => [...kinds.values()].map((each) => each.said).find((said) => said?.kinds.includes(messageKind)) ?? null;
