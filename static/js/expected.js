// When does an act come that is late? The server wrote it beside the published time; while the page is open this keeps it fresh.
import { showLater } from "./later.js";
import { poll } from "./poll.js";

const place = document.querySelector("[data-expected]");

if (place) poll(place.dataset.expected, Number(place.dataset.every) || 30, ({ expected }) => showLater(expected));
