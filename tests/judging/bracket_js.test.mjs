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
