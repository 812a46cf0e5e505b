// The gate, put together: reads passes, says yes or no at once from the list on the phone, writes down who came, sends it
// when it can. Here it starts and each button gets its deed; the deeds stand in the files beside this one.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { NotEnrolled } from "../device/outbox.js";
import { EVERY_S } from "../device/pace.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { startSync } from "../device/sync.js";
import { focusFirst } from "../hand.js";
import { t } from "../words.js";
import { answered } from "./answered.js";
import { keepBack } from "./back.js";
import { byHand, closeByHand, openByHand } from "./by-hand.js";
import { byPhoto } from "./by-photo.js";
import { changeCamera, startCamera, switchTorch } from "./camera.js";
import { learnElsewhere } from "./elsewhere.js";
import { openHistory } from "./history.js";
import { clear, merge, NOTHING_YET } from "./list.js";
import { openMe } from "./me.js";
import { readByScanner } from "./next-pass.js";
import { $, parts } from "./parts.js";
import { drawPurposes, keepPurpose } from "./purposes.js";
import { step } from "./reason.js";
import { listenToKeys } from "./scanner-keys.js";
import { wireSenses } from "./senses.js";
import { readStanding, takeStanding } from "./standing.js";
import { drawStatus } from "./status-line.js";
import { screen } from "./verdict.js";
import { everybody, handComes, taken } from "./who-came.js";

function wire() {
  const deeds = {
    "start-button": startCamera, "retry-camera": startCamera, torch: switchTorch,
    "open-by-hand": openByHand, "close-by-hand": closeByHand,
    "open-history": openHistory, refused: openHistory, "close-history": () => parts.history.close(),
    "verdict-everybody": () => everybody(true), "verdict-none": () => everybody(false),
    "open-senses": () => parts.senses.showModal(), "close-senses": () => parts.senses.close(),
    "why-leave": () => parts.why.close(), "why-less": () => step(-1), "why-more": () => step(1),
  };
  for (const [id, deed] of Object.entries(deeds)) $(id).addEventListener("click", deed);
  parts["by-hand-form"].addEventListener("submit", byHand);
  parts["by-hand-photo"].addEventListener("change", byPhoto);
  parts["camera-choice"].addEventListener("change", changeCamera);
  listenToKeys(readByScanner);
  addEventListener("online", learnElsewhere);
  learnElsewhere();
  parts.verdict.addEventListener("focusin", handComes);
  // what opened the history may be gone when all has been seen
  parts.history.addEventListener("close", () => { if (document.activeElement === document.body) focusFirst($("open-history")); });
  wireSenses();
  keepBack();
}

async function start() {
  const why = await obstacle();
  if (why) { parts["start-words"].textContent = why; return; }
  let me;
  try {
    me = await openMe();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    turnAway("gate");
    return;
  }
  if (!["/gate", "/desk"].includes(me.page)) { location.replace(me.page); return; } // a judge's tablet
  wire();
  await keepPurpose();
  $("open-lost").hidden = me.role !== "lead";
  $("open-missing").hidden = me.role !== "lead";
  subscribe(() => drawStatus());
  parts["start-words"].textContent = t("Máy {number}, {station}", { number: me.number, station: me.station || t("cổng") });
  parts["start-button"].disabled = false;
  keepFresh({ busy: () => Boolean(screen.reading?.timer) || taken() }).catch(console.error);
  setInterval(drawStatus, 10_000);
  setInterval(() => readStanding().then(drawPurposes), 10_000); // hours begin and end; another tab may have asked
  await startSync({
    stateEvery: EVERY_S.gate,
    firstCursor: NOTHING_YET,
    mergeState: async (state) => { await takeStanding(state); drawPurposes(); return merge(state); },
    onVerdict: answered,
    onStatus: drawStatus,
    onRevoked: () => clear(),
  });
}

start();
