// The families of a delegation, folded: a box for each, and behind a button one for each of its people. Who is in already has
// no box.
import { clock } from "../gate/clock.js";
import { people } from "../gate/people.js";
import { el } from "../judge/dom.js";
import { t } from "../words.js";
import { parts } from "./parts.js";

const boxes = (within = parts.families) => [...within.querySelectorAll("[data-person]")];

export const ticked = () => boxes().filter((box) => box.checked).map((box) => box.dataset.person);

/** now: {record, inside}; `only`: the pass of the family that is ticked and open; `changed()` after every tap. */
export function drawFamilies({ record, inside }, only, changed) {
  const groups = (record.groups ?? []).map((group) => ({ name: group.name, pass: group.pass, lines: people({ members: group.members }) }));
  const beside = people({ members: record.members });
  if (beside.length) groups.push({ name: t("Người đi cùng đoàn"), pass: "", lines: beside });
  parts.families.replaceChildren(...groups.filter((group) => group.lines.length)
    .map((group, place) => family(group, place, inside, { on: !only || only === group.pass, unfolded: Boolean(only) && only === group.pass }, changed)));
}

function family({ name, lines }, place, inside, { on, unfolded }, changed) {
  const due = lines.filter((person) => !inside.has(person.code));
  const list = el("div", { class: "desk-people", id: `family-${place}`, hidden: !unfolded }, lines.map((person) => one(person, inside.get(person.code), on, () => { show(); changed(); })));
  const fold = el("button", { type: "button", class: "button button-second", "aria-expanded": String(unfolded), "aria-controls": `family-${place}`, "aria-label": `${t("Từng người")}, ${name}`,
    onclick: () => { list.hidden = !list.hidden; fold.setAttribute("aria-expanded", String(!list.hidden)); } }, t("Từng người"));
  const box = due.length ? el("input", { type: "checkbox", checked: on, onchange: () => { for (const each of boxes(list)) each.checked = box.checked; show(); changed(); } }) : null;
  const note = el("span", { class: "hint" });
  const show = () => {
    const n = boxes(list).filter((each) => each.checked).length;
    if (box) { box.checked = n === due.length; box.indeterminate = n > 0 && n < due.length; }
    note.textContent = !due.length ? t("Đã đến đủ {n} người", { n: lines.length })
      : due.length < lines.length ? t("{n} người đến lúc này, {before} đã đến trước", { n, before: lines.length - due.length }) : t("{n} trên {all} người", { n, all: lines.length });
  };
  show();
  const head = box ? el("label", { class: "choice" }, box, el("span", {}, el("b", {}, name), note)) : el("p", { class: "desk-whole" }, el("b", {}, `✓ ${name}`), note);
  return el("li", { class: "desk-family" }, el("div", { class: "desk-row" }, head, fold), list);
}

function one({ code, name, note }, first, on, act) {
  if (first) return el("p", { class: "desk-in" }, `✓ ${name}`, el("span", { class: "hint" }, t("đã đến lúc {time}", { time: clock(first.at) })));
  return el("label", { class: "choice" }, el("input", { type: "checkbox", checked: on, "data-person": code, onchange: act }), el("span", {}, name, note ? el("span", { class: "hint" }, note) : null));
}

export function tickAll(on) {
  for (const box of boxes()) box.checked = on;
  for (const row of parts.families.children) row.querySelector("[data-person]")?.dispatchEvent(new Event("change"));
}
