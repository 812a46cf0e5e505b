// For what is a pass held up: to come in, for a meal, for a card? The words of each kind, which one is chosen among those
// open now, and whether somebody comes, goes, or only looks.
import { serverNow } from "../device/clock.js";
import { t } from "../words.js";
import { today } from "./clock.js";
import { made, parts } from "./parts.js";
import { readStanding, standing } from "./standing.js";
import { hourWords, nearest, windowAt } from "./windows.js";

let drawn = ""; // a list that is open is not drawn anew under the hand
let picked = null; // {code, way, day}: what somebody has chosen, and on which day
const before = (n) => t("Đã nhận trước: {n} người.", { n });
const still = t("Vẫn ghi");
const why = t("Ghi, có lý do");
const WORDS = {
  entry: {
    still: t("Vẫn cho vào"), why: t("Cho vào, có lý do"), welcome: t("Mời vào"), again: t("Đã điểm danh rồi"), spoken: t("Đã vào rồi"),
    just: t("Vừa cho vào"), before: (n) => t("Đã vào trước: {n} người.", { n }),
  },
  meal: { welcome: t("Phát suất ăn"), again: t("Đã nhận suất ăn"), spoken: t("Đã nhận rồi"), just: t("Vừa phát"), before, still, why },
  card: { welcome: t("Phát thẻ"), again: t("Đã nhận thẻ"), spoken: t("Đã nhận rồi"), just: t("Vừa phát"), before, still, why },
  gift: { welcome: t("Phát quà"), again: t("Đã nhận quà"), spoken: t("Đã nhận rồi"), just: t("Vừa phát"), before, still, why },
  room: { welcome: t("Giao phòng"), again: t("Đã nhận phòng"), spoken: t("Đã nhận rồi"), just: t("Vừa giao"), before, still, why },
};

/** The words of a purpose, also of one that is put away by now. */
export const wordsOf = (code) => WORDS[purposeOf(code)?.kind ?? code] ?? WORDS.card;

/** One that is put away by now has its name and kind still. */
export const purposeOf = (code) => standing.purposes.find((each) => each.code === code) ?? away(code);

const away = (code) => standing.ever[code] && { ...standing.ever[code], every: "hours", windows: [], away: true };

// What somebody has chosen stays also when it is put away: nothing is read for a purpose that nobody chose.
function offered() {
  const known = standing.purposes;
  const gone = picked && !known.some(({ code }) => code === picked.code) && away(picked.code);
  return gone ? [...known, gone] : known;
}

/** {purpose, window: {key, name} or null when it is closed now, way: "in" | "out" | "look"} */
export function chosen() {
  const purpose = purposeOf(parts.purpose.value) ?? standing.purposes[0];
  return { purpose, window: windowAt(purpose, serverNow().getTime()), way: way(purpose) };
}

function way(purpose) {
  const wanted = parts.way.querySelector(":checked")?.value ?? "in";
  return wanted === "out" && !goesOut(purpose) ? "in" : wanted;
}

const goesOut = (purpose) => standing.exits && purpose.kind === "entry";

// A page that is loaded anew in the middle of a meal goes on counting meals; a new day begins at the gate.
export async function keepPurpose() {
  await readStanding();
  const before = JSON.parse(sessionStorage.getItem("gate-chosen"));
  picked = before?.day === today() ? before : null;
  drawPurposes();
  parts.purpose.value = purposeOf(picked?.code)?.code ?? standing.purposes[0].code;
  for (const each of parts.way.querySelectorAll("input")) each.checked = each.value === (picked?.way ?? "in");
  for (const each of [parts.purpose, parts.way]) each.addEventListener("change", pick);
  drawPurposes();
}

function pick() {
  const { purpose, way: going } = chosen();
  picked = { code: purpose.code, way: going, day: today() };
  sessionStorage.setItem("gate-chosen", JSON.stringify(picked));
  drawPurposes();
}

/** Those open now may be chosen, the others say when they open. The one that is chosen stays, or the screen would lie. */
export function drawPurposes() {
  const now = serverNow().getTime();
  const held = parts.purpose.value;
  const lines = offered().map((purpose) => {
    const open = windowAt(purpose, now);
    const next = open ? null : nearest(purpose, now);
    const later = next?.opens_ms > now && t("mở {time}", { time: hourWords(next.opens_ms, now) });
    const tail = open ? open.name : later || (purpose.away ? t("đã cất") : t("đã đóng"));
    return { value: purpose.code, textContent: tail && tail !== purpose.name ? `${purpose.name} · ${tail}` : purpose.name, disabled: !open };
  });
  if (JSON.stringify(lines) !== drawn) {
    parts.purpose.replaceChildren(...lines.map((line) => made("option", line)));
    drawn = JSON.stringify(lines);
    parts.purpose.value = purposeOf(held)?.code ?? standing.purposes[0].code;
  }
  const { purpose, way: going } = chosen();
  parts["way-out"].hidden = !goesOut(purpose);
  parts["way-in"].lastElementChild.textContent = purpose.kind === "entry" ? t("Vào") : t("Ghi");
  for (const each of parts.way.querySelectorAll("input")) each.checked = each.value === going;
  parts.view.dataset.way = going;
}
