// Which delegation stands at the desk? By its name, the ten digits below its QR, its pass, or the pass of one of its families.
import { firstFormLeft, look } from "../gate/list.js";
import { listId, NotAPass, normalise, readTyped } from "../gate/pass-code.js";
import { people } from "../gate/people.js";
import { sideWords, tokenOf } from "../gate/typed-text.js";
import { keepHand, tell as say } from "../hand.js";
import { el } from "../judge/dom.js";
import { t } from "../words.js";
import { open } from "./delegation.js";
import { delegationOf, delegations, handed, handings, insideOf, matching, records } from "./held.js";
import { parts, screen, shown } from "./parts.js";
import { countWords } from "./words.js";

const SHOWN_MAX = 40;
const WHOLE_PASS = 30; // characters from which on a text without a blank is a pass, not a name

const tell = (words) => { parts["search-error"].textContent = words; };
let drawing = 0;

/** The list below the box: all delegations, or those the text means. */
export async function drawFound() {
  const mine = ++drawing;
  if (shown() !== "find") return;
  const [all, known] = [await delegations(), await records()];
  const hit = ofCode(all, parts.search.value);
  const found = hit ? [hit] : matching(all, parts.search.value);
  const rows = await Promise.all(found.slice(0, SHOWN_MAX).map((each) => row(each, known.get(each.pass))));
  if (mine !== drawing) return;
  parts["found-said"].textContent = !all.length ? t("Máy chưa tải danh sách các đoàn. Nối mạng một lần để tải.")
    : !found.length ? t("Không có đoàn nào tên như vậy.")
    : found.length > SHOWN_MAX ? t("{n} đoàn; gõ thêm tên để thấy các đoàn còn lại.", { n: found.length }) : t("{n} đoàn", { n: found.length });
  keepHand(parts.found, () => parts.found.replaceChildren(...rows), "button");
}

async function row(each, record) {
  const everybody = record ? people(record) : [];
  const inside = (await insideOf(everybody)).size;
  const given = countWords(handed(await handings(each.pass)));
  const tone = everybody.length && inside === everybody.length ? "good" : "";
  return el("li", {}, el("button", { type: "button", class: "button button-second button-wide desk-found", "data-hand": each.pass, "data-tone": tone, onclick: () => open(each, record) },
    el("b", {}, each.name), el("span", {}, t("{n} trên {all} người đã đến", { n: inside, all: everybody.length })),
    el("small", {}, given ? t("Đã giao: {what}", { what: given }) : t("Chưa giao gì"))));
}

function ofCode(all, text) {
  try {
    const typed = readTyped(text);
    return all.find((each) => each.typed === typed);
  } catch { return undefined; }
}

/** Enter: a pass that a scanner has typed, the code of a card, or the only delegation that is left. */
export async function search(event) {
  event?.preventDefault();
  const text = parts.search.value.trim();
  tell("");
  if (!text) return;
  if (normalise(text).length >= WHOLE_PASS) {
    parts.search.value = "";
    await seen(text);
    return;
  }
  const [all, known] = [await delegations(), await records()];
  const hit = ofCode(all, text);
  const found = hit ? [hit] : matching(all, text);
  if (found.length === 1) { open(found[0], known.get(found[0].pass)); return; }
  if (!found.length) parts["found-said"].textContent = "";
  if (!found.length) tell(/^[\d\s.-]+$/.test(text) ? t("Không đoàn nào có mã này. So lại từng số với thẻ của đoàn, hoặc gõ tên đoàn.") : t("Không có đoàn nào tên như vậy. Thử một chữ trong tên huyện, xã."));
  else tell(t("Còn {n} đoàn. Gõ thêm tên, hoặc chạm vào đoàn ở dưới.", { n: found.length }));
}

/** A keyboard scanner has read, wherever the hand is; who stands at the desk is not sent away by the next pass. */
export function scanned(text) {
  if (document.querySelector("dialog[open]") || shown() === "opened") { say(t("Xong việc đang làm rồi quét lại thẻ vừa đưa.")); return; }
  screen("find");
  seen(text).then(drawFound).catch(console.error);
}

/** A code was read by camera or scanner. */
export async function seen(text) {
  tell("");
  let token;
  try {
    token = await tokenOf(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    tell(sideWords(wrong.why) || (wrong.why === "check" ? t("Mã bị sai hoặc rách. Quét lại, hoặc gõ tên đoàn.") : t("Không phải thẻ của ngày hội. Gõ tên đoàn.")));
    return;
  }
  const pass = await listId(token);
  const [all, known] = [await delegations(), await records()];
  const found = delegationOf(all, known, pass);
  if (found) { open(found, known.get(found.pass), found.pass === pass ? "" : pass); return; }
  const { kind } = await look(token);
  if (kind === "replaced") tell(t("Thẻ này đã được cấp lại. Gõ tên đoàn."));
  else if (kind === "unknown") tell((await firstFormLeft()) && !all.length ? t("Máy chưa tải danh sách các đoàn. Nối mạng một lần để tải.") : t("Thẻ này chưa có trong danh sách trên máy. Gõ tên đoàn."));
  else tell(t("Thẻ của {name}, không thuộc đoàn nào. Điểm danh ở trang quét.", { name: known.get(pass)?.name ?? t("một người") }));
}
