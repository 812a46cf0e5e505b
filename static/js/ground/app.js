// The app of a ground, put together. Works without network: everything is read from the device, and a result is "noted" when
// it is stored here for good.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { device } from "../device/enrol.js";
import { open } from "../device/outbox.js";
import { startSync } from "../device/sync.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { openDrafts } from "./draft.js";
import { ground, placeOfBefore, setPlace } from "./ground.js";
import { showLevels } from "./levels.js";
import { busy, show } from "./screens.js";
import "./match.js";
import "./measured.js";

const why = await obstacle();
const mine = why ? null : await device();
if (why) {
  document.querySelector("#screen p").textContent = why;
} else if (mine?.role !== "ground") {
  turnAway("ground");
} else {
  placeOfBefore();
  await open();
  await openDrafts();
  subscribe(news);
  await startSync({
    onState: (fresh) => { Object.assign(ground, { state: fresh, stateCame: true }); news(); },
    onRevoked: () => { ground.state = { contests: [] }; setPlace({ view: "contests" }); show(); },
    onVerdict: news,
    onStatus: showLevels,
  });
  keepFresh({ busy });
  await show();
}

function news() {
  showLevels();
  if (!busy()) show();
}
