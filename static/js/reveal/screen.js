// A screen of the hall: it follows the server, and the page that leads it when that is open in the same browser.
// What it cannot reach leaves the step that is on, also when it is loaded again; it never guesses the next one.
import { forget } from "../forget.js";
import { keep } from "../keep-page.js";
import { poll } from "../poll.js";
import { t } from "../words.js";
import { recall, remember } from "./kept.js";
import { channel, draw } from "./slide.js";

const place = document.querySelector("[data-screen]");
const box = place.querySelector("[data-slide]");
const network = place.querySelector("[data-network]");
let version = Number(place.dataset.version);
let led = -1; // the version over which the page in this browser has gone on, and the server has not heard of it yet
let near = false;
const { code } = place.dataset;

function show({ version: now, slide, practice }) {
  version = now;
  draw(box, slide, practice);
  remember("reveal-hall", { code, version, led, slide, practice });
}

const before = recall("reveal-hall", code);
if (before && before.version >= version && (before.led >= 0 || before.version > version)) {
  ({ led } = before);
  show(before);
}

const leader = channel(code);
leader.addEventListener("message", ({ data }) => {
  if (data.asks) return; // another window of this browser
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
}, (online) => { network.hidden = online || near; }, () => {
  forget("hall");
  network.lastChild.textContent = t("Địa chỉ này không dùng nữa. Mở địa chỉ mới ở trang điều khiển.");
  network.hidden = false;
  return true;
});
leader.postMessage({ asks: true });
keep(location.pathname, "hall/reveal-page", place.dataset).catch(() => { /* without storage it shows while it is open */ });

const full = place.querySelector("[data-full]");
const fits = () => { full.hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement); };
full.addEventListener("click", () => document.documentElement.requestFullscreen());
document.addEventListener("fullscreenchange", fits);
fits();
