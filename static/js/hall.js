// The screen of the hall: the server drew it, this keeps it fresh. One template draws both.
import { poll } from "./poll.js";

const place = document.querySelector("[data-hall]");
const template = document.getElementById("hall-line");
const grouped = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en" : "vi");

function fill(root, values) {
  for (const name of ["name", "here", "people", "complete", "delegations"]) {
    const element = root.querySelector(`[data-fill="${name}"]`);
    if (element && name in values) element.textContent = name === "name" ? values[name] : grouped.format(values[name]);
  }
}

function drawn(line) {
  const element = template.content.querySelector("li").cloneNode(true);
  const tone = line.here === line.people ? "good" : line.here ? "note" : "quiet";
  element.className = `hall-line tone-${tone}`;
  fill(element, line);
  for (const word of element.querySelectorAll("[data-word]")) word.hidden = word.dataset.word !== tone;
  return element;
}

let shown = "";
poll(place.dataset.hall, 10, (hall) => {
  const text = JSON.stringify(hall);
  if (text === shown) return;
  shown = text;
  fill(place.querySelector("header"), hall);
  place.querySelector("[data-none]").hidden = hall.open && hall.lines.length > 0;
  place.querySelector("[data-lines]").replaceChildren(...hall.lines.map(drawn));
}, (online) => { place.querySelector("[data-network]").hidden = online; });
