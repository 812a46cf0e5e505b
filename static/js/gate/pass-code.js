// How a pass is written and what a gate phone keeps of it: the same rules as festival/registration/pass_code.py.
// No DOM, no storage: runs in the page, in a worker and in Node.

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VALUE = new Map([...ALPHABET].map((character, value) => [character, value]));
const CHECK_MODULUS = 1021n;
const RECORD_SIZES = [256, 512, 1024];
const LONG = 0xffff;
const NONCE_BYTES = 12;
const utf8 = new TextEncoder();

export class NotAPass extends Error {
  // why: "shape" (another kind of code) or "check" (a mistyped or torn pass)
  constructor(why) {
    super(why);
    this.why = why;
  }
}

export function normalise(text) {
  return text.replace(/[\s\-‐‑–—._]+/gu, "").toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
}

export function encode(token) {
  if (token.length !== 16) throw new RangeError("a pass token has 16 bytes");
  const number = BigInt("0x" + toHex(token));
  return "F1" + base32(number, 26) + base32(number % CHECK_MODULUS, 2);
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

export async function unseal(token, sealed) {
  const how = { name: "AES-GCM", iv: sealed.slice(0, NONCE_BYTES), additionalData: fromHex(await listId(token)) };
  let plain;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt(how, await listKey(token), sealed.slice(NONCE_BYTES)));
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

function inAlphabet(code) {
  return [...code].every((c) => VALUE.has(c));
}

function base32(number, length) {
  let code = "";
  for (let place = length - 1; place >= 0; place--) code += ALPHABET[Number((number >> BigInt(5 * place)) & 31n)];
  return code;
}

function numberOf(code) {
  let number = 0n;
  for (const character of code) number = number * 32n + BigInt(VALUE.get(character));
  return number;
}

function typedCheck(values) {
  return values.reduce((check, value) => {
    const doubled = (check ^ value) << 1;
    return doubled & 32 ? doubled ^ 0b100101 : doubled;
  }, 0);
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
