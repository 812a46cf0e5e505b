// How a pass is written and what a gate phone keeps of it: the same rules as festival/passes/code.py.
// No DOM, no storage: runs in the page, in a worker and in Node.

const VERSION = "2";
const REHEARSED = "8"; // a card printed for a dress rehearsal
const TOKEN_DIGITS = 39;
const CODE_DIGITS = 43;
const CHECK_MODULUS = 997n;
export const TYPED_DIGITS = 10;
const RECORD_SIZES = [256, 512, 1024];
const LONG = 0xffff;
const NONCE_BYTES = 12;
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];
const BETWEEN = /[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff\-._·,]+/gu;
const KHMER_ZERO = 0x17e0;
const utf8 = new TextEncoder();

export class NotAPass extends Error {
  // why: "shape" (another kind of code), "check" (a mistyped or torn pass), "rehearsal" (a card of a rehearsal) or "real"
  // (a card of the festival, read at its rehearsal)
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** What a person meant: digits of a full-width or a Khmer keyboard as 0 to 9, no blanks, dashes or dots. */
export function normalise(text) {
  const plain = text.normalize("NFKC").replace(/[\u17e0-\u17e9]/gu, (digit) => String(digit.charCodeAt(0) - KHMER_ZERO));
  return plain.replace(BETWEEN, "");
}

const allDigits = (code) => /^[0-9]+$/.test(code);

export function encode(token, rehearsal = false) {
  if (token.length !== 16) throw new RangeError("a pass token has 16 bytes");
  const number = BigInt("0x" + toHex(token));
  return (rehearsal ? REHEARSED : VERSION) + String(number).padStart(TOKEN_DIGITS, "0") + String(number % CHECK_MODULUS).padStart(3, "0");
}

export function decode(text, rehearsal = false) {
  const code = normalise(text);
  if (code.length !== CODE_DIGITS || !allDigits(code) || ![VERSION, REHEARSED].includes(code[0])) throw new NotAPass("shape");
  const number = BigInt(code.slice(1, 1 + TOKEN_DIGITS));
  if (number >> 128n || number % CHECK_MODULUS !== BigInt(code.slice(1 + TOKEN_DIGITS))) throw new NotAPass("check");
  if ((code[0] === REHEARSED) !== rehearsal) throw new NotAPass(rehearsal ? "real" : "rehearsal");
  return fromHex(number.toString(16).padStart(32, "0"));
}

/** A whole pass, of this side or of the other. */
export const isWhole = (wrong) => wrong.why === "rehearsal" || wrong.why === "real";

/** The typed code as it stands on the card, `482 917 3605`. */
export function readTyped(text) {
  const code = normalise(text);
  if (code.length !== TYPED_DIGITS || !allDigits(code) || code[0] === "0") throw new NotAPass("shape");
  if (damm(code) !== 0) throw new NotAPass("check");
  return `${code.slice(0, 3)} ${code.slice(3, 6)} ${code.slice(6)}`;
}

/** The check digit of these digits; 0 when it already stands at their end. */
export const damm = (digits) => [...digits].reduce((check, digit) => Number(DAMM[check][Number(digit)]), 0);

export async function listId(token) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", join(utf8.encode("id"), token))).slice(0, 16));
}

export async function listKey(token, extractable = false) {
  const base = await crypto.subtle.importKey("raw", token, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8.encode("festival offline list 1") };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, extractable, ["encrypt", "decrypt"]);
}

export function padded(record) {
  const head = record.length < LONG ? 2 : 6;
  const need = record.length + head;
  const size = RECORD_SIZES.find((s) => need <= s) ?? Math.ceil(need / 1024) * 1024;
  const plain = new Uint8Array(size);
  const view = new DataView(plain.buffer);
  view.setUint16(0, Math.min(record.length, LONG));
  if (head > 2) view.setUint32(2, record.length);
  plain.set(record, head);
  return plain;
}

export async function seal(token, record, nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))) {
  const how = { name: "AES-GCM", iv: nonce, additionalData: fromHex(await listId(token)) };
  return join(nonce, new Uint8Array(await crypto.subtle.encrypt(how, await listKey(token), padded(record))));
}

export const unseal = async (token, sealed) => unsealWith(await listKey(token), await listId(token), sealed);

/** With the key itself, as a delegation's record holds those of its families. */
export async function unsealWith(key, id, sealed) {
  const how = { name: "AES-GCM", iv: sealed.slice(0, NONCE_BYTES), additionalData: fromHex(id) };
  let plain;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(NONCE_BYTES)));
  } catch {
    throw new NotAPass("check");
  }
  const view = new DataView(plain.buffer);
  const short = view.getUint16(0);
  return short === LONG ? plain.slice(6, 6 + view.getUint32(2)) : plain.slice(2, 2 + short);
}

export function toHex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

export function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
