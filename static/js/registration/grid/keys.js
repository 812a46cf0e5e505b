// How does the hand move through the grid? Enter goes down, to the column where its run of Tabs began, as in a spreadsheet;
// the arrows go up and down, and out of a cell at its ends. Nothing is written here.
import { nextRow } from "./rows.js";

const CELLS = "input:not([type=hidden]), select";
let began = null; // the column where the hand came into this row

const cells = (row) => [...row.querySelectorAll(CELLS)];
const text = (cell) => cell.matches("input:not([type=checkbox])");

/** The cell of the same column one row below or above; of the last row below: the empty one that comes next. */
function beside(cell, step, column = cells(cell.closest("tr")).indexOf(cell)) {
  const row = cell.closest("tr");
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  return next ? cells(next)[column] : null;
}

function go(cell) {
  if (!cell) return;
  cell.focus();
  if (text(cell)) cell.select();
}

/** Enter on a row nobody began: on to the next family's first field, or to a new family. */
function onward(cell, form) {
  const family = cell.closest("fieldset");
  const next = family.nextElementSibling?.matches("fieldset[data-family]") ? family.nextElementSibling : null;
  if (next) go(next.querySelector(CELLS));
  else form.querySelector("[name=act][value=family]")?.click();
}

const empty = (row) => cells(row).every((cell) => (cell.type === "checkbox" ? !cell.checked : !cell.value.trim()));

function enter(event, cell, form) {
  event.preventDefault();
  const row = cell.closest("tr");
  if (!row) {
    const contact = [...cell.closest("fieldset").querySelectorAll(CELLS)];
    go(contact[contact.indexOf(cell) + 1]);
  } else if (empty(row)) onward(cell, form);
  else {
    nextRow(row);
    const column = began?.row === row ? began.column : cells(row).indexOf(cell);
    if (row.nextElementSibling) go(beside(cell, 1, column));
    else onward(cell, form);
  }
}

/** What a key does in a cell; true when it moved the hand. */
function moves(event, cell) {
  const row = cell.closest("tr");
  if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  if (event.key === "ArrowDown" && cell.tagName !== "SELECT") return beside(cell, 1);
  if (event.key === "ArrowUp" && cell.tagName !== "SELECT") return beside(cell, -1);
  const all = cells(row);
  const at = all.indexOf(cell);
  const ends = !text(cell) || (cell.selectionStart === cell.selectionEnd && cell.selectionEnd === cell.value.length);
  const starts = !text(cell) || cell.selectionEnd === 0;
  if (event.key === "ArrowRight" && ends) return all[at + 1];
  if (event.key === "ArrowLeft" && starts) return all[at - 1];
  return null;
}

export function listenToKeys(form) {
  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (event.isComposing || !cell.matches(CELLS) || !cell.closest("fieldset[data-family]")) return;
    if (event.key === "Enter") enter(event, cell, form);
    else {
      const to = moves(event, cell);
      if (to) { event.preventDefault(); go(to); }
    }
  });
  form.addEventListener("focusin", ({ target }) => {
    const row = target.closest?.("fieldset[data-family] tr");
    if (row && began?.row !== row) began = { row, column: cells(row).indexOf(target) };
  });
}
