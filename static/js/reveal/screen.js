// A screen of the hall: it follows the server, and the page that leads it when that is open in the same browser.
// What it cannot reach leaves the step that is on; it never guesses the next one.
import { poll } from "../poll.js";
import { channel, draw } from "./slide.js";

const place = document.querySelector("[data-screen]");
const box = place.querySelector("[data-slide]");
const network = place.querySelector("[data-network]");
let version = Number(place.dataset.version);
let led = -1; // the version over which the page in this browser has gone on, and the server has not heard of it yet
let near = false;

function show({ version: now, slide, practice }) {
  version = now;
  draw(box, slide, practice);
}

channel(place.dataset.code).addEventListener("message", ({ data }) => {
  near = true;
  network.hidden = true;
  if (data.version < version) return;
  led = data.ahead ? data.version : -1;
  show(data);
});

poll(place.dataset.screen, 1, (state) => {
  near = false;
  if (state.version < version || state.version <= led) return;
  show(state);
}, (online) => { network.hidden = online || near; });

const full = place.querySelector("[data-full]");
const fits = () => { full.hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement); };
full.addEventListener("click", () => document.documentElement.requestFullscreen());
document.addEventListener("fullscreenchange", fits);
fits();
