// How is a mark given with one finger? A grid on which every legal mark is at most two taps, − and + one step, and a
// number pad with a comma for who would rather type.
import { button, el } from "./dom.js";
import { faultSentence, parseMark, quickKeys, written } from "./marks.js";
import { t } from "../words.js";

/** give(milli | null, whole) is called with every legal mark, `whole` when no further key belongs to it; `criterion` has name, min, max, step; `value` the present mark. */
export function keypad(criterion, value, give, { typing = false, onTyping = () => {} } = {}) {
  const scale = { min: criterion.min, max: criterion.max, step: criterion.step };
  const step = (name, sign, words, target) => el("button", {
    type: "button", class: "judge-key judge-key-step", "data-hand": name, "data-milli": target, "aria-label": words,
    disabled: target === null || target < scale.min || target > scale.max, onclick: tapped,
  }, sign);
  const key = (milli, more = {}, words = written(milli), whole = true) => el("button", {
    type: "button", class: "judge-key", disabled: milli > scale.max, "data-milli": milli, "data-part": !whole, onclick: tapped, ...more,
  }, words);

  /** What a key gives stands on it: the keys stay while their marks change. */
  function tapped({ currentTarget: { dataset } }) {
    give(Number(dataset.milli), !("part" in dataset));
  }

  function grid() {
    const { wholes, parts } = quickKeys(scale);
    const base = value === null ? null : wholes.filter((whole) => whole <= value).at(-1) ?? null;
    return el("div", { class: "judge-grid-hold" },
      el("div", { class: "judge-grid", role: "group", "aria-label": t("Số điểm") },
        wholes.map((whole) => key(whole, { "data-hand": `whole:${whole}`, "aria-pressed": String(whole === base) }, written(whole), !parts.length))),
      parts.length ? el("div", { class: "judge-grid judge-grid-parts", role: "group", "aria-label": t("Phần lẻ") },
        parts.map((part) => key(base === null ? scale.max + 1 : base + part,
          { "data-hand": `part:${part}`, "aria-pressed": String(base !== null && value === base + part) }, base === null ? written(part).replace(/^0/, "") || ",0" : written(base + part)))) : null,
    );
  }

  function pad() {
    let typed = "";
    const shown = el("output", { class: "judge-typed", "aria-live": "polite" }, " ");
    const said = el("p", { class: "judge-typed-fault", role: "alert" });
    const press = (character) => {
      if (character === "−") typed = typed.startsWith("−") ? typed.slice(1) : `−${typed}`;
      else typed = character === "⌫" ? typed.slice(0, -1) : (typed + character).slice(0, 8);
      shown.textContent = typed || " ";
      const answer = parseMark(typed, scale);
      said.textContent = answer.kind === "bad" && !/[,−]$/.test(typed) ? faultSentence(answer.fault, scale) : "";
    };
    const take = () => {
      const answer = parseMark(typed, scale);
      if (answer.kind === "mark") give(answer.milli, true);
      else said.textContent = answer.kind === "blank" ? t("Chưa gõ điểm.") : faultSentence(answer.fault, scale);
    };
    return el("div", { class: "judge-pad-hold", "data-anew": "", "data-whole": criterion.code }, shown, said,
      el("div", { class: "judge-pad" },
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", ",", "0", "⌫", ...(scale.min < 0 ? ["−"] : [])].map((character) =>
          el("button", { type: "button", class: "judge-key", "data-hand": `key:${character}`, onclick: () => press(character),
            "aria-label": character === "⌫" ? t("Xóa một số") : character === "," ? t("dấu phẩy") : character === "−" ? t("dấu trừ") : character }, character))),
      button(t("Nhận điểm này"), take, "", { class: "button button-wide", "data-hand": "take" }),
    );
  }

  return el("section", { class: "judge-keypad", "data-whole": typing ? "typed" : "grid", "aria-label": t("Cho điểm: {name}", { name: criterion.name }) },
    el("div", { class: "judge-keypad-head" },
      step("less", "−", t("Bớt {step}", { step: written(scale.step) }), value === null ? (scale.min < 0 && scale.max <= 0 ? scale.max - scale.step : null) : value - scale.step),
      el("output", { class: "judge-value", "aria-live": "off" }, value === null ? "—" : written(value)),
      step("more", "+", t("Thêm {step}", { step: written(scale.step) }), value === null ? (scale.min < 0 ? Math.min(0, scale.max) : scale.min) : value + scale.step),
      button(t("Xóa"), () => give(null), "second", { "data-hand": "clear", disabled: value === null }),
      button(typing ? t("Chọn nhanh") : t("Bàn phím số"), () => onTyping(!typing), "plain", { "data-hand": "mode" }),
    ),
    typing ? pad() : grid(),
  );
}
