// A search under way: its figures move, and when it has ended the page is loaded again. What is said is written only where it
// has changed, so that only what is better is read out. Without script the page loads itself again.
import { poll } from "./poll.js";

const hold = document.querySelector("[data-fill]");

function write(name, words) {
  const place = hold.querySelector(`[data-fill-${name}]`);
  if (place.textContent !== words) place.textContent = words;
}

if (hold) {
  poll(hold.dataset.fill, 1, (now) => {
    if (now.state !== hold.dataset.fillState || String(now.run) !== hold.dataset.fillRun) return location.reload();
    for (const name of ["waits", "least", "distance"]) write(name, now[name]);
    write("seconds", String(now.seconds));
    hold.querySelector("progress").value = now.seconds;
    hold.querySelector("[data-fill-late]").hidden = !now.late;
  });
}
