// How is each thing called that a desk hands out, and a row of counts said?
import { t } from "../words.js";
import { ITEMS } from "./held.js";

export const THINGS = { card: t("Thẻ"), meal: t("Phiếu ăn"), flag: t("Cờ"), number: t("Số báo danh") };

const COUNTED = {
  card: (n) => t("{n} thẻ", { n }), meal: (n) => t("{n} phiếu ăn", { n }), flag: (n) => t("{n} cờ", { n }), number: (n) => t("{n} số báo danh", { n }),
};

/** "30 thẻ, 90 phiếu ăn"; "" when nothing. */
export const countWords = (items) => ITEMS.filter((item) => items[item]).map((item) => COUNTED[item](items[item])).join(", ");
