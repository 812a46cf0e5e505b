// The board of the draw fills while numbers are typed at the meeting; the page works without it.
import { drawnOrder } from "./draw-order.js";
import { t } from "./words.js";

const form = document.querySelector("[data-draw]");
const parts = [...document.querySelectorAll("[data-session]")];

function drawn(field) {
  const place = document.createElement("span");
  const unit = document.createElement("small");
  unit.textContent = field.dataset.unit;
  place.append(field.dataset.name, unit);
  return place;
}

function fill() {
  const fields = [...form.querySelectorAll(".draw-number")];
  const lines = fields.map((field) => ({ number: field.value, session: field.closest(".draw-line").querySelector("select")?.value ?? "" }));
  const { boards, wrong } = drawnOrder(lines, parts.map((part) => part.dataset.session));
  fields.forEach((field, at) => (wrong.has(at) ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid")));
  for (const part of parts) {
    const { places, waiting } = boards.get(part.dataset.session);
    const board = part.querySelector("[data-draw-board]");
    while (board.children.length > places.length) board.lastElementChild.remove();
    places.forEach((at, place) => {
      const line = board.children[place] ?? board.appendChild(document.createElement("li"));
      const shown = at === null ? "-" : fields[at].name;
      if (line.dataset.shown === shown) return; // what stays is not read out again
      line.dataset.shown = shown;
      const number = document.createElement("b");
      number.textContent = place + 1;
      line.classList.toggle("drawn", at !== null);
      line.replaceChildren(number, at === null ? document.createElement("span") : drawn(fields[at]));
    });
    const told = part.querySelector("[data-draw-waiting]");
    if (told) told.textContent = waiting.length ? t("Chờ số: {names}", { names: waiting.map((at) => fields[at].dataset.name).join(", ") }) : "";
  }
}

if (form && parts.length) {
  document.querySelector("[data-draw-sessions]")?.removeAttribute("hidden");
  form.addEventListener("input", fill);
  // Enter goes to the next line: numbers are typed one after the other, the last one reads back
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".draw-number")) return;
    const fields = [...form.querySelectorAll(".draw-number")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) {
      event.preventDefault();
      (next.closest(".draw-line").querySelector("select") ?? next).focus();
    }
  });
  fill();
}

const projector = document.querySelector("[data-projector]");
if (projector) {
  projector.hidden = false;
  projector.addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("projector");
    projector.lastChild.textContent = on ? t("Thôi chiếu") : t("Chiếu lên màn hình");
    if (on) document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) document.exitFullscreen();
  });
}
