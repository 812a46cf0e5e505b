// The reception desk, put together: finds a delegation, writes who came and what it was handed, shows the receipt, sends it
// when it can. Here it starts and each button gets its deed; the deeds stand in the files beside this one.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { NotEnrolled } from "../device/outbox.js";
import { EVERY_S } from "../device/pace.js";
import { startSync } from "../device/sync.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { clear, forgetAdmitted } from "../gate/list.js";
import { me, openMe } from "../gate/me.js";
import { listenToKeys } from "../gate/scanner-keys.js";
import { t } from "../words.js";
import { closeCamera, openCamera } from "./camera.js";
import { desk, everybody, open, writeDown } from "./delegation.js";
import { drawFound, scanned, search } from "./find.js";
import { forget, mergeDesk, noteAnswered } from "./held.js";
import { $, parts, screen, shown } from "./parts.js";
import { answeredLevel, showPaper } from "./receipt.js";
import { drawStatus, showRefused } from "./status-line.js";
import { undoLast } from "./undoing.js";

const ROLES = ["desk", "lead"];

async function home() {
  desk.now = null;
  screen("find");
  await drawFound();
}

function leave() {
  if (history.state?.desk) history.back();
  else home();
}

function wire() {
  const deeds = {
    "open-camera": openCamera, "close-camera": closeCamera, back: leave, next: leave, "everybody-comes": () => everybody(true), "nobody-comes": () => everybody(false),
    write: writeDown, "show-paper": () => showPaper(desk.now), "paper-back": () => open(desk.now.delegation, desk.now.record), print: () => window.print(), "undo-last": undoLast, refused: showRefused,
  };
  for (const [id, deed] of Object.entries(deeds)) $(id).addEventListener("click", deed);
  parts["find-form"].addEventListener("submit", search);
  window.addEventListener("popstate", () => { if (shown() !== "find") home(); });
  parts.search.addEventListener("input", () => { parts["search-error"].textContent = ""; drawFound(); });
  parts["camera-box"].addEventListener("close", closeCamera);
  listenToKeys(scanned);
}

async function answered(entry) {
  noteAnswered(entry);
  if (entry.kind === "scan" && ["rejected", "quarantined"].includes(entry.verdict)) await forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
  answeredLevel(entry);
}

async function start() {
  const say = (words) => { parts["desk-start"].textContent = words; };
  const why = await obstacle();
  if (why) { say(why); return; }
  try {
    await openMe();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    turnAway("desk");
    return;
  }
  if (!ROLES.includes(me.role)) { location.replace(me.page); return; }
  say("");
  wire();
  subscribe(() => drawStatus());
  await home();
  keepFresh({ busy: () => shown() !== "find" || document.querySelector("dialog[open]") !== null || parts.search.value !== "" }).catch(console.error);
  setInterval(drawStatus, 10_000);
  await startSync({
    stateEvery: EVERY_S.gate,
    mergeState: async (state) => { const cursor = await mergeDesk(state); await drawFound(); return cursor; },
    onVerdict: answered,
    onStatus: drawStatus,
    onRevoked: async () => { forget(); await clear(); await home(); parts.search.placeholder = t("Máy đã bị thu hồi"); },
  });
}

start();
