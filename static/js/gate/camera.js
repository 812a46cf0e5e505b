// The scan loop as the volunteer sees it: the camera starts, rests while the screen is taken, and says why it is gone.
import { focusFirst, tell } from "../hand.js";
import { t } from "../words.js";
import { chosenCamera, keepCamera, offerCameras } from "./cameras.js";
import { $, parts } from "./parts.js";
import { readPass } from "./read-pass.js";
import { NoCamera, watch } from "./scanner.js";
import { unlock } from "./signal.js";
import { inTurn, taken } from "./who-came.js";

const WHY = {
  refused: t("Trình duyệt chưa được phép dùng máy ảnh. Mở cài đặt trang, cho phép Máy ảnh rồi thử lại."),
  ended: t("Máy ảnh đã tắt, có thể ứng dụng khác đang dùng. Chạm “Thử lại”."),
  reader: t("Bộ đọc mã chưa mở được. Nối mạng, mở lại trang này rồi thử lại."),
  none: t("Ở đây chưa có máy ảnh. Nếu mở từ Zalo, sao chép liên kết rồi mở bằng Chrome."),
};
const AIM = t("Đưa mã QR trên thẻ vào giữa khung");
const SEVERAL = t("Trong khung có hai thẻ. Đưa từng thẻ một.");
let camera = null;
let lit = false;

export async function startCamera() {
  unlock();
  parts.start.hidden = true;
  parts["no-camera"].hidden = true;
  try {
    camera?.stop();
    const eyes = { seen: (text) => inTurn(() => taken() || readPass({ text, how: "camera" })), resting: taken, several, lost: cameraLost };
    camera = await watch(parts.camera, { ...eyes, camera: chosenCamera() });
    several(false);
    showTorch(false);
    await offerCameras(parts["camera-choice"], camera.camera);
    handTo("open-by-hand");
  } catch (wrong) {
    cameraLost(wrong);
  }
}

/** Another camera is chosen: it looks from now on, and whenever this phone is a gate. */
export function changeCamera() {
  keepCamera(parts["camera-choice"].value);
  return startCamera();
}

function several(many) {
  const words = many ? SEVERAL : AIM;
  if (parts["camera-words"].textContent !== words) parts["camera-words"].textContent = words;
  parts["camera-words"].dataset.tone = many ? "warn" : "";
}

function cameraLost(wrong) {
  if (!(wrong instanceof NoCamera)) throw wrong;
  parts["no-camera"].hidden = false;
  parts["no-camera-words"].textContent = WHY[wrong.why];
  tell(WHY[wrong.why]);
  handTo("retry-camera");
}

/** The button that was pressed is gone: the hand goes on here, unless it is somewhere else. */
function handTo(id) {
  if (document.activeElement === document.body) focusFirst($(id));
}

export function switchTorch() {
  lit = !lit;
  if (camera?.torch(lit)) { showTorch(lit); return; }
  showTorch(false);
  parts.torch.disabled = true;
  tell(t("Máy ảnh này không có đèn."));
}

function showTorch(on) {
  lit = on;
  parts.torch.disabled = false;
  parts.torch.setAttribute("aria-pressed", String(on));
}
