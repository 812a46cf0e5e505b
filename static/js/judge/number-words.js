// How is a number of points read aloud in Vietnamese? The same reading as festival/judging/number_words.py; both read
// tests/vectors/number_words.json. It is read back to a judge after sending, whatever the language of the screen.
const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

function belowHundred(n) {
  const tens = Math.floor(n / 10);
  const unit = n % 10;
  if (tens === 0) return DIGITS[unit];
  const head = tens === 1 ? "mười" : `${DIGITS[tens]} mươi`;
  if (unit === 0) return head;
  if (unit === 5) return `${head} lăm`;
  if (tens > 1 && unit === 1) return `${head} mốt`;
  if (tens > 1 && unit === 4) return `${head} tư`;
  return `${head} ${DIGITS[unit]}`;
}

function belowThousand(n, wholeGroup) {
  const hundreds = Math.floor(n / 100);
  const rest = n % 100;
  if (hundreds === 0 && !wholeGroup) return belowHundred(rest);
  const head = `${DIGITS[hundreds]} trăm`;
  if (rest === 0) return head;
  return rest < 10 ? `${head} lẻ ${DIGITS[rest]}` : `${head} ${belowHundred(rest)}`;
}

/** 0 … 999 999. */
export function wholeInWords(n) {
  if (!Number.isInteger(n) || n < 0 || n > 999_999) throw new RangeError("numbers of points are read up to 999 999");
  const thousands = Math.floor(n / 1000);
  const rest = n % 1000;
  if (thousands === 0) return belowThousand(rest, false);
  const head = `${belowThousand(thousands, false)} ngàn`;
  return rest === 0 ? head : `${head} ${belowThousand(rest, true)}`;
}

/** 8750 → "tám phẩy bảy mươi lăm". */
export function pointsInWords(milli) {
  if (milli < 0) return `âm ${pointsInWords(-milli)}`;
  const words = wholeInWords(Math.floor(milli / 1000));
  const part = milli % 1000;
  if (part === 0) return words;
  const digits = String(part).padStart(3, "0").replace(/0+$/, "");
  const zeros = digits.length - digits.replace(/^0+/, "").length;
  return `${words} phẩy ${"không ".repeat(zeros)}${belowThousand(Number(digits), false)}`;
}
