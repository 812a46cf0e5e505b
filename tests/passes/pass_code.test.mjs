// The browser's pass rules against the vectors shared with Python. Run by test_code.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as pass from "../../static/js/gate/pass-code.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/pass_code.json", import.meta.url), "utf8"));
const utf8 = new TextEncoder();

for (const row of vectors.passes) {
  test(`vector ${row.code.slice(0, 8)}`, async () => {
    const token = pass.fromHex(row.token);
    assert.equal(pass.encode(token), row.code);
    assert.equal(pass.toHex(pass.decode(row.code)), row.token);
    assert.equal(await pass.listId(token), row.list_id);
    assert.equal(pass.readTyped(row.typed), row.typed);
    const key = new Uint8Array(await crypto.subtle.exportKey("raw", await pass.listKey(token, true)));
    assert.equal(pass.toHex(key), row.key);
    const sealed = await pass.seal(token, utf8.encode(row.record), pass.fromHex(row.nonce));
    assert.equal(pass.toHex(sealed), row.sealed);
    assert.equal(new TextDecoder().decode(await pass.unseal(token, sealed)), row.record);
    sealed[20] ^= 1;
    await assert.rejects(pass.unseal(token, sealed), pass.NotAPass);
  });
}

test("read as meant, refused with a reason", () => {
  for (const row of vectors.read) assert.equal(pass.encode(pass.decode(row.text)), row.code);
  for (const row of vectors.typed_read) assert.equal(pass.readTyped(row.text), row.typed);
  for (const [read, rows] of [[pass.decode, vectors.refused], [pass.readTyped, vectors.typed_refused]]) {
    for (const row of rows) {
      assert.throws(() => read(row.text), (wrong) => wrong instanceof pass.NotAPass && wrong.why === row.why, row.text);
    }
  }
});

test("a card of a rehearsal and one of the festival are told apart", () => {
  for (const row of vectors.passes) {
    const token = pass.fromHex(row.token);
    const there = pass.encode(token, true);
    assert.deepEqual([there[0], there.slice(1), row.code[0]], ["8", row.code.slice(1), "2"]);
    assert.equal(pass.toHex(pass.decode(there, true)), row.token);
    for (const [text, rehearsal, why] of [[there, false, "rehearsal"], [row.code, true, "real"]]) {
      assert.throws(() => pass.decode(text, rehearsal), (wrong) => wrong instanceof pass.NotAPass && wrong.why === why && pass.isWhole(wrong));
    }
  }
});

test("every wrong digit and every swap of neighbours is refused", () => {
  for (const row of vectors.passes) {
    for (const [read, code] of [[pass.decode, row.code], [pass.readTyped, row.typed.replaceAll(" ", "")]]) {
      for (let place = 0; place < code.length; place++) {
        for (const other of "0123456789") {
          if (other !== code[place]) assert.throws(() => read(code.slice(0, place) + other + code.slice(place + 1)));
        }
        if (place < code.length - 1 && code[place] !== code[place + 1]) {
          assert.throws(() => read(code.slice(0, place) + code[place + 1] + code[place] + code.slice(place + 2)));
        }
      }
    }
  }
});

test("a record of any length is sealed and opened again, with the length Python writes", async () => {
  const token = pass.fromHex(vectors.passes[0].token);
  for (const [length, head] of [[65534, "fffe"], [65535, "ffff0000ffff"], [70000, "ffff00011170"]]) {
    const record = new Uint8Array(length).fill(7);
    assert.equal(pass.toHex(pass.padded(record).slice(0, head.length / 2)), head);
    assert.deepEqual(await pass.unseal(token, await pass.seal(token, record)), record);
  }
});
