// What the gate decides of itself, without a browser. Run by test_gate_decides.py.
import assert from "node:assert/strict";
import test from "node:test";
import { mayUndo, UNDO_MS, weigh, writesItself } from "../../static/js/gate/weigh.js";
import { closedWords, hourWords, nearest, windowAt } from "../../static/js/gate/windows.js";

const NOW = Date.UTC(2024, 5, 15, 3, 30); // 10 giờ 30 in Vietnam
const line = (code) => ({ code });
const all = [line("a"), line("b"), line("c")];
const at = (minutes, gate = "Cổng 1", device = 7) => ({ at: NOW - minutes * 60_000, gate, device });
const out = (minutes, here = false) => ({ way: "out", at: NOW - minutes * 60_000, here });
const codes = (lines) => lines.map((each) => each.code);

function asked(admitted, moves, given = {}) {
  return weigh({ lines: all, admitted: new Map(admitted), moves: new Map(moves), way: "in", again: true, now: NOW, device: 7, ...given });
}

test("a family in parts: only those who are missing are asked for", () => {
  const found = asked([["a", at(9)], ["c", at(5, "Cổng 2", 8)]], []);
  assert.deepEqual([codes(found.asked), [...found.inside.keys()], found.back, found.just], [["b"], ["a", "c"], 0, false]);
  assert.equal(found.first.gate, "Cổng 1");
});

test("whoever went out comes back, as long as coming back counts", () => {
  const here = all.map(({ code }) => [code, at(60)]);
  assert.deepEqual(codes(asked(here, [["b", out(10)]]).asked), ["b"]);
  assert.equal(asked(here, [["b", out(10)]]).back, 1);
  assert.deepEqual(asked(here, [["b", out(10)]], { again: false }).asked, []);
  assert.deepEqual(asked(here, [["b", { way: "in", at: NOW - 9, here: true }]]).asked, []);
});

test("going out: everybody who has not gone yet, and how many this phone never saw", () => {
  const found = asked([["a", at(60)]], [["c", out(10)]], { way: "out" });
  assert.deepEqual([codes(found.asked), found.unseen], [["a", "b"], 1]);
  const gone = asked([], all.map(({ code }, n) => [code, out(n + 1)]), { way: "out" });
  assert.deepEqual([gone.asked, gone.first.at], [[], NOW - 3 * 60_000]);
});

test("a moment ago means this very device and half a minute", () => {
  const by = (device, seconds) => all.map(({ code }) => [code, { at: NOW - seconds * 1000, gate: "Cổng 1", device }]);
  assert.equal(asked(by(7, 29), []).just, true);
  assert.equal(asked(by(7, 30), []).just, false);
  assert.equal(asked(by(8, 29), []).just, false, "the same gate, another phone");
  assert.equal(asked([...by(7, 29).slice(1), ["a", at(5)]], []).just, false, "one of them came before");
  const back = all.map(({ code }) => [code, { way: "in", at: NOW - 5000, here: true }]);
  assert.equal(asked(by(8, 9000), back).just, true, "they came back through here");
});

test("only a whole code of one's own pass, read for entry, is written without a tap, and only when the lead allows it", () => {
  const good = { record: { t: "family" }, how: "camera", way: "in", kind: "entry" };
  for (const reading of [good, { ...good, how: "scanner" }, { ...good, record: { t: "person" } }]) {
    assert.equal(writesItself(reading, 4), true);
    assert.equal(writesItself(reading, 8), true);
    assert.equal(writesItself(reading, 0), false);
  }
  for (const other of [{ record: { t: "delegation" } }, { how: "typed" }, { how: "search" }, { how: "phone" }, { how: "photo" }, { how: "decided" },
    { way: "out" }, { way: "look" }, { kind: "meal" }, { kind: "card" }, { kind: "gift" }, { kind: "room" }]) {
    assert.equal(writesItself({ ...good, ...other }, 4), false, JSON.stringify(other));
  }
});

test("taken back within 15 minutes by who wrote it, later by the lead, once, and only what counts", () => {
  const entry = { mid: "m", kind: "scan", body: {}, verdict: "applied", wall_ms: NOW - UNDO_MS + 1, offset_ms: 0 };
  const may = (changes = {}, given = {}) => mayUndo({ ...entry, ...changes }, { now: NOW, role: "gate", undone: new Map(), ...given });
  assert.equal(may(), true);
  assert.equal(may({ wall_ms: NOW - UNDO_MS }), false);
  assert.equal(may({ wall_ms: NOW - UNDO_MS }, { role: "lead" }), true);
  assert.equal(may({ wall_ms: NOW - UNDO_MS, offset_ms: 5 }), true, "by the server's clock");
  assert.equal(may({}, { undone: new Map([["m", {}]]) }), false);
  for (const other of [{ verdict: "rejected" }, { verdict: "quarantined" }, { body: { decision: "turned_away" } }, { body: { decision: "refused" } }, { kind: "undo" }]) assert.equal(may(other), false);
});

const noon = { code: "trua", name: "Cơm trưa 15/6", opens_ms: NOW, closes_ms: NOW + 3 * 3600_000 };
const evening = { code: "toi", name: "Cơm tối 15/6", opens_ms: NOW + 7 * 3600_000, closes_ms: NOW + 9 * 3600_000 };
const meal = { code: "com", name: "Bữa ăn", kind: "meal", every: "hours", windows: [evening, noon] };

test("a window holds from its first millisecond to the one before it closes", () => {
  assert.equal(windowAt(meal, NOW).key, "trua");
  assert.equal(windowAt(meal, NOW - 1), null);
  assert.equal(windowAt(meal, noon.closes_ms - 1).key, "trua");
  assert.equal(windowAt(meal, noon.closes_ms), null);
  assert.equal(windowAt({ every: "once" }, NOW).key, "-");
  const three = Date.UTC(2024, 5, 14, 20);
  assert.deepEqual([three - 1, three].map((ms) => windowAt({ every: "day" }, ms).key), ["2024-06-14", "2024-06-15"]);
});

test("outside the hours the gate says the hour, and the day when it is another one", () => {
  assert.equal(hourWords(NOW, NOW), "10 giờ 30");
  assert.equal(hourWords(evening.opens_ms + 30 * 60_000, NOW), "18 giờ");
  assert.equal(closedWords(meal, NOW - 1), "Cơm trưa 15/6 mở lúc 10 giờ 30.");
  assert.equal(closedWords(meal, noon.closes_ms), "Cơm trưa 15/6 đã đóng lúc 13 giờ 30. Cơm tối 15/6 mở lúc 17 giờ 30.");
  assert.deepEqual([noon.closes_ms, evening.opens_ms - 1].map((ms) => nearest(meal, ms).key), ["trua", "toi"]);
  assert.equal(closedWords(meal, evening.closes_ms), "Cơm tối 15/6 đã đóng lúc 19 giờ 30.");
  assert.equal(closedWords(meal, NOW - 20 * 3600_000), "Cơm trưa 15/6 mở lúc 10 giờ 30 ngày 15/6.");
  assert.equal(nearest({ every: "hours", windows: [] }, NOW), null);
  assert.equal(closedWords({ name: "Quà", every: "hours" }, NOW), "Chưa có giờ nào cho Quà. Hỏi trưởng cổng.");
  assert.equal(closedWords({ ...meal, name: "Cơm", away: true }, NOW), "Cơm đã được cất. Chọn mục đích khác.");
});
