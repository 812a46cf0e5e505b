// What does the desk know without a network? Delegations with what they may expect, the readable list, what was handed to
// whom: what the server told, and over it what this device has said since.
import { entries } from "../device/outbox.js";
import { asked, transact } from "../device/store.js";
import { serverNow } from "../device/clock.js";
import { today } from "../gate/clock.js";
import { alreadyIn, fold, merge, readable, roster } from "../gate/list.js";

export const ITEMS = ["card", "meal", "flag", "number"];

let told = null; // {mark, delegations, handouts}
let answeredSince = new Set(); // mids the server has answered after it made what it told

const kept = async () => (told ??= (await transact(["state"], "readonly", (tx) => asked(tx.objectStore("state").get("desk")))) ?? null);

/** Take in the state; resolves to the cursor to ask with next: the list's, and behind `~` the mark of the desk's own part. */
export async function mergeDesk(state) {
  const cursor = await merge(state);
  if (state.purposes) await transact(["state"], "readwrite", (tx) => asked(tx.objectStore("state").put(state.purposes, "purposes")));
  if (state.desk) {
    await transact(["state"], "readwrite", (tx) => asked(tx.objectStore("state").put(state.desk, "desk")));
    told = state.desk;
  }
  answeredSince = new Set();
  return `${cursor}~${(await kept())?.mark ?? ""}`;
}

const purposes = async () => (await transact(["state"], "readonly", (tx) => asked(tx.objectStore("state").get("purposes")))) ?? [];
const ofKind = (kind, known) => (known.length ? known.filter((each) => each.kind === kind) : [{ code: kind, every: "day", windows: [] }]);

/** The key of a purpose's window now; "" outside its hours. */
function windowNow({ every, windows }) {
  if (every === "once") return "-";
  if (every === "day") return today();
  const now = serverNow().getTime();
  return windows.find((each) => each.opens_ms <= now && now < each.closes_ms)?.code ?? "";
}

/** For what people are let in at the desk, and the key of its window now: {code, window}. */
export async function entry() {
  const found = ofKind("entry", await purposes())[0] ?? { code: "entry", every: "day" };
  return { code: found.code, window: windowNow(found) || today() };
}

/** For what it is written down that somebody has the card; null when it is asked for nowhere now. */
export async function cardWindow() {
  const open = ofKind("card", await purposes()).map((each) => ({ code: each.code, window: windowNow(each) }));
  return open.find(({ window }) => window) ?? null;
}

/** The codes of all purposes for which a card is handed over. */
export const cardPurposes = async () => new Set(ofKind("card", await purposes()).map((each) => each.code));

/** Map of person → {at, gate} of these who are in. */
export async function insideOf(everybody) {
  const { code, window } = await entry();
  return alreadyIn(everybody.map((person) => person.code), code, window);
}

export const noteAnswered = (entry) => { if (entry.kind === "handout") answeredSince.add(entry.mid); };

export function forget() { told = null; }

/** Every delegation in its order: {pass, typed, name, code, head, entries, meals}. */
export const delegations = async () => (await kept())?.delegations ?? [];

/** Map of list id → readable record of everybody's pass. */
export const records = async () => ((await readable()) ? roster() : new Map());

/** The delegations whose name or code begins so, word by word. */
export function matching(all, text) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return all.filter((each) => {
    const name = ` ${fold(`${each.name} ${each.code.replaceAll("-", " ")}`)}`;
    return words.every((word) => name.includes(` ${word}`));
  });
}

/** The delegation one of whose families has this pass. */
export function delegationOf(all, known, pass) {
  return all.find((each) => each.pass === pass || known.get(each.pass)?.groups?.some((group) => group.pass === pass));
}

/** The handings-over of a delegation as they hold now, in their order: {root, at_ms, items, receiver, station, waiting}. */
export async function handings(pass) {
  const held = new Map(((await kept())?.handouts ?? []).filter((each) => each.pass === pass).map((each) => [each.root, { ...each }]));
  const mine = (await entries({ kind: "handout", subject: pass })).reverse(); // the oldest first
  for (const entry of mine) {
    if (["rejected", "quarantined"].includes(entry.verdict)) continue;
    if (entry.level !== "saved" && !answeredSince.has(entry.mid)) continue; // the server has told it
    const root = entry.body.root ?? entry.mid;
    const before = held.get(root) ?? { root, at_ms: entry.wall_ms + entry.offset_ms, station: "" };
    held.set(root, { ...before, items: entry.body.items ?? {}, receiver: entry.body.receiver || before.receiver || "", waiting: entry.level === "saved" });
  }
  return [...held.values()].sort((a, b) => a.at_ms - b.at_ms);
}

export const taken = (each) => !Object.values(each.items).some(Boolean);

/** How many of each thing these come to. */
export const handed = (all) => Object.fromEntries(ITEMS.map((item) => [item, all.reduce((sum, each) => sum + (each.items[item] ?? 0), 0)]));
