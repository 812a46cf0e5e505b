// Does a device of the ground fill a bracket in as the server does? Both sides read the same vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const vectors = JSON.parse(readFileSync(new URL("../vectors/brackets.json", import.meta.url), "utf8"));
const { resultFault } = await import("../../static/js/ground/match-rules.js");
const { fill, matchesOf, placesOf, playedAfter } = await import("../../static/js/ground/match-tree.js");

test("results that can be and cannot be", () => {
  for (const [rule, how, winner, sets, code] of vectors.results) {
    const fault = resultFault("a", "b", { how, winner, sets }, vectors.rules[rule]);
    assert.equal(fault?.code ?? null, code, JSON.stringify([rule, how, winner, sets]));
  }
});

test("who goes on, what follows, which places", () => {
  for (const each of vectors.trees) {
    const results = new Map(Object.entries(each.results).map(([key, [how, winner]]) => [key, { how, winner, sets: [] }]));
    const tree = fill(each.lines, results, each.third_played);
    assert.deepEqual(Object.fromEntries(matchesOf(tree).map((at) => [at.key, [at.a, at.b, at.winner]])), each.matches);
    for (const at of matchesOf(tree)) assert.deepEqual(playedAfter(tree, at).map((after) => after.key), each.after[at.key]);
    assert.deepEqual(placesOf(tree), each.places);
  }
});

test("who is awaited is said without a capital in the middle", async () => {
  const { sideName } = await import("../../static/js/ground/match-words.js");
  const tree = fill(Array.from("abcdefghijklmnop"), new Map(), true);
  const said = (round, number, at) => sideName({ teams: {} }, tree, tree.rounds[round - 1]?.[number - 1] ?? tree.third, at);
  assert.equal(said(2, 1, 1), "Bên thắng vòng 1/8, trận 2");
  assert.equal(said(3, 2, 0), "Bên thắng tứ kết, trận 3");
  assert.equal(sideName({ teams: {} }, tree, tree.third, 1), "Bên thua bán kết, trận 2");
});
