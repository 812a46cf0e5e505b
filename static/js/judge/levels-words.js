// How far a message has come, in words.
import { t } from "../words.js";

export const LEVELS = ["saved", "received", "booked"];
export const LEVEL_WORDS = {
  saved: () => t("đã lưu trên máy"), received: () => t("máy chủ đã nhận"), booked: () => t("đã vào sổ"),
};
