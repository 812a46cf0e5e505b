// The browser's reader of the first form against the vectors shared with Python. Run by test_first_form.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as first from "../../static/js/gate/first-form.js";
import { NotAPass, toHex } from "../../static/js/gate/pass-code.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/first_form.json", import.meta.url), "utf8"));

test("read as meant, refused with a reason", () => {
  for (const row of vectors.passes) {
    assert.equal(toHex(first.decode(row.code)), row.token);
    assert.equal(first.readTyped(row.typed), row.typed);
  }
  for (const row of vectors.read) assert.equal(toHex(first.decode(row.text)), toHex(first.decode(row.code)));
  for (const row of vectors.typed_read) assert.equal(first.readTyped(row.text), row.typed);
  for (const row of vectors.refused) {
    assert.throws(() => first.decode(row.text), (wrong) => wrong instanceof NotAPass && wrong.why === row.why);
  }
});

test("every wrong character and every swap of neighbours is refused", () => {
  for (const { code } of vectors.passes.slice(1, 3)) {
    for (let place = 0; place < 30; place++) {
      for (const other of first.ALPHABET) {
        if (other !== code[place]) assert.throws(() => first.decode(code.slice(0, place) + other + code.slice(place + 1)));
      }
      if (place < 29 && code[place] !== code[place + 1]) {
        assert.throws(() => first.decode(code.slice(0, place) + code[place + 1] + code[place] + code.slice(place + 2)));
      }
    }
  }
});
