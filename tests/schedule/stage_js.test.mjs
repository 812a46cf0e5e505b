// Does the app of a device at a stage order and expect as the office does, and what do its own taps make of what it was told?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const { cases } = JSON.parse(readFileSync(new URL("../vectors/stage_day.json", import.meta.url), "utf8"));
const { board, expectedStarts, orderOfDay, overlaid, toldLater } = await import("../../static/js/stage/order.js");
const { clockFace, clockWords } = await import("../../static/js/stage/clock.js");
const { FOLLOWING, LARGE, OPEN, SMALL } = await import("../../static/js/stage/taps.js");

const START = Date.UTC(2024, 5, 14, 0, 30);
const minute = (number) => (number === null ? null : START + number * 60_000);
const actOf = ([code, session, starts, minutes, changeover, state, began, ended, turn]) =>
  ({ code, session, starts_ms: minute(starts), minutes, changeover, state, began_ms: minute(began), ended_ms: minute(ended), turn, match: false, out: false });

test("the same cases as the server", () => {
  for (const { said, acts, at, order, later } of cases) {
    const own = acts.map(actOf);
    assert.deepEqual(orderOfDay(own).map((act) => act.code), order, said);
    assert.deepEqual(Object.fromEntries(toldLater(own, minute(at))), Object.fromEntries(Object.entries(later).map(([code, begins]) => [code, minute(begins)])), said);
    for (const [code, begins] of expectedStarts(own, minute(at))) assert.ok(begins >= own.find((act) => act.code === code).starts_ms, said);
  }
});

const plan = () => ["a", "b", "c", "d"].map((code, at) => actOf([code, 1, 10 * at, 8, 2, "waiting", null, null, null]));
const tap = (seq, subject, was, to, at, more = {}) => ({ seq, subject, body: { was, to }, wall_ms: minute(at) - 500, offset_ms: 500, ...more });

test("own taps lie over what the server told, in their order, each with its own hour", () => {
  const state = { seq: 3, acts: plan() };
  const own = [tap(6, "a", "on_stage", "done", 9), tap(4, "a", "waiting", "ready", -2), tap(5, "a", "ready", "on_stage", 1), tap(3, "b", "waiting", "absent", 0), tap(7, "c", "waiting", "absent", 0, { refused: 1 })];
  const [a, b, c] = overlaid(state, own);
  assert.deepEqual([a.state, a.began_ms, a.ended_ms], ["done", minute(1), minute(9)]);
  assert.equal(b.state, "waiting"); // the server has told of it already, and somebody took it back since
  assert.equal(c.state, "waiting"); // refused
  assert.equal(state.acts[0].state, "waiting"); // what was told stays as it was
});

test("a tap that does not fit what another device did is passed over", () => {
  const state = { seq: 0, acts: plan().map((act) => ({ ...act, state: "absent" })) };
  assert.deepEqual(overlaid(state, [tap(1, "a", "waiting", "on_stage", 1), tap(2, "a", "on_stage", "done", 9)]).map((act) => act.state), ["absent", "absent", "absent", "absent"]);
});

test("back from done and from the stage", () => {
  const state = { seq: 0, acts: plan() };
  const taps = [tap(1, "a", "waiting", "on_stage", 1), tap(2, "a", "on_stage", "done", 9), tap(3, "a", "done", "on_stage", 10)];
  assert.deepEqual([overlaid(state, taps)[0].began_ms, overlaid(state, taps)[0].ended_ms], [minute(1), null]);
  assert.deepEqual([overlaid(state, [...taps, tap(4, "a", "on_stage", "ready", 11)])[0].state, overlaid(state, [...taps, tap(4, "a", "on_stage", "ready", 11)])[0].began_ms], ["ready", null]);
});

test("the board: now, two that follow, absent, over with the last one first, two of a match together", () => {
  const acts = plan();
  Object.assign(acts[0], { state: "done", ended_ms: minute(9) });
  Object.assign(acts[1], { state: "absent" });
  const codes = ({ now, then, rest, absent, over }) => [now, then, rest, absent, over].map((several) => several.map((act) => act.code).join(""));
  assert.deepEqual(codes(board(acts)), ["c", "d", "", "b", "a"]);
  assert.deepEqual(codes(board(plan())), ["a", "bc", "d", "", ""]);
  assert.deepEqual(codes(board([])), ["", "", "", "", ""]);
  const match = plan().map((act, at) => ({ ...act, match: true, starts_ms: minute(at < 2 ? 0 : 10) }));
  assert.deepEqual(codes(board(match)), ["ab", "cd", "", "", ""]);
});

test("the clock says what is left, then by how much it is over", () => {
  assert.equal(clockFace(245_900), "4:05");
  assert.equal(clockWords(245_000, 8), "còn 3:55 trên 8 phút");
  assert.equal(clockWords(540_000, 8), "quá giờ 1:00");
});

test("every step has its way back among the taps", () => {
  const open = (state) => [...(OPEN[state] ?? []), ...(SMALL[state] ?? []).map(([to]) => to), ...(FOLLOWING[state] ?? []).map(([to]) => to)];
  assert.ok(open("ready").includes("waiting") && open("on_stage").includes("ready") && open("done").includes("on_stage") && open("absent").includes("waiting"));
  assert.deepEqual(LARGE.map(([to]) => to), ["ready", "on_stage", "done"]);
});

// ------------------------------------------------------------------------------------------------ heats

const heats = JSON.parse(readFileSync(new URL("../vectors/heats.json", import.meta.url), "utf8")).cases;
const { along, turns } = await import("../../static/js/stage/heats.js");
const runs = (code, heat, lane, state = "waiting") => ({ ...actOf([code, 1, 10 * heat, 8, 2, state, null, null, null]), heat, lane });

test("who goes along with a tap on one of a heat, as the office has it", () => {
  for (const [was, to, same] of heats) {
    const act = runs("a", 1, 1, was);
    const others = ["waiting", "ready", "on_stage", "done", "absent"].map((state, at) => runs(state, 1, at + 2, state));
    const elsewhere = [runs("b", 2, 1, was), { ...runs("c", 1, 9, was), out: true }];
    assert.deepEqual(along([act, ...others, ...elsewhere], act, { was, to }).map((each) => each.code).toSorted(), same.toSorted());
  }
});

test("a heat is called, begins and ends as one, an absent one stays behind; the next two heats follow", () => {
  const acts = [1, 2, 3, 4].flatMap((heat) => ["a", "b", "c"].map((name, at) => runs(`${name}${heat}`, heat, at + 1)));
  const codes = (several) => several.map((act) => act.code).join(" ");
  const own = [tap(1, "b1", "waiting", "absent", 8), tap(2, "a1", "waiting", "ready", 9), tap(3, "a1", "ready", "on_stage", 10)];
  const shown = board(overlaid({ seq: 0, acts }, own));
  assert.deepEqual([codes(shown.now), codes(shown.then), codes(shown.rest), codes(shown.absent)], ["a1 c1", "a2 b2 c2 a3 b3 c3", "a4 b4 c4", "b1"]);
  assert.deepEqual(shown.now.map((act) => act.began_ms), [minute(10), minute(10)]);
  assert.equal(codes(turns(acts, 1)), "a1 b1 c1");
});
