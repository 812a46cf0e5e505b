// What does somebody mean who types at the gate: a whole pass, the code below its QR, or a search? A slip is told at
// once, before any server is asked. Cards of the first form are read only while the list has some.
import * as first from "./first-form.js";
import { firstFormLeft } from "./list.js";
import { decode, NotAPass, normalise, readTyped, TYPED_DIGITS } from "./pass-code.js";
import { phoneOf } from "./phone-number.js";
import { rehearsal } from "./side.js";
import { t } from "../words.js";

const PASS_DIGITS = 43;

/** The secret bytes of a pass of a form that is good now; throws NotAPass. */
export async function tokenOf(text) {
  try {
    return decode(text, rehearsal);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass) || wrong.why !== "shape") throw wrong;
    if (/^[28]\d{34,49}$/.test(normalise(text))) throw new NotAPass("check"); // a key of a scanner was lost on the way
    if (!(await firstFormLeft())) throw wrong;
    return first.decode(text);
  }
}

/** What is said of a whole pass of the other side; "" of anything else. */
export const sideWords = (why) => (why === "rehearsal" ? t("Đây là thẻ tổng duyệt, không dùng ở ngày hội. Hỏi thẻ thật, hoặc tìm theo tên.")
  : why === "real" ? t("Đây là thẻ thật, hôm nay tổng duyệt. Hỏi thẻ tổng duyệt, hoặc tìm theo tên.") : "");

/** From the box with the numeric pad: {as: "pass" | "typed"}, {as: "phone", number}, or {slip: words}. */
export function inDigits(text) {
  const code = normalise(text);
  if (code.length === PASS_DIGITS) return checked((code) => decode(code, rehearsal), text, "pass");
  if (/^[1-9]/.test(code) && code.length === TYPED_DIGITS) return checked(readTyped, text, "typed");
  const number = code.length === TYPED_DIGITS - 1 ? "" : phoneOf(text); // nine are a code that lacks one
  if (number) return { as: "phone", number };
  if (!/^[0-9]+$/.test(code)) return { slip: t("Ô này nhận mười số in dưới mã QR, hoặc số điện thoại. Tên thì gõ vào ô bên dưới.") };
  if (code.length === TYPED_DIGITS) return checked(readTyped, text, "typed");
  return { slip: t("Mã có mười số, ở đây có {n} số. So lại với thẻ.", { n: code.length }) };
}

/** From the box for names and phones, where a code may stand too: the same, or {as: "search"}. */
export async function inWords(text) {
  const code = normalise(text);
  if (/^[0-9]{43}$|^[1-9][0-9]{9}$/.test(code)) return inDigits(text); // a phone of ten digits begins with 0
  const old = first.normalise(text);
  const typed = old.length === 8 && /\d/.test(old) && !/^\d+$/.test(text.replace(/[\s.]/g, ""));
  const whole = old.length === 30 && old.startsWith("F1");
  if ((typed || whole) && (await firstFormLeft())) return whole ? checked(first.decode, text, "pass") : checked(first.readTyped, text, "typed");
  const number = phoneOf(text);
  return number ? { as: "phone", number } : { as: "search" };
}

/** A code as it stands on the card, `482 917 3605`, also while it is being typed. */
export const spaced = (digits) => (/^[1-9]\d{0,9}$/.test(digits) ? digits.replace(/^(...)(.{1,3})(.*)$/, "$1 $2 $3").trim() : digits);

function checked(read, text, as) {
  try {
    read(text);
  } catch (wrong) {
    return { slip: sideWords(wrong.why) || t("Mã gõ chưa đúng. So lại từng số, từng chữ với thẻ.") };
  }
  return { as };
}
