// Who of this pass has come? Everybody stands ticked; a tap leaves one person out, or a whole family of the bus.
import { t } from "../words.js";

const RELATIONS = {
  spouse: t("Vợ hoặc chồng"), parent: t("Cha hoặc mẹ"), grandparent: t("Ông hoặc bà"), child: t("Con"),
  grandchild: t("Cháu"), sibling: t("Anh, chị hoặc em"), other: t("Người khác trong gia đình"),
};

// The help somebody needs and agreed to be seen: a small word beside the name, for whoever stands at the gate.
const NEEDS = {
  wheelchair: t("xe lăn"), interpreter: t("phiên dịch"), hearing: t("nghe kém"), sight: t("nhìn kém"), other: t("cần giúp"),
};
const help = (needs) => (needs?.length ? `${t("Hỗ trợ")}: ${needs.map((need) => NEEDS[need] ?? NEEDS.other).join(", ")}` : "");
const told = (member) => [RELATIONS[member.r] ?? member.k, help(member.h)].filter(Boolean).join(" · ");

/** Everybody a record stands for, in the order shown: [{code, name, note, group}]; `group` is a family of the bus. */
export function people(record) {
  const line = (member, group) => ({ code: member.c, name: member.n, note: told(member), group });
  return [
    ...(record.groups ?? []).flatMap((group) => group.members.map((member) => line(member, group.name))),
    ...record.members.map((member) => line(member, "")),
  ];
}

/** Draw a box per person into `place`, under a box per family; `changed()` after every tap. */
export function drawPeople(place, lines, changed) {
  const rows = [];
  let family = null;
  for (const { code, name, note, group } of lines) {
    if (group && group !== family) rows.push(familyRow(place, group, changed));
    family = group;
    rows.push(row("gate-person", { value: code, name: group }, name, note, () => { showFamilies(place); changed(); }));
  }
  place.replaceChildren(...rows);
  place.scrollTop = 0;
}

function familyRow(place, group, changed) {
  return row("gate-family", { name: group }, group, "", (box) => {
    for (const each of boxes(place)) if (each.name === group) each.checked = box.checked;
    changed();
  });
}

function row(style, given, name, note, act) {
  const label = Object.assign(document.createElement("label"), { className: `choice ${style}` });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, ...given });
  box.addEventListener("change", () => act(box));
  label.append(box, Object.assign(document.createElement("span"), { textContent: name }));
  if (note) label.append(Object.assign(document.createElement("span"), { className: "hint", textContent: note }));
  return label;
}

function showFamilies(place) {
  for (const family of place.querySelectorAll(".gate-family input")) {
    const own = boxes(place).filter((each) => each.name === family.name);
    family.checked = own.every((each) => each.checked);
    family.indeterminate = !family.checked && own.some((each) => each.checked);
  }
}

const boxes = (place) => [...place.querySelectorAll(".gate-person input")];

export const shown = (place) => boxes(place).length;
export const ticked = (place) => boxes(place).filter((box) => box.checked).map((box) => box.value);

export function tickAll(place, on) {
  for (const box of boxes(place)) box.checked = on;
  showFamilies(place);
}
