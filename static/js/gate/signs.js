// What does whoever stands at the gate see of a pass beside the names? Discreet signs, in words; a record holds numbers only.
import { t } from "../words.js";
import { people } from "./people.js";

/** The signs of a record, in one line; "" when there is none. */
export function signs(record) {
  const { np = 0 } = record;
  if (!np) return "";
  return np < people(record).length ? t("Không đăng hình ảnh: {n} người", { n: np }) : t("Không đăng hình ảnh");
}
