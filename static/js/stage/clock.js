// How long has an act been on, and how long has it still? Pure: milliseconds in, words out.
import { t } from "../words.js";

/** 4:05 */
export function clockFace(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function clockWords(lastedMs, minutes) {
  const left = minutes * 60_000 - lastedMs;
  return left >= 0 ? t("còn {time} trên {n} phút", { time: clockFace(left), n: minutes }) : t("quá giờ {time}", { time: clockFace(-left) });
}
