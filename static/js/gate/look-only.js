// What does a pass tell when somebody only wants to look: who of it is in, since when, by which gate? Nothing is written.
import { t } from "../words.js";
import { clock } from "./clock.js";
import { made, parts } from "./parts.js";
import { purposeOf } from "./purposes.js";
import { hear, say } from "./verdict.js";

export function lookOnly(reading, { told, admitted, moves, closed }) {
  const there = reading.everybody.filter(({ code }) => admitted.has(code) && moves.get(code)?.way !== "out");
  const title = there.length ? t("Đã ghi {n} trên {all} người", { n: there.length, all: reading.everybody.length }) : t("Chưa ghi ai");
  const text = [t("Chỉ xem, không ghi: {purpose}.", { purpose: purposeOf(reading.purpose).name }), closed].filter(Boolean).join(" ");
  say("note", title, { ...told, word: t("Chỉ xem"), number: there.length, text });
  parts["verdict-people"].replaceChildren(...reading.everybody.map((line) => row(line, admitted.get(line.code), moves.get(line.code))));
  hear();
}

function row({ name, group }, held, move) {
  const out = move?.way === "out" && t("ra lúc {time}", { time: clock(move.at) });
  const line = made("p", { className: "gate-person gate-who" });
  const since = held ? [clock(held.at), held.gate].filter(Boolean).join(", ") : t("chưa ghi");
  line.append(made("b", { textContent: name }), made("span", { className: "hint", textContent: [group, since, out].filter(Boolean).join(" · ") }));
  line.dataset.there = String(Boolean(held && !out));
  return line;
}
