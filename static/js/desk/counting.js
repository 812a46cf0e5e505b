// How many cards, meal tickets, flags and numbers go over the desk now? Suggested from what is due and was handed before; the
// cards follow who is ticked until somebody has typed.
import { el } from "../judge/dom.js";
import { t } from "../words.js";
import { ITEMS } from "./held.js";
import { parts } from "./parts.js";
import { THINGS } from "./words.js";

const MOST = 5000; // as the server: festival/checkin/handouts/standing.py
let touched = new Set();
let before = {};

export const clearCounts = () => { touched = new Set(); };

const box = (item) => parts.items.querySelector(`[data-item="${item}"]`);

export const read = (input) => Math.min(MOST, Math.max(0, Number.parseInt(input.value, 10) || 0));

/** The box whose words are no number, so that nobody's slip is written down as nothing; undefined when all can be read. */
export const unreadable = (boxes) => boxes.find((input) => !/^\s*\d*\s*$/.test(input.value) || Number(input.value) > MOST);

export const unreadableNow = () => unreadable(ITEMS.map(box));

export const notANumber = (input) => t("{name}: ghi một số từ 0 đến {most}.", { name: THINGS[input.dataset.item], most: MOST });

export const counts = () => Object.fromEntries(ITEMS.map((item) => [item, read(box(item))]));

/** handed: what it has already; due: what it may expect of each thing, as far as somebody knows. */
export function drawCounts(handed, due, changed) {
  before = handed;
  parts.items.replaceChildren(...ITEMS.map((item) => stepper(item, told(handed[item], due[item]), (by) => {
    touched.add(item);
    if (by) box(item).value = String(Math.min(MOST, Math.max(0, read(box(item)) + by)));
    changed();
  })));
  set("meal", (due.meal ?? 0) - handed.meal);
  set("number", (due.number ?? 0) - handed.number);
  set("flag", handed.flag ? 0 : 1);
}

function told(handed, due) {
  return [due ? t("cả đoàn {n}", { n: due }) : "", handed ? t("đã giao {n}", { n: handed }) : ""].filter(Boolean).join(", ");
}

/** A row of the form: a name, a number, a smaller and a larger one. */
export function stepper(item, hint, act, value = 0) {
  const name = THINGS[item];
  const input = el("input", { class: "input", id: `item-${item}-${hint === null ? "again" : "now"}`, type: "text", inputmode: "numeric", autocomplete: "off", value: String(value), "data-item": item, oninput: () => act(0), onfocus: () => input.select() });
  return el("div", { class: "desk-item" }, el("label", { for: input.id }, name, hint ? el("span", { class: "hint" }, hint) : null),
    el("button", { type: "button", class: "button button-second", "aria-label": t("Bớt một, {name}", { name }), onclick: () => act(-1) }, "−"), input,
    el("button", { type: "button", class: "button button-second", "aria-label": t("Thêm một, {name}", { name }), onclick: () => act(1) }, "+"));
}

function set(item, count) {
  if (!touched.has(item)) box(item).value = String(Math.min(MOST, Math.max(0, count)));
}

/** So many are here when this is written: a card for each who has none yet. */
export function follow(here) {
  set("card", here - before.card);
}
