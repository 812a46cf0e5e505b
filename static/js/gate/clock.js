// How is a moment written at the gate? Vietnam's time of day; with the date when it was on another day.
import { serverNow } from "../device/clock.js";
import { t } from "../words.js";
import { dayWindow } from "./list.js";

export const today = () => dayWindow(serverNow().getTime());

export function clock(ms) {
  const at = new Date(ms + 7 * 3600_000);
  const minutes = String(at.getUTCMinutes()).padStart(2, "0");
  const time = `${at.getUTCHours()}:${minutes}`;
  return dayWindow(ms) === today() ? time : t("{time} ngày {day}", { time, day: `${at.getUTCDate()}/${at.getUTCMonth() + 1}` });
}
