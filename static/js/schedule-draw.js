// The board of the draw fills while numbers are typed at the meeting; the page works without it.
import { t } from "./words.js";

const form = document.querySelector("[data-draw]");
const board = document.querySelector("[data-draw-board]");

function fill() {
  const fields = [...form.querySelectorAll(".draw-number")];
  const drawn = new Map();
  for (const field of fields) {
    const number = Number(field.value.trim());
    const sound = Number.isInteger(number) && number >= 1 && number <= fields.length;
    const taken = sound && drawn.has(number);
    field.toggleAttribute("aria-invalid", Boolean(field.value.trim()) && (!sound || taken));
    if (sound && !taken) drawn.set(number, field);
  }
  [...board.children].forEach((line, at) => {
    const field = drawn.get(at + 1);
    const place = line.querySelector("span");
    place.textContent = field ? field.dataset.name : "";
    line.classList.toggle("drawn", Boolean(field));
    if (field) {
      const unit = document.createElement("small");
      unit.textContent = field.dataset.unit;
      place.append(unit);
    }
  });
}

if (form && board) {
  form.addEventListener("input", fill);
  // Enter goes to the next line: numbers are typed one after the other, the last one reads back
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".draw-number")) return;
    const fields = [...form.querySelectorAll(".draw-number")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) {
      event.preventDefault();
      next.focus();
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
