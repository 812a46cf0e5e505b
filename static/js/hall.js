// The screen of the hall: the server drew it, this keeps it fresh. One template draws both. Nobody scrolls a screen on a wall:
// where not all delegations fit, a part is shown after the other, until somebody stops it; then all are there to scroll.
import { poll } from "./poll.js";
import { t } from "./words.js";

const TURNED_EVERY_S = 12;
const ROOM_BELOW = 72; // for the line that says which part it is

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

const list = place.querySelector("[data-lines]");
const bar = place.querySelector("[data-turn]");
const stop = bar.querySelector("button");
let stopped = matchMedia("(prefers-reduced-motion: reduce)").matches;
let part = 0;

/** How many delegations a screen holds; all of them on a phone. */
function fitting() {
  const lines = [...list.children];
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  if (!lines.length || columns < 2) return lines.length;
  const gap = Number.parseFloat(getComputedStyle(list).rowGap) || 0;
  const tallest = Math.max(...lines.map((line) => line.offsetHeight));
  return columns * Math.max(1, Math.floor((innerHeight - list.offsetTop - ROOM_BELOW + gap) / (tallest + gap)));
}

function turn(step) {
  const lines = [...list.children];
  for (const line of lines) line.hidden = false;
  const size = fitting();
  const parts = size ? Math.ceil(lines.length / size) : 1;
  bar.hidden = parts < 2;
  part = (part + step) % parts;
  const all = stopped || parts < 2;
  lines.forEach((line, n) => { line.hidden = !all && Math.floor(n / size) !== part; });
  bar.querySelector("span").textContent = all ? t("Tất cả {n} đoàn", { n: lines.length }) : t("Phần {n} trên {m}", { n: part + 1, m: parts });
  stop.textContent = stopped ? t("Tự chuyển phần") : t("Dừng, xem tất cả");
}

stop.addEventListener("click", () => { stopped = !stopped; turn(0); });
addEventListener("resize", () => turn(0));
setInterval(() => { if (!stopped && !document.hidden) turn(1); }, TURNED_EVERY_S * 1000);
turn(0);

let shown = "";
poll(place.dataset.hall, 10, (hall) => {
  const text = JSON.stringify(hall);
  if (text === shown) return;
  shown = text;
  fill(place.querySelector("header"), hall);
  place.querySelector("[data-none]").hidden = hall.open && hall.lines.length > 0;
  list.replaceChildren(...hall.lines.map(drawn));
  turn(0);
}, (online) => { place.querySelector("[data-network]").hidden = online; });
