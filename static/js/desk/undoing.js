// The tap was wrong: what was written is taken back, with a reason. Who came is undone, what was handed counts no more.
import { entries } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { clock, today } from "../gate/clock.js";
import { dayWindow } from "../gate/list.js";
import { keepHand } from "../hand.js";
import { button, el } from "../judge/dom.js";
import { t } from "../words.js";
import { undo, undoneHere } from "./cards.js";
import { desk, open } from "./delegation.js";
import { cardPurposes } from "./held.js";
import { parts } from "./parts.js";
import { askReason } from "./reason.js";
import { last } from "./receipt.js";
import { correct } from "./saving.js";
import { countWords } from "./words.js";

const at = (entry) => entry.wall_ms + entry.offset_ms;

export async function undoLast() {
  const { done } = last;
  if (!done) return;
  const { delegation, record } = done.now;
  const n = done.scans.reduce((sum, entry) => sum + entry.body.persons.length, 0);
  const what = [n ? t("{n} người đến", { n }) : "", done.handout ? countWords(done.handout.body.items) : ""].filter(Boolean).join(", ");
  const reason = await askReason(t("Hoàn tác lượt vừa ghi"), [el("p", {}, t("Không tính nữa: {what}.", { what }))], t("Hoàn tác"));
  if (reason === null) return;
  for (const entry of done.scans) await undo(entry, reason);
  if (done.handout) await correct(delegation, done.handout.mid, null, reason, done.cards);
  last.done = null;
  syncNow();
  await open(delegation, record);
}

/** Whom this device let in and gave cards today, each time with its way back and the names. */
export async function drawCame({ delegation, everybody }) {
  const undone = await undoneHere();
  const cards = await cardPurposes();
  const mine = (await entries({ kind: "scan", subject: delegation.pass }))
    .filter((entry) => dayWindow(at(entry)) === today() && !undone.has(entry.mid) && !["rejected", "quarantined"].includes(entry.verdict));
  const names = new Map(everybody.map((person) => [person.code, person.name]));
  parts.came.hidden = !mine.length;
  keepHand(parts.came, () => parts.came.querySelector("ul").replaceChildren(...mine.map((entry) => line(entry, names, cards.has(entry.body.purpose)))), "button");
}

function line(entry, names, card) {
  const said = { n: entry.body.persons?.length ?? 0, time: clock(at(entry)) };
  const told = card ? t("{n} người nhận thẻ, lúc {time}", said) : t("{n} người, lúc {time}", said);
  return el("li", { "data-tone": "good" },
    el("details", {}, el("summary", {}, el("b", {}, told)), el("p", {}, (entry.body.persons ?? []).map((code) => names.get(code) ?? "?").join(", "))),
    button(t("Hoàn tác"), async () => {
      const reason = await askReason(t("Hoàn tác: {what}", { what: told }), [el("p", {}, card ? t("Những người này lại là chưa nhận thẻ.") : t("Những người này lại là chưa đến."))], t("Hoàn tác"));
      if (reason === null) return;
      await undo(entry, reason);
      syncNow();
      await open(desk.now.delegation, desk.now.record);
    }, "second", { "data-hand": entry.mid, "aria-label": `${t("Hoàn tác")}, ${told}` }));
}
