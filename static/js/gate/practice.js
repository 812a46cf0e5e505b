// With what does a volunteer practise before the gate opens? A pass that every phone knows and nothing writes down.
import { t } from "../words.js";
import { encode } from "./pass-code.js";

export const PRACTICE = encode(new Uint8Array(16));
export const PRACTICE_RECORD = {
  t: "family", name: t("Gia đình mẫu"), unit: t("Thẻ tập thử, không ghi vào đâu"),
  members: [{ c: "1", n: t("Ông Mẫu"), r: "" }, { c: "2", n: t("Bà Mẫu"), r: "" }, { c: "3", n: t("Cháu Mẫu"), r: "" }],
};
