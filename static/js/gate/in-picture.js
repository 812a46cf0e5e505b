// Of the codes in one picture, which is meant? Pure. A pass counts before any other code; of two passes none is guessed.
import * as first from "./first-form.js";
import { decode, isWhole, NotAPass } from "./pass-code.js";

const isPass = (text) => [decode, first.decode].some((read) => {
  try {
    read(text);
    return true;
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    return isWhole(wrong);
  }
});

/** "" = none; null = several, and nobody can say which */
export function meant(texts) {
  const passes = texts.filter(isPass);
  const [one = "", ...others] = passes.length ? passes : texts;
  return others.length ? null : one;
}
