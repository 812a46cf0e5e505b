// The judge's tablet, put together. Works without network: everything is read from the device, and a sheet is "sent" when it
// is stored here for good.
import { subscribe } from "../device/changes.js";
import { device } from "../device/enrol.js";
import { open } from "../device/outbox.js";
import { keepFresh } from "../device/update.js";
import { startSync } from "../device/sync.js";
import { showLevels } from "./levels.js";
import { followStage, show } from "./screens.js";
import { sheetOpen, tablet } from "./tablet.js";

if (await device()) {
  await open();
  subscribe(() => { showLevels(); if (["list", "sent"].includes(tablet.now.view)) show(); });
  await startSync({
    onState: (fresh) => { tablet.state = fresh; tablet.stateCame = true; arrived(); },
    onVerdict: () => { showLevels(); },
    onStatus: showLevels,
  });
  keepFresh({ busy: sheetOpen });
  await show();
} else {
  location.replace("/enrol");
}

function arrived() {
  if (sheetOpen()) followStage();
  else show();
}
