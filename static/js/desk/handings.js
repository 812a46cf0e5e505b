// What was this delegation handed before? Each with its way back: counted again, taken back, and given again.
import { keepHand } from "../hand.js";
import { clock } from "../gate/clock.js";
import { el, button } from "../judge/dom.js";
import { t } from "../words.js";
import { cardsWith } from "./cards.js";
import { notANumber, read, stepper, unreadable } from "./counting.js";
import { redraw } from "./delegation.js";
import { ITEMS, taken } from "./held.js";
import { parts } from "./parts.js";
import { askReason } from "./reason.js";
import { correct } from "./saving.js";
import { countWords } from "./words.js";

export function drawHandings(all, delegation) {
  parts.handings.hidden = !all.length;
  keepHand(parts.handings, () => parts.handings.querySelector("ul").replaceChildren(...all.map((each) => line(each, delegation))), "button");
}

function line(each, delegation) {
  const when = clock(each.at_ms);
  const gone = taken(each);
  const whose = [when, each.receiver].filter(Boolean).join(", ");
  const again = button(gone ? t("Giao lại") : t("Sửa số"), () => countAgain(each, delegation, whose), "second", { "data-hand": `again-${each.root}`, "aria-label": `${gone ? t("Giao lại") : t("Sửa số")}, ${whose}` });
  const back = gone ? null : button(t("Bỏ lượt này"), () => takeBack(each, delegation, whose), "second", { "data-hand": `back-${each.root}`, "aria-label": `${t("Bỏ lượt này")}, ${whose}` });
  return el("li", { "data-tone": gone ? "bad" : "good" },
    el("p", {}, el("b", {}, gone ? t("Đã bỏ") : countWords(each.items)), el("span", { class: "hint" }, [whose, each.station, each.waiting ? t("đã lưu trên máy") : ""].filter(Boolean).join(" · "))),
    el("div", { class: "row" }, again, back));
}

async function countAgain(each, delegation, whose) {
  const rows = ITEMS.map((item) => {
    const made = stepper(item, null, (by) => { if (by) input().value = String(Math.max(0, read(input()) + by)); }, each.items[item] ?? 0);
    const input = () => made.querySelector("input");
    return made;
  });
  const boxes = rows.map((row) => row.querySelector("input"));
  const slip = () => { const found = unreadable(boxes); return found ? { box: found, words: notANumber(found) } : null; };
  const reason = await askReason(t("Sửa số đã giao, {whose}", { whose }), rows, t("Ghi số này"), slip);
  if (reason === null) return;
  const items = Object.fromEntries(ITEMS.map((item, place) => [item, read(boxes[place])]));
  const some = Object.values(items).some(Boolean);
  await correct(delegation, each.root, some ? items : null, reason, some ? [] : await cardsWith(delegation.pass, each.root));
  await redraw();
}

async function takeBack(each, delegation, whose) {
  const reason = await askReason(t("Bỏ lượt giao, {whose}", { whose }), [el("p", {}, t("{what} không tính nữa. Giao lại được sau này.", { what: countWords(each.items) }))], t("Bỏ lượt này"));
  if (reason === null) return;
  await correct(delegation, each.root, null, reason, await cardsWith(delegation.pass, each.root));
  await redraw();
}
