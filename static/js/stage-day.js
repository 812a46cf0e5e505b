// The stage manager's open page: the clock of the act that is on, expected starts, and whether another device has tapped meanwhile.
// Without script the page shows when the act began; with it the seconds run.
import { showLater } from "./later.js";
import { poll } from "./poll.js";
import { clockFace, clockWords } from "./stage/clock.js";

const place = document.querySelector("[data-stage-day]");

for (const clock of document.querySelectorAll("[data-clock]")) {
  const { clock: began, minutes, at } = clock.dataset;
  const ahead = Date.now() - Number(at); // by how much this machine's clock is ahead of the server's
  const show = () => {
    const lasted = Date.now() - ahead - Number(began);
    clock.querySelector("[data-face]").textContent = clockFace(lasted);
    clock.querySelector("[data-left]").textContent = clockWords(lasted, Number(minutes));
    clock.classList.toggle("stage-over-time", lasted > Number(minutes) * 60_000);
  };
  show();
  setInterval(show, 500);
}

if (place) {
  poll(place.dataset.stageDay, 5, ({ mark, expected }) => {
    showLater(expected);
    const { mark: shown } = place.dataset;
    // Nothing moves under a finger: whoever taps on what is old is told so anyway.
    if (shown) document.querySelector("[data-stale]").hidden = mark === shown;
  });
}
