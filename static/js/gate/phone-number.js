// Is what was typed the phone number of a person, in whatever spelling? Pure; as festival/core/phones.py reads it.
const KHMER = /[\u17e0-\u17e9]/gu;
const OF_VIETNAM = /^(?:0[35789]\d{8}|02\d{9})$/;

/** `+84 (0)912-345-678`, `sđt: 0912.345.678`, `912 345 678` → 0912345678; "" for anything else. */
export function phoneOf(text) {
  const plain = text.normalize("NFKC").replace(KHMER, (digit) => String(digit.charCodeAt(0) - 0x17e0));
  for (const [run] of plain.matchAll(/\+?[\d(][\d\s().\-\u2010-\u2015\u00a0]*/gu)) {
    const number = national(run);
    if (OF_VIETNAM.test(number)) return number;
  }
  return "";
}

function national(run) {
  const digits = run.replace(/\D/g, "").replace(/^0084/, "84");
  if (/^84/.test(digits) && digits.length > 10) return `0${digits.slice(2).replace(/^0/, "")}`;
  return digits.length === 9 ? `0${digits}` : digits;
}
