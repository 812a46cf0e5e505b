// What must be said on every page of a device: no room, put away, over, a copy that was lost, a list
// that the browser does not open.
import { onStaysOut, staysOut, unansweredWords } from "./opening.js";
import { wasLost } from "./store.js";
import { t } from "../words.js";

let last = {};
onStaysOut(() => drawNotice(last));

export function drawNotice(status) {
  last = status;
  const place = document.getElementById("device-notice");
  if (!place) return;
  const words = status.storage?.full
    ? t("Bộ nhớ máy đã đầy. Lượt vừa ghi vẫn được giữ nhờ chỗ dự trữ. Xóa bớt ảnh, ứng dụng ngay rồi mở lại trang.")
    : staysOut() ? unansweredWords()
    : status.storage?.near ? t("Bộ nhớ máy sắp đầy. Xóa bớt ảnh hoặc ứng dụng trên máy trước khi làm tiếp.")
    : wasLost() ? t("Trình duyệt đã làm hỏng dữ liệu trên máy; mọi lượt đã ghi được lấy lại từ bản lưu thứ hai. Danh sách tự tải lại khi có mạng.")
    : status.over ? t("Ngày hội đã qua. Danh sách trên máy đã tự xóa; lượt đã ghi vẫn được giữ và gửi.")
    : status.away ? t("Máy đang cất, danh sách đã xóa. Ai nhận máy thì ghi tên ở “Giao máy”.") : "";
  if (place.textContent !== words) place.textContent = words;
  place.hidden = !words;
  place.dataset.tone = status.storage?.full || staysOut() ? "bad" : status.storage?.near || wasLost() ? "warn" : "note";
}
