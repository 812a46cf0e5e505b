// The server is asked about a pass: how, and in which words is it said that no answer came?
import { t } from "../words.js";
import { readable } from "./list.js";
import { me } from "./me.js";

export async function ask(what, body) {
  const answer = await fetch(`/api/v1/checkin/${what}`, {
    method: "POST", credentials: "omit", signal: AbortSignal.timeout(8000),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${me.token}` }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

export async function whyNotChosen(wrong) {
  if (wrong.message === "404") return t("Thẻ này vừa được thay hoặc không còn hiệu lực. Tìm lại.");
  if (["401", "403", "429"].includes(wrong.message)) return whyNotFound(wrong);
  return t("Mất mạng nên chưa mở được thẻ này. Bấm lại, hoặc quét mã QR trên thẻ.");
}

export async function whyNotFound(wrong) {
  if (wrong.message === "429") return t("Đã tìm quá nhiều lần. Chờ một phút rồi tìm lại, hoặc quét mã QR.");
  if (["401", "403"].includes(wrong.message)) return t("Máy chủ không cho máy này tìm. Gặp trưởng cổng để gắn lại máy.");
  return (await readable())
    ? t("Không tìm thấy tên này trên máy. Khi mất mạng chỉ tìm được theo tên.")
    : t("Tìm theo mã hoặc tên cần có mạng. Khi mất mạng, quét mã QR trên thẻ.");
}
