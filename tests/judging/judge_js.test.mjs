// Do the tablet's mark parser and number reader agree with the server's? Both sides read the same vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const { parseMark, quickKeys, sheetTotal, written } = await import("../../static/js/judge/marks.js");
const { pointsInWords } = await import("../../static/js/judge/number-words.js");

test("typed marks", () => {
  const { scales, cases } = vectors("marks.json");
  for (const [scale, typed, expected] of cases) {
    const answer = parseMark(typed, scales[scale]);
    const got = answer.kind === "mark" ? answer.milli : answer.kind === "blank" ? null : answer.fault;
    assert.equal(got, expected, `${scale} ${JSON.stringify(typed)}`);
  }
});

test("numbers in words", () => {
  for (const [milli, words] of vectors("number_words.json")) assert.equal(pointsInWords(milli), words);
});

test("every legal mark is at most two taps of the quick grid", () => {
  const scales = Object.values(vectors("marks.json").scales).filter((scale) => scale.step > 1);
  for (const scale of [...scales, { min: 0, max: 40000, step: 250 }, { min: 500, max: 33500, step: 300 }]) {
    const { wholes, parts } = quickKeys(scale);
    const reached = new Set(wholes);
    for (const whole of wholes) for (const part of parts) reached.add(whole + part);
    for (let mark = scale.min; mark <= scale.max; mark += scale.step) assert.ok(reached.has(mark), `${mark}`);
    assert.ok(wholes.length <= 101 && parts.length <= 25);
  }
});

test("a blank has no total and zero is a mark", () => {
  const [a, b] = [{ code: "a" }, { code: "b" }];
  assert.equal(sheetTotal({ a: 0, b: 250 }, [a, b]), 250);
  assert.equal(sheetTotal({ a: 0 }, [a, b]), null);
  assert.equal(sheetTotal({ a: 8500, b: -1500 }, [{ code: "a", weight: 1500 }, { code: "b", weight: 2000 }]), 9750);
  assert.equal(sheetTotal({}, []), null);
  assert.equal(written(8750), "8,75");
  assert.equal(written(100), "0,1");
});

const { goingOn, sessionNow, SLEEP_MS, whyLocked } = await import("../../static/js/judge/session.js");
const { pauseAfter } = await import("../../static/js/device/pin.js");

test("the PIN is asked once a session: after the judge's lock, a long sleep, in the next session", () => {
  assert.equal(whyLocked(null, 0, null), "opened");
  const open = goingOn(null, 1000, "sáng");
  assert.deepEqual(open, { shut: false, seen: 1000, sessions: ["sáng"] });
  assert.equal(whyLocked(open, 1000 + SLEEP_MS, "sáng"), null);
  assert.equal(whyLocked(open, 1001 + SLEEP_MS, "sáng"), "slept");
  assert.equal(whyLocked(open, 2000, "chiều"), "session");
  assert.equal(whyLocked({ ...open, shut: true }, 2000, "sáng"), "shut");
  const both = goingOn(open, 3000, "chiều");
  assert.equal(whyLocked(both, 3001, "sáng"), null, "back and forth asks nothing anew");
  assert.equal(whyLocked({ ...open, sessions: [] }, 2000, "sáng"), null, "opened before a session was known");
  assert.equal(whyLocked(open, 2000, null), null);
});

test("which session it is: of the act on stage, else of the last that should have begun", () => {
  const entry = (session, starts_at, act = "waiting") => ({ session, stage: "A", starts_at, act });
  const contests = [{ entries: [entry("sáng", "2024-06-14T01:00:00Z"), entry("chiều", "2024-06-14T07:00:00Z"), entry("", null)] }];
  const at = (iso) => sessionNow(contests, Date.parse(iso));
  assert.equal(at("2024-06-14T00:59:00Z"), null);
  assert.equal(at("2024-06-14T06:59:00Z"), "2024-06-14 A sáng");
  assert.equal(at("2024-06-14T07:00:00Z"), "2024-06-14 A chiều");
  contests[0].entries[0].act = "on_stage";
  assert.equal(at("2024-06-14T09:00:00Z"), "2024-06-14 A sáng", "the morning runs late");
});

test("five wrong PINs wait, each longer, at most a quarter of an hour", () => {
  assert.deepEqual([0, 4, 5, 6, 7, 60].map(pauseAfter), [0, 0, 10_000, 20_000, 40_000, 900_000]);
});

// Modules that look at the page are read without one, and no channel between tabs keeps the test alive.
delete globalThis.BroadcastChannel;
globalThis.document ??= { querySelector: () => null, getElementById: () => null };
const { closedBy } = await import("../../static/js/judge/corrections.js");
const { commentNow } = await import("../../static/js/judge/comments.js");

test("a sheet is closed as the contest says, and never before it was sent", () => {
  const sent = { status: "marked" };
  const blank = { status: "blank" };
  const contest = (corrections, locked = false) => ({ corrections, locked });
  assert.equal(closedBy(contest("secretary"), {}, blank), null);
  assert.equal(closedBy(contest("secretary"), {}, sent), "secretary");
  assert.equal(closedBy(contest("next_act"), { closed: false }, sent), null);
  assert.equal(closedBy(contest("next_act"), { closed: true }, sent), "next_act");
  assert.equal(closedBy(contest("next_act"), { closed: true }, blank), null);
  assert.equal(closedBy(contest("until_lock"), { closed: true }, sent), null);
  assert.equal(closedBy(contest("until_lock", true), {}, blank), "locked");
});

test("a comment is the server's, or what this tablet said since, or both when they met", () => {
  const contest = { said: [{ entry: "E1", text: "a", version: 2, held: null }] };
  const now = (message) => { const { text, nextBase, apart } = commentNow(contest, "E1", message); return { text, nextBase, apart }; };
  assert.deepEqual(now(undefined), { text: "a", nextBase: 2, apart: null });
  assert.deepEqual(now({ base_version: 2, body: { text: "b" }, level: "saved" }), { text: "b", nextBase: 3, apart: null });
  assert.deepEqual(now({ verdict: "applied", detail: { version: 1 }, body: { text: "old" } }), { text: "a", nextBase: 2, apart: null });
  const met = { verdict: "conflict", refused: 1, detail: { version: 2, current: "a" }, body: { text: "c" } };
  assert.deepEqual(now(met), { text: "a", nextBase: 2, apart: "c" });
  assert.deepEqual(now({ ...met, refused: undefined }), { text: "a", nextBase: 2, apart: null });
  assert.equal(commentNow(contest, "E1", { verdict: "rejected", reason: "comment_locked", body: { text: "d" } }).text, "a");
  assert.deepEqual(commentNow({ said: [] }, "E1", undefined).text, "");
});
