// Can this browser be a device of the festival? One sentence for a person when not.
import { writeMeta } from "./store.js";
import { t } from "../words.js";

/** "" when everything needed is there: asked before a one-time code is spent and before a gate opens. */
export async function obstacle() {
  if (!globalThis.isSecureContext || !navigator.locks || !globalThis.crypto?.subtle) {
    return t("Trang này cần địa chỉ bắt đầu bằng https và trình duyệt mới. Mở bằng Chrome đúng liên kết văn phòng đã gửi.");
  }
  try {
    await writeMeta("probe", Date.now());
  } catch {
    return t("Trình duyệt không cho lưu trên máy này. Thoát chế độ ẩn danh, cho phép trang lưu dữ liệu và xem máy còn chỗ trống không, rồi mở lại.");
  }
  return "";
}
