// Which code of a picture is meant, and which texts are a phone number? Run by test_reading.py.
import assert from "node:assert/strict";
import test from "node:test";
import { meant } from "../../static/js/gate/in-picture.js";
import { encode } from "../../static/js/gate/pass-code.js";
import { phoneOf } from "../../static/js/gate/phone-number.js";
import { inDigits, spaced } from "../../static/js/gate/typed-text.js";

const ONE = encode(new Uint8Array(16).fill(1));
const OTHER = encode(new Uint8Array(16).fill(2));

test("a pass counts before any other code, of two passes none is guessed", () => {
  assert.equal(meant([]), "");
  assert.equal(meant(["https://example.org"]), "https://example.org");
  assert.equal(meant(["https://example.org", ONE]), ONE);
  assert.equal(meant(["https://example.org", "another"]), null);
  assert.equal(meant([ONE, OTHER]), null);
});

test("a phone number is read in every spelling, and nothing else is one", () => {
  for (const text of [
    "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345 678", "+84912345678", "+84 912 345 678", "(+84) 912-345-678",
    "+84 (0)912 345 678", "84 912 345 678", "0084 912345678", "912345678", "sđt: 0912345678", "ĐT 0912 345 678 (mẹ)", "０９１２３４５６７８",
    "០៩១២៣៤៥៦៧៨", "0912345678 / 0987654321", "0912\u00a0345\u2013678",
  ]) assert.equal(phoneOf(text), "0912345678", text);
  assert.equal(phoneOf("(0297) 3 812 345"), "02973812345");
  for (const text of ["", "Danh Chung", "5678", "4829173605", "0123456789", "84", "09123456789"]) assert.equal(phoneOf(text), "", text);
});

test("the box with the pad takes a code or a phone number, and writes a code as it stands on the card", () => {
  assert.deepEqual(inDigits("+84 912 345 678"), { as: "phone", number: "0912345678" });
  assert.deepEqual(inDigits(ONE), { as: "pass" });
  assert.equal(Boolean(inDigits("00482917360").slip), true);
  assert.deepEqual(["4", "4829", "4829173", "4829173605", "0912345678"].map(spaced), ["4", "482 9", "482 917 3", "482 917 3605", "0912345678"]);
});
