// How is the child's family found without a network: any pass of it in the camera, a whole code, or a name.
import { fold } from "../gate/list.js";
import { listId, NotAPass } from "../gate/pass-code.js";
import { NoCamera, watch } from "../gate/scanner.js";
import { sideWords, tokenOf } from "../gate/typed-text.js";
import { t } from "../words.js";
import { families, kinOf } from "./kin.js";
import { $, made, notKept } from "./page.js";

const FOUND_MAX = 20;
let camera = null;
let turn = 0; // a camera that opens after the dialog was closed is let go

/** `found({id, group}, by)` gets the family. */
export async function readPass(text, found) {
  let token;
  try {
    token = await tokenOf(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    return tell(sideWords(wrong.why) || (wrong.why === "check" ? t("Mã bị sai hoặc rách. Quét lại, hoặc tìm theo tên.") : t("Không phải thẻ của ngày hội. Tìm theo tên.")));
  }
  const id = await listId(token);
  const group = await kinOf(id);
  if (!group) return tell(t("Máy chưa có gia đình của thẻ này. Nối mạng, hoặc tìm theo tên."));
  tell("");
  return found({ id, group }, "pass");
}

const tell = (words) => { $("find-error").textContent = words; };

export async function search(event, found) {
  event.preventDefault();
  const text = $("find-text").value.trim();
  $("found").replaceChildren();
  $("found-said").textContent = "";
  tell("");
  if (/^[\d\s.]{40,}$/.test(text) || /^F1/i.test(text)) { $("find-text").value = ""; await readPass(text, found); return; }
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.join("").length < 3) { tell(t("Gõ ít nhất ba chữ của tên.")); return; }
  const namesOf = ({ group }) => [group.name, ...group.children.map(([, name]) => name), ...group.adults.map(([, name]) => name)].map((name) => ` ${fold(name)} `);
  const hits = (await families()).filter((hit) => words.every((word) => namesOf(hit).join("").includes(` ${word}`)));
  // whoever is called just so stands before a family whose people only share the words
  const likeness = (hit) => (namesOf(hit).some((name) => name.includes(` ${words.join(" ")} `)) ? 0 : 1);
  hits.sort((a, b) => likeness(a) - likeness(b));
  $("found-said").textContent = hits.length > FOUND_MAX ? t("Tìm thấy {n} gia đình. Gõ thêm tên.", { n: hits.length }) : t("Tìm thấy {n} gia đình.", { n: hits.length });
  $("found").replaceChildren(...hits.slice(0, FOUND_MAX).map((hit) => {
    const opener = made("button", { type: "button", className: "button button-second button-wide gate-found" },
      made("b", { textContent: hit.group.name }), made("span", { textContent: hit.group.unit }), made("small", { textContent: hit.group.children.map(([, name]) => name).join(", ") }));
    opener.addEventListener("click", () => found(hit, "name").catch(notKept));
    return made("li", {}, opener);
  }));
}

export async function openCamera(found) {
  const mine = ++turn;
  $("camera-box").showModal();
  $("camera-words").textContent = t("Đưa thẻ của trẻ hoặc của gia đình vào giữa khung");
  const seen = (text) => { closeCamera(); readPass(text, found).catch(notKept); };
  try {
    const opened = await watch($("camera"), { seen, resting: () => !$("camera-box").open, lost });
    if (mine !== turn) opened.stop(); else camera = opened;
  } catch (wrong) {
    lost(wrong);
  }
}

function lost(wrong) {
  if (!(wrong instanceof NoCamera)) throw wrong;
  $("camera-words").textContent = wrong.why === "refused"
    ? t("Trình duyệt chưa được phép dùng máy ảnh. Mở cài đặt trang, cho phép Máy ảnh rồi thử lại.")
    : t("Chưa dùng được máy ảnh. Tìm theo tên.");
}

export function closeCamera() {
  turn += 1;
  camera?.stop();
  camera = null;
  $("camera-box").close();
}
