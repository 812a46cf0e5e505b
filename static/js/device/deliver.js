// How does what the device said reach the server? Only an answer that echoes a mid is an answer; what got none is sent
// again with the same mid. Nothing leaves the outbox before it is acknowledged.
import { file, isOlder, onTheWire, rememberedHeads, sendAgain, waiting } from "./archive.js";
import { call, NoAnswer } from "./call.js";
import { device, identities } from "./enrol.js";
import { wipe } from "./state.js";
import { hooks, tellTabsFiled } from "./status.js";

const BATCH = 200;
// Earlier identities of this phone that the server does not know: asked once a page, or they would hold up the present one.
const strangers = new Set();

/** Send what waits, of the present identity first; resolves to what kept its messages from going, or null. */
export async function deliverAll() {
  const mine = (await device())?.code;
  const all = Object.values(await identities()).filter((identity) => !strangers.has(identity.code));
  let undelivered = null;
  for (const identity of all.sort((a, b) => (b.code === mine) - (a.code === mine))) {
    try {
      await deliverOf(identity);
    } catch (wrong) {
      if (!(wrong instanceof NoAnswer) || wrong.message === "network") throw wrong;
      if (identity.code === mine) undelivered = wrong;
      else if (wrong.message === "unauthorised") strangers.add(identity.code);
    }
  }
  return undelivered;
}

async function deliverOf(identity) {
  for (let rounds = 0; rounds < 50; rounds++) {
    const batch = await waiting(identity.code, BATCH);
    if (!batch.length) return;
    const filed = await deliver(identity, batch);
    if (filed === 0) return; // nothing was answered: try again later, not at once
  }
}

async function deliver(identity, batch) {
  const kept = await rememberedHeads();
  const told = await call(identity, "POST", "/api/v1/sync", {
    v: 2, mutations: batch.map(onTheWire), known: Object.keys(kept).slice(0, 20),
  });
  const byMid = new Map(batch.map((entry) => [entry.mid, entry]));
  if (!Array.isArray(told.verdicts) || !told.verdicts.every((verdict) => byMid.has(verdict.mid))) throw new NoAnswer("mid");
  const older = isOlder(told.heads, kept);
  const filed = await file(told.verdicts.map((verdict) => [byMid.get(verdict.mid), verdict]), older ? [] : told.heads);
  if (filed.length) tellTabsFiled(filed);
  for (const entry of filed) await hooks.onVerdict?.(entry);
  const again = older ? await sendAgain(identity.code, null, told.heads) : told.gaps.length ? await sendAgain(identity.code, told.gaps) : 0;
  if (told.device.revoked) await wipe(identity);
  return older ? 0 : filed.length + again;
}
