// A judge's tablet speaks only after its judge has typed the own PIN on it: asks the server, and remembers that it is open.
import { call } from "./call.js";
import { device } from "./enrol.js";
import { asked, transact } from "./store.js";

/** {known, pin, card}: does this tablet wait, has its judge a PIN, does a sealed card lie ready? */
export async function askActivation() {
  const told = await call(await device(), "GET", "/api/v1/sync/state?cursor=&known=");
  if (!told.device.waiting) await remember(false);
  return { revoked: told.device.revoked, waiting: told.device.waiting, ...(told.state?.activation ?? {}) };
}

/** → {activated, reason, wait_s, left}; a lost answer is asked again: an open tablet answers that it is open. */
export async function activate(pin, card) {
  const told = await call(await device(), "POST", "/api/v1/activate", card === null ? { pin } : { pin, card });
  if (told.activated) await remember(false);
  return told;
}

/** What this tablet knows of itself before the server has answered. */
export async function remember(waiting) {
  await transact(["meta"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    const mine = await asked(meta.get("device"));
    if (mine) await asked(meta.put({ ...mine, waiting }, "device"));
  });
}
