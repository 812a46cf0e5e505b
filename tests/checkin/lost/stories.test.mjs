// Does the lead's device tell the same stories of lost children as the server, in every order?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/lost_children.json", import.meta.url), "utf8"));
const { stories } = await import("../../../static/js/lead/stories.js");

const told = (story) => ({ ...story, steps: story.steps.map((step) => step.key), counts: [...story.counts].sort() });

test("the stories of the vectors", () => {
  for (const { steps, stories: wanted } of vectors) {
    assert.deepEqual(stories(steps).map(told), wanted);
    assert.deepEqual(stories([...steps].reverse().concat(steps)).map(told), wanted);
  }
});
