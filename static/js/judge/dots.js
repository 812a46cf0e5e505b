// Where does this sheet lie among the judge's own earlier ones? Dots on one axis; nobody else's marks are here.
import { el } from "./dom.js";
import { written } from "./marks.js";
import { t } from "../words.js";

const WIDE = 600;
const NARROW = 300; // on a phone: half as wide, so that the numbers under the line stay as large as other words
const HEIGHT = 84;
const MARGIN = 24;

/** earlier: [{total, name}], now: milli or null, low/high: the least and most a sheet can have. */
export function dots(earlier, now, low, high) {
  const phone = matchMedia("(max-width: 759px)").matches;
  const width = phone ? NARROW : WIDE;
  const totals = [...earlier.map((each) => each.total), ...(now === null ? [] : [now])];
  // the axis is cut to where the dots are, or nobody could tell 86 from 88 on a line of 100
  const from = totals.length ? Math.max(low, Math.min(...totals) - (high - low) / 20) : low;
  const to = totals.length ? Math.min(high, Math.max(...totals) + (high - low) / 20) : high;
  const x = (total) => MARGIN + ((total - from) / Math.max(1, to - from)) * (width - 2 * MARGIN);
  const words = earlier.length
    ? t("Tổng điểm ông/bà đã cho: {list}", { list: earlier.map((each) => `${each.name} ${written(each.total)}`).join("; ") })
    : t("Chưa có phiếu nào trước đó.");
  return el("svg", { class: `judge-dots${phone ? " judge-dots-phone" : ""}`, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": words },
    el("line", { x1: MARGIN, y1: 40, x2: width - MARGIN, y2: 40 }),
    el("text", { x: MARGIN, y: 76, "text-anchor": "start" }, written(Math.round(from / 1000) * 1000)),
    el("text", { x: width - MARGIN, y: 76, "text-anchor": "end" }, written(Math.round(to / 1000) * 1000)),
    earlier.map((each) => el("circle", { cx: x(each.total), cy: 40, r: 9 }, el("title", {}, `${each.name}: ${written(each.total)}`))),
    now === null ? null : el("g", { class: "judge-dots-now" },
      el("circle", { cx: x(now), cy: 40, r: 13 }, el("title", {}, written(now))),
      el("text", { x: Math.min(Math.max(x(now), 40), width - 40), y: 18, "text-anchor": "middle" }, written(now))),
  );
}
