// The page where a phone becomes a device of the festival.
import { obstacle } from "./able.js";
import { device, enrol, EnrolmentRefused } from "./enrol.js";
import { turnedAwayFrom } from "./turned-away.js";
import { numberBefore } from "./was.js";
import { t } from "../words.js";

const form = document.getElementById("enrol");
const code = document.getElementById("code");
const error = document.getElementById("enrol-error");
const done = document.getElementById("enrolled");
const already = document.getElementById("already");

const called = (role) => ({ gate: t("Cổng"), desk: t("Bàn tiếp đón"), lead: t("Trưởng cổng"), judge: t("Giám khảo"), ground: t("Sân thi đấu"), stage: t("Sân khấu") })[role];
// What a page that was opened in vain is for.
const FOR = { gate: () => t("máy ở cổng"), desk: () => t("máy ở bàn tiếp đón"), judge: () => t("máy của giám khảo"), ground: () => t("máy ở sân"), stage: () => t("máy ở sân khấu") };

// The QR carries the code behind "#": it reaches no server log. It is taken out of the address at once.
// The page may be open already when the phone's camera reads the QR: then only the part behind "#" changes.
function takeCode() {
  if (location.hash.length < 2) return;
  code.value = location.hash.slice(1).replace(/[^0-9A-Za-z-]/g, "");
  history.replaceState(null, "", location.pathname);
}
takeCode();
addEventListener("hashchange", takeCode);

// Before anything is waited for: a tap that comes early must not send the form the old way.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  error.textContent = "";
  if (code.value.replace(/[\s-]/g, "").length !== 8) { error.textContent = t("Mã gắn máy có tám ký tự, in trên màn hình văn phòng."); code.focus(); return; }
  button.disabled = true;
  try {
    const made = await enrol(code.value, phoneName());
    form.hidden = true;
    already.hidden = true;
    done.hidden = false;
    done.querySelector("b").textContent = t("Đã gắn: máy {number}, {station}", { number: made.number, station: made.station || called(made.role) });
    done.querySelector("p").textContent = made.kept
      ? t("Trình duyệt đã hứa giữ dữ liệu trên máy này.")
      : t("Trình duyệt chưa hứa giữ dữ liệu. Thêm trang vào màn hình chính để dữ liệu khó bị xóa.");
    done.querySelector("a").href = made.page;
    done.querySelector("a").focus();
  } catch (wrong) {
    error.textContent = wrong instanceof EnrolmentRefused && wrong.message
      ? wrong.message
      : t("Chưa nối được máy chủ. Kiểm tra mạng rồi bấm lại. Nếu máy báo mã đã dùng, xin văn phòng mã mới.");
    button.disabled = false;
  }
});

const why = await obstacle();
if (why) { error.textContent = why; form.querySelector("button").disabled = true; }
const held = why ? null : await device();
if (held) {
  already.hidden = false;
  already.querySelector("b").textContent = t("Máy này đã là máy {number}, {station}", { number: held.number, station: held.station || called(held.role) });
  already.querySelector("a").href = held.page;
}

const wanted = why ? null : FOR[turnedAwayFrom()]?.();
const gone = why || held ? null : await numberBefore();
if (wanted || gone) {
  const said = document.getElementById("turned-away");
  said.hidden = false;
  said.querySelector("p").textContent = gone
    ? t("Máy này trước là máy {number}, nhưng trình duyệt đã làm mất dữ liệu lưu trên máy, kể cả lượt chưa gửi. Báo văn phòng để đối chiếu, rồi xin mã gắn máy mới và gõ vào đây.", { number: gone })
    : held
    ? t("Trang vừa mở dành cho {wanted}; máy này là máy {number}, {station}. Mở trang làm việc của máy này, hoặc xin mã mới để gắn lại.", { wanted, number: held.number, station: held.station || called(held.role) })
    : t("Trang vừa mở dành cho {wanted}; máy này chưa gắn vào ngày hội. Xin văn phòng mã gắn máy rồi gõ vào đây.", { wanted });
}

function phoneName() {
  const brand = navigator.userAgentData?.platform ?? navigator.platform ?? "";
  const model = /Android [\d.]+; ([^;)]+)/.exec(navigator.userAgent)?.[1] ?? "";
  return [brand, model].filter(Boolean).join(" ").slice(0, 80);
}
