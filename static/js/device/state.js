// What does the server say the device should know? The state since the cursor, and whether the device was revoked.
import { isOlder, rememberedHeads, sendAgain } from "./archive.js";
import { call, NoAnswer } from "./call.js";
import { device } from "./enrol.js";
import { hooks, status, tell } from "./status.js";
import { asked, readMeta, transact, writeMeta } from "./store.js";

// A cursor that a page of an older release left: the list is the same, now taken in batches.
const forBatches = (cursor) => (hooks.firstCursor && cursor.split(".").length === 3 ? `-.${cursor.split(".").slice(1).join(".")}.2` : cursor);

export async function askState() {
  const identity = await device();
  if (!identity) return;
  const kept = await rememberedHeads();
  const cursor = hooks.mergeState ? forBatches((await readMeta("cursor")) || (hooks.firstCursor ?? "")) : "";
  const app = document.querySelector('meta[name="app"]')?.content ?? ""; // the release of this page
  const query = new URLSearchParams({ cursor, known: Object.keys(kept).slice(0, 20).join(","), app });
  const whole = await call(identity, "GET", `/api/v1/sync/state?${query}`);
  if (!whole.device || whole.device.code !== identity.code) throw new NoAnswer("device");
  status.device = { ...identity, ...whole.device };
  status.festival = whole.festival;
  status.rehearsal = Boolean(whole.festival.rehearsal);
  if (whole.device.revoked) { await wipe(identity); return; }
  status.revoked = false;
  const forgetAt = whole.forget_ms ?? null;
  if ((await readMeta("forgetAt")) !== forgetAt) await writeMeta("forgetAt", forgetAt); // not written to the disk at every asking
  if (isOlder(whole.heads, kept)) { await sendAgain(identity.code, null, whole.heads); }
  if (whole.state) {
    if (hooks.mergeState) {
      const { left = 0, of = 1 } = whole.state;
      const cursor = await hooks.mergeState(whole.state, whole);
      await writeMeta("cursor", cursor ?? whole.state.cursor);
      status.receiving = left ? Math.floor((100 * (of - left)) / of) : null;
      if (left) { tell(); await askState(); return; } // each part is kept before the next is asked for
    } else {
      await transact(["state"], "readwrite", (tx) => asked(tx.objectStore("state").put(whole, "last")));
      hooks.onState?.(whole.state, whole);
    }
  }
  status.stateAt = whole.server_ms;
  await writeMeta("stateAt", whole.server_ms);
}

/** A revoked device forgets its lists; what it has said stays until the server has it. */
export async function wipe(identity) {
  if ((await device())?.code !== identity.code) return;
  status.revoked = true;
  await forgetLists();
}

export async function forgetLists() {
  await transact(["state", "meta"], "readwrite", async (tx) => {
    tx.objectStore("state").clear();
    await asked(tx.objectStore("meta").delete("cursor"));
  });
  await hooks.onRevoked?.();
}
