// A delegation stands at the desk: who of it has come, what is it handed, who receives it? All on one screen, written by one tap.
import { people } from "../gate/people.js";
import { t } from "../words.js";
import { cardedOf, receivers } from "./cards.js";
import { clearCounts, counts, drawCounts, follow, notANumber, unreadableNow } from "./counting.js";
import { drawFamilies, tickAll, ticked } from "./families.js";
import { handed, handings, insideOf } from "./held.js";
import { drawHandings } from "./handings.js";
import { parts, screen } from "./parts.js";
import { showPaper } from "./receipt.js";
import { write } from "./saving.js";
import { drawCame } from "./undoing.js";
import { countWords } from "./words.js";

/** {delegation, record, everybody, inside}: who stands at the desk; null for nobody. */
export const desk = { now: null };

/** `only`: the pass of the family that came; without it everybody who is not in yet is ticked. */
export async function open(delegation, record, only = "") {
  parts.search.value = "";
  parts["write-error"].textContent = "";
  parts.receiver.value = delegation.head;
  const everybody = record ? people(record) : [];
  desk.now = { delegation, record: record ?? { groups: [], members: [] }, everybody, inside: await insideOf(everybody), carded: await cardedOf(everybody) };
  parts["opened-name"].textContent = delegation.name;
  drawFamilies(desk.now, only, changed);
  clearCounts();
  await redraw();
  screen("opened");
}

/** What was handed before, and what is suggested now; who was ticked stays. */
export async function redraw() {
  const { delegation } = desk.now;
  const all = await handings(delegation.pass);
  drawHandings(all, delegation);
  desk.now.carded = await cardedOf(desk.now.everybody);
  await drawCame(desk.now);
  drawCounts(handed(all), { card: desk.now.everybody.length, meal: delegation.meals, number: delegation.entries }, said);
  changed();
}

function changed() {
  const { everybody, inside } = desk.now;
  const n = ticked().length;
  parts["opened-said"].textContent = t("{n} trên {all} người đã đến", { n: inside.size, all: everybody.length });
  parts["opened-old"].hidden = everybody.length > 0;
  parts["all-none"].hidden = inside.size === everybody.length;
  follow(inside.size + n);
  said();
}

function said() {
  const n = ticked().length;
  const given = countWords(counts());
  parts["write-said"].textContent = [n ? t("{n} người đến", { n }) : "", given ? t("giao {what}", { what: given }) : ""].filter(Boolean).join(", ")
    || t("Chưa chọn ai và chưa giao gì.");
  parts["card-said"].textContent = receivers(counts().card, ticked(), desk.now) === null ? t("Số thẻ khác số người chưa có thẻ: không ghi ai nhận thẻ. Ai nhận sau thì quét ở cổng, mục nhận thẻ.") : "";
}

export function everybody(on) {
  tickAll(on);
  changed();
}

let busy = false; // a second tap while the first is being stored writes nothing twice

export async function writeDown() {
  if (busy) return;
  const persons = ticked();
  const items = counts();
  parts["write-error"].textContent = "";
  const slip = unreadableNow();
  if (slip) {
    parts["write-error"].textContent = notANumber(slip);
    slip.focus();
    return;
  }
  if (!persons.length && !countWords(items)) {
    parts["write-error"].textContent = t("Chọn ai đã đến, hoặc ghi số lượng đã giao.");
    return;
  }
  busy = true;
  try {
    const done = await write(desk.now.delegation, persons, items, parts.receiver.value.trim(), receivers(items.card, persons, desk.now) ?? []);
    Object.assign(desk.now, { inside: await insideOf(desk.now.everybody), carded: await cardedOf(desk.now.everybody) });
    await showPaper(desk.now, done);
  } catch (wrong) {
    console.error(wrong);
    parts["write-error"].textContent = t("Chưa lưu được trên máy: máy hết chỗ hoặc trình duyệt không cho lưu. Ghi ra giấy và báo trưởng cổng.");
  } finally {
    busy = false;
  }
}
