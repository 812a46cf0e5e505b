// How a pass was written up to release 0.5: the same rules as festival/passes/first_form.py. Asked only while the gate's
// list says that such passes are still good (list.js, firstFormLeft).
import { fromHex, NotAPass } from "./pass-code.js";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VALUE = new Map([...ALPHABET].map((character, value) => [character, value]));
const CHECK_MODULUS = 1021n;

export function normalise(text) {
  return text.replace(/[\s\-‐‑–—._]+/gu, "").toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
}

export function decode(text) {
  const code = normalise(text);
  if (code.length !== 30 || !code.startsWith("F1") || !inAlphabet(code)) throw new NotAPass("shape");
  const number = numberOf(code.slice(2, 28));
  if (number >> 128n || number % CHECK_MODULUS !== numberOf(code.slice(28))) throw new NotAPass("check");
  return fromHex(number.toString(16).padStart(32, "0"));
}

export function readTyped(text) {
  const code = normalise(text);
  if (code.length !== 8 || !inAlphabet(code)) throw new NotAPass("shape");
  const values = [...code].map((c) => VALUE.get(c));
  if (typedCheck(values.slice(0, 7)) !== values[7]) throw new NotAPass("check");
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

const inAlphabet = (code) => [...code].every((c) => VALUE.has(c));

const numberOf = (code) => [...code].reduce((number, character) => number * 32n + BigInt(VALUE.get(character)), 0n);

const typedCheck = (values) => values.reduce((check, value) => {
  const doubled = (check ^ value) << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}, 0);
