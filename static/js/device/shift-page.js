// The page where a device goes from hand to hand at the end of a shift.
import { obstacle } from "./able.js";
import { device } from "./enrol.js";
import { handTo, holder } from "./shift.js";
import { turnAway } from "./turned-away.js";
import { t } from "../words.js";

const $ = (id) => document.getElementById(id);
const clock = (ms) => new Date(ms).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
let mine = null;

function draw(now) {
  $("held").textContent = !now ? t("Chưa ghi ai giữ máy này.")
    : now.name ? t("{name} giữ máy từ {time}.", { name: now.name, time: clock(now.at) })
    : t("Máy đang cất từ {time}. Ai nhận máy thì ghi tên.", { time: clock(now.at) });
  const undo = $("undo");
  undo.hidden = !now?.before || now.before === now.name;
  if (!undo.hidden) undo.querySelector("span").textContent = t("Ghi nhầm, trả lại cho {name}", { name: now.before });
  $("away").hidden = !now?.name;
  $("away").open = false;
}

async function hand(name) {
  $("holder-error").textContent = "";
  try {
    draw(await handTo(mine, name));
    $("holder").value = "";
    return true;
  } catch {
    $("holder-error").textContent = t("Chưa lưu được. Xem máy còn chỗ trống không, rồi bấm lại.");
    return false;
  }
}

$("hand-over").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("holder").value.trim().replace(/\s+/g, " ");
  if (name.length < 2) { $("holder-error").textContent = t("Ghi họ tên người nhận máy."); $("holder").focus(); return; }
  await hand(name);
});
$("undo").addEventListener("click", async () => { await hand((await holder()).before); });
// The lists lie in the stores of the working page: it forgets them as soon as it opens.
$("put-away").addEventListener("click", async () => { if (await hand("")) location.assign(mine.page); });

const why = await obstacle();
mine = why ? null : await device();
if (why) $("held").textContent = why;
else if (!mine) turnAway("gate");
else if (mine.role === "judge") $("held").textContent = t("Máy chấm là của riêng giám khảo, không giao cho người khác.");
else {
  $("which").textContent = t("Giao máy {number}, {station}", { number: mine.number, station: mine.station });
  $("hand-over").hidden = false;
  draw(await holder());
}
$("back").href = mine?.page ?? "/enrol";
