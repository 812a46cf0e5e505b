// A pass is held up to the camera of the desk: a dialog that is open only so long.
import { NoCamera, watch } from "../gate/scanner.js";
import { t } from "../words.js";
import { seen } from "./find.js";
import { parts } from "./parts.js";

let camera = null;

export async function openCamera() {
  parts["camera-box"].showModal();
  parts["camera-words"].textContent = t("Đưa thẻ của đoàn vào giữa khung");
  try {
    camera = await watch(parts.camera, { seen: found, resting: () => !parts["camera-box"].open, lost });
    if (!parts["camera-box"].open) stop();
  } catch (wrong) {
    lost(wrong);
  }
}

function found(text) {
  closeCamera();
  seen(text).catch(console.error);
}

function lost(wrong) {
  if (!(wrong instanceof NoCamera)) throw wrong;
  parts["camera-words"].textContent = wrong.why === "refused"
    ? t("Trình duyệt chưa được phép dùng máy ảnh. Mở cài đặt trang, cho phép Máy ảnh rồi thử lại.") : t("Chưa dùng được máy ảnh. Gõ tên đoàn hoặc mười số dưới mã QR.");
}

function stop() {
  camera?.stop();
  camera = null;
}

export function closeCamera() {
  stop();
  parts["camera-box"].close();
}
