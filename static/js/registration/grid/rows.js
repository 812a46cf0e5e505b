// Where does the next person go? Whoever types in the last row of a family finds another empty one below it.

/** One more row behind the last of both tables of a family, with the next number; none where the rule allows no more. */
export function nextRow(row) {
  const family = row.closest("fieldset");
  const [rows, rare] = [...family.querySelectorAll("table.grid-rows tbody")];
  const from = rows.rows.length - 1;
  if ([...row.parentNode.rows].indexOf(row) !== from || from + 1 >= Number(family.closest("form").dataset.most)) return;
  for (const body of [rows, rare]) body.append(renumbered(body.rows[from], from, from + 1));
}

function renumbered(row, from, to) {
  const made = row.cloneNode(true);
  for (const node of made.querySelectorAll("*")) {
    for (const { name, value } of [...node.attributes]) {
      node.setAttribute(name, value.replaceAll(`members-${from}-`, `members-${to}-`).replace(new RegExp(`r${from}$`), `r${to}`));
    }
    if (node.matches("input:not([type=checkbox]), select")) { node.value = ""; node.removeAttribute("value"); }
    if (node.matches("input[type=checkbox]")) { node.checked = false; node.removeAttribute("checked"); }
    node.removeAttribute("aria-invalid");
    node.removeAttribute("autofocus");
  }
  for (const count of made.querySelectorAll(".picks b")) count.textContent = 0;
  for (const gone of made.querySelectorAll("p.error, button, input[type=hidden]")) gone.remove();
  const head = made.querySelector("th");
  if ("name" in head.dataset) head.textContent = to + 1;
  else head.lastChild.textContent = to + 1;
  return made;
}

/** The folded rows are called by the names that stand above them. */
export function nameRows(family) {
  const [rows, rare] = [...family.querySelectorAll("table.grid-rows tbody")];
  [...rows.rows].forEach((row, at) => {
    const head = rare?.rows[at]?.querySelector("[data-name]");
    if (head) head.textContent = row.querySelector("input:not([type=hidden])").value.trim() || at + 1;
  });
}
