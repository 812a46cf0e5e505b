// Somebody has chosen a picture with a pass in it: the pass is shown, or it is said why there is none.
import { t } from "../words.js";
import { askedAnew, closeByHand, tell } from "./by-hand.js";
import { codeIn, NoCode } from "./photo.js";
import { readPass } from "./read-pass.js";
import { inTurn } from "./who-came.js";

const WHY_NO_CODE = {
  picture: t("Máy không mở được ảnh này. Chọn ảnh khác, hoặc chụp màn hình rồi chọn lại."),
  none: t("Không thấy mã QR trong ảnh. Cắt ảnh cho mã to và rõ, hoặc gõ mười số in dưới mã."),
  several: t("Ảnh có nhiều thẻ. Cắt ảnh còn một thẻ, hoặc quét từng thẻ."),
  reader: t("Bộ đọc mã chưa mở được. Nối mạng, mở lại trang này rồi thử lại."),
};

/** A picture was chosen: the pass in it, or in words why there is none. The same picture may be chosen again. */
export async function byPhoto({ target }) {
  const [file] = target.files;
  const newest = askedAnew(file ? t("Đang đọc ảnh…") : "");
  try {
    const text = file && (await codeIn(file));
    if (!newest() || !text) return;
    closeByHand();
    await inTurn(() => readPass({ text, how: "photo" }));
  } catch (wrong) {
    if (!(wrong instanceof NoCode)) throw wrong;
    if (!newest()) return;
    askedAnew();
    tell(WHY_NO_CODE[wrong.why]);
  } finally {
    target.value = "";
  }
}
