// The board by hand: arrows go from act to act or from place to place, Esc lets go, and an act can be drawn with the mouse.
// Everything is a link or a button of the page already: without this file an act is tapped, then a place.
import { drawn } from "./drawing.js";

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const board = () => document.querySelector("[data-board]");
const things = (root) => {
  const places = [...root.querySelectorAll(".board-place")];
  return places.length ? places : [...root.querySelectorAll("a.board-act")];
};
const column = (thing) => thing.closest("td")?.cellIndex ?? 0;
const top = (thing) => thing.getBoundingClientRect().top;

/** The next one above or below in its column, or the one beside it in the next column that has any. */
export function nextOf(all, from, [across, along]) {
  if (!from) return all[0];
  if (along) {
    const own = all.filter((each) => column(each) === column(from));
    return own[own.indexOf(from) + along];
  }
  const beside = all.filter((each) => (column(each) - column(from)) * across > 0);
  const near = Math.min(...beside.map((each) => Math.abs(column(each) - column(from))));
  const there = beside.filter((each) => Math.abs(column(each) - column(from)) === near);
  return there.sort((a, b) => Math.abs(top(a) - top(from)) - Math.abs(top(b) - top(from)))[0];
}

document.addEventListener("keydown", (event) => {
  const root = board();
  if (!root || event.altKey || event.ctrlKey || event.metaKey) return;
  const here = document.activeElement;
  const inHand = document.getElementById("hand");
  if (event.key === "Escape" && inHand) inHand.querySelector(".board-cancel")?.click();
  const step = STEPS[event.key];
  const all = things(root);
  const from = all.includes(here) ? here : null;
  if (!step || !all.length || !(from || (inHand && inHand.contains(here)))) return;
  const to = nextOf(all, from, step);
  if (!to) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// The browser goes to the anchor of the address last and takes the focus with it: wait for that, then say what is in the hand.
function arrive() {
  const words = document.querySelector("#hand h2");
  if (words && !document.querySelector("[data-focus=first]")) words.focus({ preventScroll: true });
}
if (document.readyState === "complete") setTimeout(arrive, 50);
else window.addEventListener("load", () => setTimeout(arrive, 50));

drawn(board);
