// Which taps does an act offer? As festival/schedule/stage_day/taps.py has them for the page of the office.
import { t } from "../words.js";

export const LARGE = [["ready", () => t("Mời chuẩn bị")], ["on_stage", () => t("Bắt đầu")], ["done", () => t("Thi xong")]];
export const OPEN = { waiting: ["ready", "on_stage"], ready: ["on_stage"], on_stage: ["done"], done: [], absent: [] };

const absent = ["absent", () => t("Vắng mặt")];
const back = ["waiting", () => t("Thôi mời, chờ lại")];

export const SMALL = {
  waiting: [absent],
  ready: [back, absent],
  on_stage: [["ready", () => t("Bấm nhầm, chưa bắt đầu")]],
  done: [["on_stage", () => t("Bấm nhầm, chưa thi xong")]],
  absent: [["ready", () => t("Đã đến, chuẩn bị")], ["waiting", () => t("Bấm nhầm, chờ lại")]],
};
export const FOLLOWING = { waiting: [["ready", () => t("Mời chuẩn bị")], absent], ready: [["on_stage", () => t("Bắt đầu")], back, absent] };

export const STATE_WORDS = {
  waiting: () => t("chờ"), ready: () => t("chuẩn bị"), on_stage: () => t("đang thi"), done: () => t("đã thi"), absent: () => t("vắng mặt"),
};
export const STATE_TONES = { waiting: "quiet", ready: "note", on_stage: "accent", done: "good", absent: "warn" };
