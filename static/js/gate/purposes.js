// For what is a pass held up: to come in, for a meal, for a card? The words of each, and which one is chosen.
import { t } from "../words.js";
import { parts } from "./parts.js";

export const PURPOSES = {
  entry: { welcome: t("Mời vào"), again: t("Đã điểm danh rồi"), spoken: t("Đã vào rồi"), before: (n) => t("Đã vào trước: {n} người.", { n }) },
  meal: { welcome: t("Phát suất ăn"), again: t("Đã nhận suất ăn"), spoken: t("Đã nhận rồi"), before: (n) => t("Đã nhận trước: {n} người.", { n }) },
  card: { welcome: t("Phát thẻ"), again: t("Đã nhận thẻ"), spoken: t("Đã nhận rồi"), before: (n) => t("Đã nhận trước: {n} người.", { n }) },
};

export const chosenPurpose = () => parts.purpose.value;

// A page that is loaded anew in the middle of a meal goes on counting meals; a new day begins at the gate.
export function keepPurpose() {
  parts.purpose.value = sessionStorage.getItem("gate-purpose") ?? "entry";
  parts.purpose.addEventListener("change", () => sessionStorage.setItem("gate-purpose", parts.purpose.value));
}
