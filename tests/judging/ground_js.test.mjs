// Do the ground's parser and clock face agree with the server's, and what does a try say while the device is offline?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const vectors = JSON.parse(readFileSync(new URL("../vectors/measures.json", import.meta.url), "utf8"));
const { inWords, parseValue, writtenTime } = await import("../../static/js/ground/values.js");
const { tryNow } = await import("../../static/js/ground/tries.js");

test("typed counts and times", () => {
  for (const [kind, typed, expected] of vectors.typed) {
    const answer = parseValue(kind, typed);
    assert.equal(answer.kind === "value" ? answer.value : answer.kind === "blank" ? null : "bad", expected, `${kind} ${JSON.stringify(typed)}`);
  }
});

test("times as people write and say them", () => {
  for (const [ms, words] of vectors.written) assert.equal(writtenTime(ms), words);
  assert.equal(inWords({ kind: "time" }, "valid", 83450), "một phút hai mươi ba giây bốn mươi lăm phần trăm");
  assert.equal(inWords({ kind: "count", unit: "quả" }, "valid", 15), "mười lăm quả");
});

const contest = (tries = [], counters = 1) => ({ kind: "count", counters, tries });
const line = (more) => ({ entry: "A", round: 1, state: null, value: null, version: 0, last: 0, own: null, awaits: null, offers: [], settled: [], seen: null, ...more });
const noted = (value, base, more = {}) => ({ kind: "measure.note", mid: `m${value}`, base_version: base, body: { state: "valid", value }, level: "saved", ...more });
const now = (given, ...messages) => tryNow(given, "A", 1, messages);
const facts = ({ state, value, nextBase }) => [state, value, nextBase];

test("what was typed offline stands on what was typed before it", () => {
  assert.deepEqual(facts(now(contest())), [null, null, 0]);
  assert.deepEqual(facts(now(contest(), noted(12, 0))), ["valid", 12, 1]);
  assert.deepEqual(facts(now(contest(), noted(12, 0), noted(13, 1))), ["valid", 13, 2]);
  const dropped = { kind: "measure.drop", mid: "d", base_version: 2, body: {}, level: "saved" };
  assert.deepEqual(facts(now(contest(), noted(12, 0), noted(13, 1), dropped)), [null, null, 0]);
  // what comes after a try that was taken back does not look like it
  assert.deepEqual(facts(now(contest(), noted(12, 0), noted(13, 1), dropped, noted(14, 0))), ["valid", 14, 3]);
  assert.deepEqual(facts(now(contest([line({ last: 4 })]), noted(14, 0))), ["valid", 14, 5]);
});

test("an answer is as old as the state, or newer", () => {
  const applied = noted(12, 0, { verdict: "applied", detail: { version: 1 }, level: "booked" });
  assert.deepEqual(facts(now(contest(), applied)), ["valid", 12, 1]);
  assert.deepEqual(facts(now(contest([line({ state: "valid", value: 15, version: 2 })]), applied)), ["valid", 15, 2]);
  assert.deepEqual(facts(now(contest([line({ last: 2 })]), applied)), [null, null, 0]);
  assert.deepEqual(facts(now(contest(), noted(12, 0, { verdict: "rejected", reason: "locked" }))), [null, null, 0]);
});

test("two results of one try wait for a choice, and the choice ends it", () => {
  const apart = noted(13, 0, { verdict: "conflict", detail: { version: 1, current: { state: "valid", value: 12 } } });
  const shown = now(contest(), apart);
  assert.deepEqual([shown.value, shown.offers.map((each) => each.value)], [12, [13]]);
  const kept = { kind: "measure.resolve", mid: "r", base_version: 1, body: { keep: "m13" }, level: "saved" };
  assert.deepEqual(facts(now(contest(), apart, kept)), ["valid", 13, 2]);
  assert.deepEqual(now(contest([line({ state: "valid", value: 12, version: 2, settled: ["m13"] })]), apart).offers, []);
});

test("of two counters a device shows its own count only, until both have counted", () => {
  const own = now(contest([], 2), noted(12, 0));
  assert.deepEqual([own.state, own.own, own.awaits, own.nextBase], [null, 12, "other", 0]);
  const answered = noted(12, 0, { verdict: "applied", detail: { awaits: "differs" } });
  assert.equal(now(contest([], 2), answered).awaits, "differs");
  const taken = [line({ state: "valid", value: 12, version: 1, settled: ["m12"] })];
  assert.deepEqual(facts(now(contest(taken, 2), answered)), ["valid", 12, 1]);
});

test("the head has seen what stands, not what stood", () => {
  const seen = { kind: "measure.confirm", mid: "c", base_version: 1, body: { state: "valid", value: 12, agrees: true, note: "" }, level: "saved" };
  assert.equal(now(contest(), noted(12, 0), seen).seen.agrees, true);
  assert.equal(now(contest(), noted(12, 0), seen, noted(13, 1)).seen, null);
  assert.equal(now(contest([line({ state: "valid", value: 9, version: 3 })]), { ...seen, verdict: "rejected", reason: "changed" }).seen, null);
});

const asked = JSON.parse(readFileSync(new URL("../vectors/questions.json", import.meta.url), "utf8"));
const { pointsOf, withAnswer, writtenAnswers } = await import("../../static/js/ground/answers.js");

test("answers come to the same points as on the server, and are written as they are typed", () => {
  for (const [answers, value] of asked.values) assert.equal(pointsOf(answers, asked.questions), value, answers);
  for (const [answers, written] of asked.written) assert.equal(writtenAnswers(answers), written);
  assert.equal(pointsOf("r---", asked.questions), 10);
  assert.equal(withAnswer("r---", 1, "w"), "rw--");
});

test("two results of the same points and other answers are two results", () => {
  const said = (answers, base, more = {}) => ({ kind: "measure.note", mid: answers, base_version: base, body: { state: "valid", value: 10, answers }, level: "saved", ...more });
  const shown = now(contest(), said("rp", 0, { verdict: "conflict", detail: { version: 1, current: { state: "valid", value: 10, answers: "pr" } } }));
  assert.deepEqual([shown.answers, shown.offers.map((each) => each.answers)], ["pr", ["rp"]]);
  const kept = { kind: "measure.resolve", mid: "k", base_version: 1, body: { keep: "rp" }, level: "saved" };
  const first = said("rp", 0, { verdict: "conflict", detail: { version: 1, current: { state: "valid", value: 10, answers: "pr" } } });
  assert.equal(now(contest(), first, kept).answers, "rp");
  const head = (answers) => ({ kind: "measure.confirm", mid: `c${answers}`, base_version: 1, body: { state: "valid", value: 10, answers, agrees: true, note: "" }, level: "saved" });
  assert.equal(now(contest(), said("rp", 0), head("rp")).seen.agrees, true);
  assert.equal(now(contest(), said("rp", 0), head("pr")).seen, null);
  const dropped = { kind: "measure.drop", mid: "d", base_version: 1, body: {}, level: "saved" };
  assert.equal(now(contest(), said("rp", 0), dropped).answers, null);
});
