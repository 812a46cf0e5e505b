// Is a keyboard scanner told from a person, in every language of the keyboard? Run by test_reading.py.
import assert from "node:assert/strict";
import test from "node:test";
import { encode } from "../../static/js/gate/pass-code.js";
import { Run } from "../../static/js/gate/scanner-burst.js";

let seed = 11;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const pass = () => encode(Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)));
const OLD = "F16T6R7E49KB3H908AJDGWTXB57R9M"; // tests/vectors/first_form.json
const VIETNAMESE = "đăâêô\u0300\u0309\u0303\u0301\u0323"; // what the row of digits writes on that keyboard
const FRENCH = "à&é\"'(-è_ç";
const place = (sign) => (/\d/.test(sign) ? `Digit${sign}` : `Key${sign}`);
const KEYBOARDS = {
  plain: (sign) => ({ key: sign, code: place(sign) }),
  "Vietnamese typing on": (sign) => ({ key: "Process", code: place(sign) }),
  "Vietnamese layout": (sign) => ({ key: /\d/.test(sign) ? VIETNAMESE[sign] : sign, code: place(sign) }),
  "French layout": (sign) => ({ key: FRENCH[sign] ?? sign, code: place(sign) }),
  "dead keys": (sign) => ({ key: "Dead", code: place(sign) }),
  "shifted row": (sign) => ({ key: ")!@#$%^&*("[sign] ?? sign.toLowerCase(), code: place(sign) }),
  "number block, NumLock off": (sign) => ({ key: "End", code: /\d/.test(sign) ? `Numpad${sign}` : place(sign) }),
  "another layout, set in the scanner": (sign) => ({ key: sign, code: "Quote" }),
  "no places": (sign) => ({ key: sign, code: "" }),
  "full width": (sign) => ({ key: String.fromCharCode(sign.charCodeAt(0) + 0xfee0), code: "" }),
};

let clock = 0;
/** Type it; what was read on the way, and at the end by Enter when `enter`. */
function type(run, text, keyboard, { every = 8, enter = false, inField = true } = {}) {
  const read = [];
  for (const sign of text) {
    clock += every;
    const key = { ...keyboard(sign), at: clock };
    if (run.tail(key)) continue;
    const found = run.add(key);
    if (found) read.push(found);
  }
  if (!enter) return read;
  clock += every;
  const key = { key: "Enter", code: "Enter", at: clock };
  if (!run.tail(key)) { read.push(run.end(inField)); run.forget(); }
  return read;
}

for (const [name, keyboard] of Object.entries(KEYBOARDS)) {
  test(`1,000 of 1,000 whole passes: ${name}`, () => {
    const run = new Run();
    for (let n = 0; n < 1000; n++) {
      const code = n % 10 || name === "full width" ? pass() : OLD;
      assert.deepEqual(type(run, code, keyboard, { every: 2 + random() * 60, enter: n % 2 === 0 }), [code]);
      clock += n % 2 ? 400 : 0; // without Enter the next one cannot come at once
    }
  });
}

test("what a person types is left alone, also a whole pass, and what stands before a scan", () => {
  const run = new Run();
  assert.deepEqual(type(run, pass(), KEYBOARDS.plain, { every: 130, enter: true }), [""]);
  assert.deepEqual(type(run, "danh minh khang".toUpperCase(), KEYBOARDS["no places"], { every: 30, enter: true }), [""]);
  const code = pass();
  assert.deepEqual(type(run, "DANH", KEYBOARDS.plain, { every: 200 }), []);
  assert.deepEqual(type(run, `]Q1${code}`, KEYBOARDS["no places"]), [code]);
});

test("the tail goes with the code: Enter late, CR LF, a sign of the scanner's own; then the next code counts", () => {
  const run = new Run();
  const code = pass();
  assert.deepEqual(type(run, code, KEYBOARDS.plain), [code]);
  const at = clock;
  assert.equal(run.tail({ key: "$", code: "", at: at + 20 }), true);
  assert.equal(run.tail({ key: "Process", code: "Tab", at: at + 600 }), true);
  assert.equal(run.tail({ key: "Enter", code: "Enter", at: at + 610 }), true);
  assert.equal(run.tail({ key: "2", code: "Digit2", at: at + 612 }), false);
  assert.deepEqual(type(run, code, KEYBOARDS.plain), [code]);
  assert.equal(run.tail({ key: "Enter", code: "Enter", at: clock + 1100 }), false, "that was a person");
});

test("what a scanner read that is no whole pass is told at its end", () => {
  const run = new Run();
  const code = pass();
  const torn = code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);
  assert.deepEqual(type(run, torn, KEYBOARDS["Vietnamese typing on"], { enter: true }), [torn]);
  assert.deepEqual(type(run, "8935001", KEYBOARDS.plain, { enter: true, inField: false }), ["8935001"]);
  assert.deepEqual(type(run, "8935001", KEYBOARDS.plain, { enter: true }), [""], "in a field that may be a person");
  // the mark of a vowel that stood in the field: the 2 in front is eaten
  assert.deepEqual(type(run, code.slice(1), KEYBOARDS.plain, { enter: true }), [code]);
});

test("keys that say nothing: the field shows what they have written", () => {
  const run = new Run();
  const code = pass();
  let read = "";
  for (let n = 1; n <= code.length; n++) {
    clock += 9;
    assert.equal(run.add({ key: "Unidentified", code: "", at: clock, before: n }), "");
    read ||= run.show(code.slice(0, n));
  }
  assert.equal(read, code);
  assert.equal(run.began, 1);
});
