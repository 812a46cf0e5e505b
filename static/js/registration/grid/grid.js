// How does what is typed stay on the server while it is typed, and how does the grid change without a new page?
// Each key is kept after a moment; a paste, a removal, an undo are the form's own buttons, sent from here and drawn in place.
import { t } from "../../words.js";
import { listenToKeys } from "./keys.js";
import { nameRows, nextRow } from "./rows.js";

const MOMENT_MS = 700;
let form = document.querySelector("form[data-grid]");
let timer = 0;
let sending = Promise.resolve();

const say = (words) => { form.querySelector("#grid-kept").textContent = words; };
const offline = () => say(t("Chưa có mạng. Những gì đã gõ vẫn còn ở trang này; có mạng thì gõ tiếp hoặc bấm nút là được giữ."));

async function post(act, more = {}) {
  const body = new FormData(form);
  body.delete("pasted");
  for (const [name, value] of Object.entries({ act, ...more })) body.set(name, value);
  return fetch(form.action, { method: "POST", body });
}

/** Kept one after another, so that each names the version the one before has made. */
function keep() {
  clearTimeout(timer);
  timer = 0;
  sending = sending.then(async () => {
    try {
      const answer = await post("keep");
      if (!answer.ok) { say((await answer.json().catch(() => ({}))).message ?? t("Chưa giữ được. Bấm “Lưu” hoặc tải lại trang.")); return; }
      const { seen, faults, lines } = await answer.json();
      form.elements.seen.value = seen;
      beside(faults);
      lines.forEach(({ tone, words }, at) => {
        const line = form.querySelector(`fieldset[data-family="${at}"] .grid-line`);
        if (line && line.textContent !== words) { line.textContent = words; line.dataset.tone = tone; }
      });
      if (!timer) say(t("Đã giữ những gì vừa gõ."));
    } catch { offline(); }
  });
  return sending;
}

/** What is wrong with a cell stands under it; nothing is said of the cell where the hand still is. */
function beside(faults) {
  for (const cell of form.querySelectorAll("fieldset[data-family] :is(input:not([type=hidden]), select, textarea)")) {
    const words = faults[cell.id] ?? "";
    let line = document.getElementById(`${cell.id}-error`);
    if (!words || cell === document.activeElement) {
      if (!words) { line?.remove(); cell.removeAttribute("aria-invalid"); cell.removeAttribute("aria-describedby"); }
      continue;
    }
    if (!line) {
      line = document.createElement("p");
      Object.assign(line, { className: "error", id: `${cell.id}-error` });
      (cell.closest("label") ?? cell).after(line);
    }
    line.textContent = words;
    cell.setAttribute("aria-invalid", "true");
    cell.setAttribute("aria-describedby", line.id);
  }
}

/** One of the form's own buttons: what is typed goes along, the grid comes back as it is then. */
async function act(name, value, more = {}) {
  clearTimeout(timer);
  timer = 0;
  await sending;
  try {
    const answer = await post(name === "act" ? value : "use", { ...(name === "use" ? { use: value } : {}), ...more });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.querySelector("form[data-grid]");
    if (!answer.ok || !drawn) { say(t("Chưa làm được. Những gì đã gõ vẫn còn ở trang này; tải lại trang rồi thử lại.")); return; }
    form.replaceWith(drawn);
    begin(drawn);
    (form.querySelector("[autofocus]") ?? form.querySelector("fieldset[data-family] input:not([type=hidden])"))?.focus();
    say(value === "paste" ? t("Đã xếp vào bảng. Xem lại từng ô; chưa ghi gì.") : "");
  } catch { offline(); }
}

/** The fold of a person's contests says how many are chosen. */
function countPicks(target) {
  const picks = target.closest(".picks");
  if (picks) picks.querySelector("b").textContent = picks.querySelectorAll(":checked").length;
}

/** On a desk the contests stand in columns; a browser that cannot show what is folded finds them unfolded. */
function unfoldPicks() {
  if (CSS.supports("selector(::details-content)") || !matchMedia("(min-width: 900px)").matches) return;
  for (const fold of form.querySelectorAll(".picks details")) fold.open = true;
}

function begin(drawn) {
  form = drawn;
  unfoldPicks();
  listenToKeys(form);
  form.addEventListener("input", ({ target }) => {
    const family = target.closest("fieldset[data-family]");
    if (!family) return;
    const row = target.closest("tr");
    if (row) { nextRow(row); nameRows(family); countPicks(target); }
    clearTimeout(timer);
    timer = setTimeout(keep, MOMENT_MS);
  });
  form.addEventListener("focusin", ({ target }) => { if (target.id) form.elements.at.value = target.id; });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const cell = event.target.closest("fieldset[data-family] input");
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    act("act", "paste", { pasted: text, at: cell.id });
  });
  form.addEventListener("submit", (event) => {
    const { name, value } = event.submitter ?? {};
    clearTimeout(timer);
    if (name === "use" || (name === "act" && value !== "save" && value !== "former")) {
      event.preventDefault();
      act(name, value, value === "paste" ? { pasted: form.elements.pasted.value } : {});
    } else if (!navigator.onLine) { event.preventDefault(); offline(); }
  });
}

if (form && !form.querySelector("fieldset[disabled]")) begin(form);
