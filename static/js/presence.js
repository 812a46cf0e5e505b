// Who of the performers has arrived? The server drew it; while the page is open this keeps it fresh. What is said is written only
// where it has changed, so that nothing is read out again.
import { poll } from "./poll.js";

const place = document.querySelector("[data-presence]");

function write(element, words, tone) {
  if (element.textContent !== words) element.textContent = words;
  if (tone) element.className = `badge tone-${tone}`;
  element.hidden = !words;
}

function draw(line, said) {
  write(line.querySelector("[data-here]"), said?.words ?? "", said?.tone ?? "quiet");
  write(line.querySelector("[data-away]"), said?.away ?? "");
}

if (place) {
  poll(place.dataset.presence, 3, ({ here }) => {
    for (const line of document.querySelectorAll("[data-act]")) draw(line, here[line.dataset.act]);
  });
}
