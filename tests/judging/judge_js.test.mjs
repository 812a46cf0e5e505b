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
