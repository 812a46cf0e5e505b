// Who leads the screens: a key turns the step here at once, then the server is told; without network this browser's own window goes
// on, and what was turned is told when the network is back. Of two who lead the server obeys the first and tells the other.
// Loaded again without network the page comes from what it kept of itself and stands at the step it was turned to.
import { keep } from "../keep-page.js";
import { poll } from "../poll.js";
import { t } from "../words.js";
import { recall, remember } from "./kept.js";
import { channel, draw } from "./slide.js";

const RETRY_MS = 2000;
const KEPT = "reveal-lead";
const OTHER = t("Máy khác vừa chuyển bước; trang này đã theo.");
const CUT = t("Không có mạng. Màn hình mở ở máy này vẫn chạy; các màn hình khác theo khi có mạng lại.");
const place = document.querySelector("[data-control]");
const steps = JSON.parse(document.getElementById("reveal-steps").textContent);
const practice = "practise" in place.dataset;
const box = place.querySelector("[data-slide]");
const told = place.querySelector("[data-told]");
const changed = document.querySelector("[data-changed]");
const hall = channel(place.dataset.screenCode);
let at = Number(place.dataset.at);
let version = Number(place.dataset.version);
let wanted = null; // the step the server has not answered for
let sending = false;
let cut = false;

function tell(words, tone = "") {
  told.textContent = words;
  told.dataset.tone = tone;
}

function drawn() {
  remember(KEPT, { code: place.dataset.screenCode, basis: place.dataset.basis, version, at, wanted });
  draw(box, steps[at], practice);
  place.querySelector("[data-number]").textContent = at + 1;
  const next = steps[at + 1];
  place.querySelector("[data-next]").textContent = next
    ? `${next.over}: ${next.title}${next.names.length ? ` – ${next.names.map(([name]) => name).join("; ")}` : ""}` : t("Hết.");
  // of the whole page: the question before the end stands in a dialogue, outside of this place
  for (const form of document.forms) {
    if (form.elements.was) form.elements.was.value = version;
    if (form.dataset.stepForm) form.elements.to.value = Math.min(Math.max(at + Number(form.dataset.stepForm), 0), steps.length - 1);
  }
  place.querySelector("[data-jump] select").value = at;
}

const speak = () => hall.postMessage({ version, ahead: wanted !== null, slide: steps[at], practice });

function go(to) {
  if (!changed.hidden || to < 0 || to >= steps.length || to === at) return;
  at = wanted = to;
  drawn();
  speak();
  send();
}

async function send() {
  if (sending || wanted === null) return;
  sending = true;
  const to = wanted;
  const body = new FormData(place.querySelector("[data-jump]"));
  body.set("to", to);
  body.set("was", version);
  try {
    const answer = await fetch(place.dataset.move, {
      method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000),
    });
    if (answer.status >= 500 || answer.redirected) throw new Error(String(answer.status));
    if (answer.ok) {
      ({ version } = await answer.json());
      if (wanted === to) wanted = null;
      tell("");
      drawn();
      speak();
    } else await refused();
  } catch {
    cut = true;
    tell(CUT, "warn");
    setTimeout(send, RETRY_MS);
  }
  sending = false;
  if (wanted !== null && wanted !== to) send();
}

/** Somebody else was faster, or an award has changed: what the server says is on. */
async function refused() {
  wanted = null;
  follow(await (await fetch(place.dataset.control)).json());
}

function follow(state) {
  if (!state.on || state.changed !== !changed.hidden || state.basis !== place.dataset.basis) return location.reload();
  if (state.version <= version) return;
  ({ version } = state);
  at = state.step;
  drawn();
  speak();
  tell(OTHER, "note");
}

/** As this browser knows it: further than the page that was kept; as far as the server, with a step it has not heard of yet. */
function continued() {
  const kept = recall(KEPT, place.dataset.screenCode);
  if (kept?.basis !== place.dataset.basis) return;
  if (kept.version > version || (kept.version === version && kept.wanted !== null)) ({ version, at, wanted } = kept);
  else if (kept.wanted !== null && kept.wanted !== at) tell(OTHER, "note");
}

for (const form of place.querySelectorAll("[data-step-form], [data-jump]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(Number(form.elements.to.value));
  });
}

const KEYS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1, Backspace: -1 };
addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey } = event;
  if (!(key in KEYS) || altKey || ctrlKey || metaKey || target.matches("select, input, textarea, summary")) return;
  if (key === " " && target.matches("button")) return;
  event.preventDefault();
  go(at + KEYS[key]);
});

// What the server has to be asked waits, and the page with it: without network the browser would show an error in its place.
addEventListener("submit", (event) => {
  if (!cut || event.defaultPrevented || event.target.getAttribute("action") === "/sign-out") return;
  event.preventDefault();
  event.target.closest("dialog")?.close();
  tell(t("Chưa làm được khi không có mạng. Chuyển bước thì vẫn được; có mạng lại rồi bấm lần nữa."), "warn");
});

function network(online) {
  if (cut && online && wanted === null) tell("");
  else if (!cut && !online) tell(CUT, "warn");
  cut = !online;
}

// Signed out, or nothing to lead any more: the page that comes instead throws away what this one kept.
poll(place.dataset.control, 3, (state) => { if (wanted === null && !sending) follow(state); }, network, () => { location.reload(); return true; });
hall.addEventListener("message", ({ data }) => { if (data.asks) speak(); });

continued();
drawn();
speak();
send();
const CACHE = "mc/reveal-page";
keep("/mc/reveal", CACHE, place.dataset).catch(async () => Boolean(await caches.match("/mc/reveal", { cacheName: CACHE }))).then((kept) => {
  for (const line of place.querySelectorAll("[data-kept]")) line.hidden = kept !== (line.dataset.kept === "yes");
}).catch(() => { /* the line that says not to load it again stays */ });
