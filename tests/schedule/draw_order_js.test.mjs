// Does the wall show at once what is typed, also where the session is drawn first?
import assert from "node:assert/strict";
import test from "node:test";

const { drawnOrder } = await import("../../static/js/draw-order.js");
const told = ({ boards, wrong }) => [[...boards].map(([session, { places, waiting }]) => [session, places, waiting]), [...wrong]];

test("numbers that go through all", () => {
  const lines = ["3", "", " 1", "3", "9", "x"].map((number) => ({ session: "", number }));
  assert.deepEqual(told(drawnOrder(lines, [""])), [[["", [2, null, 0, null, null, null], [1]]], [3, 4, 5]]);
});

test("the session first: a place is open for each that drew it, and who waits for a number is named", () => {
  const lines = [["7", "2"], ["8", "1"], ["7", ""], ["", "1"], ["", ""], ["8", "3"]].map(([session, number]) => ({ session, number }));
  assert.deepEqual(told(drawnOrder(lines, ["7", "8"])), [[["7", [null, 0], [2]], ["8", [1, null], []]], [5, 3]]);
  const whole = [["7", "2"], ["8", "1"], ["7", "1"]].map(([session, number]) => ({ session, number }));
  assert.deepEqual(told(drawnOrder(whole, ["7", "8"])), [[["7", [2, 0], []], ["8", [1], []]], []]);
});
