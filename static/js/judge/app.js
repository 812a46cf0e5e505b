// The judge's tablet, put together. Works without network: everything is read from the device, and a sheet is "sent" when it
// is stored here for good.
import { subscribe } from "../device/changes.js";
import { obstacle } from "../device/able.js";
import { remember } from "../device/activate.js";
import { device } from "../device/enrol.js";
import { open } from "../device/outbox.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { startSync } from "../device/sync.js";
import { adoptDrafts, forgetNotes } from "./drafts.js";
import { hold, startHold } from "./hold.js";
import { CALLS_EVERY_S, showCalls } from "./calls.js";
import { showLevels } from "./levels.js";
import { followStage, show } from "./screens.js";
import { sheetOpen, tablet } from "./tablet.js";
import "./confirm-sheets.js";

const why = await obstacle();
const mine = why ? null : await device();
if (why) {
  document.querySelector("#screen p").textContent = why;
} else if (mine?.role !== "judge") {
  turnAway("judge");
} else if (mine.waiting) {
  location.replace("/activate");
} else {
  await open();
  await adoptDrafts();
  await startHold(show);
  subscribe(() => { showLevels(); if (["list", "sent"].includes(tablet.now.view)) show(); });
  await startSync({
    onState: (fresh) => {
      if (fresh.activation) { wait(); return; }
      tablet.state = fresh;
      tablet.stateCame = true;
      showCalls(fresh.calls ?? []);
      arrived();
    },
    onRevoked: async () => {
      tablet.state = { contests: [] };
      tablet.now = { view: "list", entry: null };
      Object.assign(hold, { why: null, able: false }); // nothing is left to be hidden, and whoever holds it must read where to go
      await forgetNotes();
      show();
    },
    onVerdict: () => { showLevels(); },
    onStatus: showLevels,
    stateEvery: CALLS_EVERY_S,
  });
  keepFresh({ busy: sheetOpen });
  await show();
}

// A tablet of before, or one whose judge has to open it anew: what waits in the outbox goes when it is open.
async function wait() {
  tablet.state = { contests: [] };
  await remember(true);
  location.replace("/activate");
}

function arrived() {
  showLevels();
  if (sheetOpen() && !hold.why) followStage();
  else show();
}
