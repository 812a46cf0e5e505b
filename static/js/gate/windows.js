// When does a purpose hold: each day, once for the whole festival, or within hours that the organiser has named? Pure.
import { t } from "../words.js";
import { dayWindow } from "./list.js";

export const WHOLE_FESTIVAL = "-";

/** {key, name} of the window a moment falls in, or null: outside the hours. */
export function windowAt(purpose, ms) {
  if (purpose.every === "hours") return hours(purpose).find((each) => each.opens_ms <= ms && ms < each.closes_ms) ?? null;
  return { key: purpose.every === "once" ? WHOLE_FESTIVAL : dayWindow(ms), name: "" };
}

/** The nearest window, in which the server counts what was forced outside the hours; null when there is none. */
export function nearest(purpose, ms) {
  const apart = (each) => Math.max(each.opens_ms - ms, ms - each.closes_ms, 0);
  return hours(purpose).reduce((best, each) => (best && apart(best) <= apart(each) ? best : each), null);
}

const hours = (purpose) => (purpose.windows ?? []).map((each) => ({ ...each, key: each.code })).sort((a, b) => a.opens_ms - b.opens_ms);

/** "10 giờ 30", with the date when it is another festival day than that of `now`. */
export function hourWords(ms, now) {
  const at = new Date(ms + 7 * 3600_000);
  const [hour, minutes] = [at.getUTCHours(), at.getUTCMinutes()];
  const time = minutes ? t("{hour} giờ {minutes}", { hour, minutes: String(minutes).padStart(2, "0") }) : t("{hour} giờ", { hour });
  if (dayWindow(ms) === dayWindow(now)) return time;
  return t("{time} ngày {day}", { time, day: `${at.getUTCDate()}/${at.getUTCMonth() + 1}` });
}

/** Why a pass is refused now, with the hour in words: what has closed, and what opens next. */
export function closedWords(purpose, now) {
  if (purpose.away) return t("{purpose} đã được cất. Chọn mục đích khác.", { purpose: purpose.name });
  const near = nearest(purpose, now);
  if (!near) return t("Chưa có giờ nào cho {purpose}. Hỏi trưởng cổng.", { purpose: purpose.name });
  const next = hours(purpose).find((each) => each.opens_ms > now);
  return [
    near.opens_ms <= now && t("{purpose} đã đóng lúc {time}.", { purpose: near.name, time: hourWords(near.closes_ms, now) }),
    next && t("{purpose} mở lúc {time}.", { purpose: next.name, time: hourWords(next.opens_ms, now) }),
  ].filter(Boolean).join(" ");
}
