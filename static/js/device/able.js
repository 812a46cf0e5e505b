// Can this browser be a device of the festival? One sentence for a person when not.
import { inTime, Unanswered, unansweredWords } from "./opening.js";
import { writeMeta } from "./store.js";
import { t } from "../words.js";

const READY_MS = 30_000; // a second copy may have to be filled first

/** "" when everything needed is there: asked before a one-time code is spent and before a gate opens. */
export async function obstacle() {
  if (!globalThis.isSecureContext || !navigator.locks || !globalThis.crypto?.subtle) {
    return t("Trang này cần địa chỉ bắt đầu bằng https và trình duyệt mới. Mở bằng Chrome đúng liên kết văn phòng đã gửi.");
  }
  try {
    await inTime(writeMeta("probe", Date.now()), READY_MS);
  } catch (wrong) {
    if (wrong instanceof Unanswered) return unansweredWords();
    return t("Trình duyệt không cho lưu trên máy này. Thoát chế độ ẩn danh, cho phép trang lưu dữ liệu và xem máy còn chỗ trống không, rồi mở lại.");
  }
  return "";
}
