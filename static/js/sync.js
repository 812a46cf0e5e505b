// How does what the device said reach the server, and what the server knows the device?
// Only an answer that echoes a mid is an answer: a captive portal's friendly "200" is not, a lost answer is "unknown" and
// is sent again with the same mid. One tab at a time delivers; nothing is deleted before it is acknowledged.
import { observe, offsetMs } from "./device-clock.js";
import { device, identities } from "./device-enrol.js";
import { asked, readMeta, transact, writeMeta } from "./device-store.js";
import { file, isOlder, onTheWire, rememberedHeads, sendAgain, subscribe, waiting } from "./outbox.js";

const BATCH = 200;
const TIMEOUT_MS = 20000;
const GZIP_FROM = 2048;
const PAUSE_S = { idle: 3, failed: 3, longest: 20 };

const status = {
  online: null, revoked: false, unauthorised: false, lastContact: 0, stateAt: 0, offsetMs: 0,
  rehearsal: false, device: null, festival: null,
};
let hooks = {};
let timer = 0;
let running = null;
let failures = 0;
let stateDue = 0;
// Earlier identities of this phone that the server does not know: asked once a page, or they would hold up the present one.
const strangers = new Set();
// A tab that does not deliver hears from the one that does.
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("festival-sync") : null;
tabs?.addEventListener("message", async ({ data: { filed = [], told } }) => {
  for (const entry of filed) await hooks.onVerdict?.(entry);
  Object.assign(status, told);
  tell();
});

/** onVerdict(entry), onState(state, whole), onStatus(status); `mergeState(state)` instead of onState keeps a large list
    in the app's own store and resolves to the next cursor: it moves on only then. */
export async function startSync(given) {
  hooks = { stateEvery: 15, ...given };
  status.device = await device();
  status.festival = status.device?.festival ?? null;
  status.stateAt = (await readMeta("stateAt")) ?? 0;
  status.offsetMs = offsetMs();
  if (!hooks.mergeState && hooks.onState) {
    const kept = await transact(["state"], "readonly", (tx) => asked(tx.objectStore("state").get("last")));
    if (kept) hooks.onState(kept.state, kept);
  }
  subscribe(() => soon(0));
  addEventListener("online", () => { failures = 0; soon(0); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });
  tell();
  return syncNow();
}

export const syncStatus = () => ({ ...status });

/** Deliver and ask now; resolves when this round is over. */
export function syncNow() {
  running ??= round().finally(() => { running = null; again(); });
  return running;
}

function soon(seconds) {
  clearTimeout(timer);
  timer = setTimeout(syncNow, seconds * 1000);
}

function again() {
  const pause = failures ? Math.min(PAUSE_S.failed * 2 ** (failures - 1), PAUSE_S.longest) : PAUSE_S.idle;
  soon(pause * (0.7 + 0.6 * Math.random()));
}

async function round() {
  try {
    await navigator.locks.request("festival-sync", { ifAvailable: true }, async (lock) => {
      if (!lock) return; // another tab is at it
      const undelivered = await deliverAll();
      if (Date.now() >= stateDue) {
        await askState();
        stateDue = Date.now() + hooks.stateEvery * 1000;
      }
      if (undelivered) throw undelivered;
      const { online, revoked, unauthorised, lastContact, stateAt } = status;
      tabs?.postMessage({ told: { online, revoked, unauthorised, lastContact, stateAt, offsetMs: offsetMs() } });
    });
    failures = 0;
  } catch (wrong) {
    failures += 1;
    if (!(wrong instanceof NoAnswer)) console.error(wrong);
    status.online = false;
  }
  tell();
}

class NoAnswer extends Error {}

/** Send what waits, of the present identity first; resolves to what kept its messages from going, or null. */
async function deliverAll() {
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
  if (filed.length) tabs?.postMessage({ filed, told: {} });
  for (const entry of filed) await hooks.onVerdict?.(entry);
  const again = older ? await sendAgain(identity.code, null, told.heads) : told.gaps.length ? await sendAgain(identity.code, told.gaps) : 0;
  if (told.device.revoked) await wipe(identity);
  return older ? 0 : filed.length + again;
}

async function askState() {
  const identity = await device();
  if (!identity) return;
  const kept = await rememberedHeads();
  const cursor = hooks.mergeState ? ((await readMeta("cursor")) ?? "") : "";
  const query = new URLSearchParams({ cursor, known: Object.keys(kept).slice(0, 20).join(",") });
  const whole = await call(identity, "GET", `/api/v1/sync/state?${query}`);
  if (!whole.device || whole.device.code !== identity.code) throw new NoAnswer("device");
  status.device = { ...identity, ...whole.device };
  status.festival = whole.festival;
  status.rehearsal = Boolean(whole.festival.rehearsal);
  if (whole.device.revoked) { await wipe(identity); return; }
  status.revoked = false;
  if (isOlder(whole.heads, kept)) { await sendAgain(identity.code, null, whole.heads); stateDue = 0; }
  if (whole.state) {
    if (hooks.mergeState) {
      const cursor = await hooks.mergeState(whole.state, whole);
      await writeMeta("cursor", cursor ?? whole.state.cursor);
    } else {
      await transact(["state"], "readwrite", (tx) => asked(tx.objectStore("state").put(whole, "last")));
      hooks.onState?.(whole.state, whole);
    }
  }
  status.stateAt = whole.server_ms;
  await writeMeta("stateAt", whole.server_ms);
}

async function call(identity, method, address, content) {
  const headers = { Authorization: `Bearer ${identity.token}` };
  let body;
  if (content) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(content);
    if (body.length > GZIP_FROM && globalThis.CompressionStream) {
      headers["Content-Encoding"] = "gzip";
      body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
    }
  }
  const sent = Date.now();
  let answer, told;
  try {
    answer = await fetch(address, { method, headers, body, cache: "no-store", redirect: "error", credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS) });
    told = await answer.json();
  } catch {
    throw new NoAnswer("network");
  }
  const mine = identity.code === (await device())?.code;
  if (answer.status === 401) { status.unauthorised ||= mine; throw new NoAnswer("unauthorised"); }
  if (!answer.ok || typeof told?.server_ms !== "number") throw new NoAnswer(String(answer.status));
  const received = Date.now();
  await observe(sent, received, told.server_ms);
  Object.assign(status, { online: true, unauthorised: status.unauthorised && !mine, lastContact: received, offsetMs: offsetMs() });
  return told;
}

/** A revoked device forgets its lists; what it has said stays until the server has it. */
async function wipe(identity) {
  if ((await device())?.code !== identity.code) return;
  status.revoked = true;
  await transact(["state", "meta"], "readwrite", async (tx) => {
    tx.objectStore("state").clear();
    await asked(tx.objectStore("meta").delete("cursor"));
  });
  await hooks.onRevoked?.();
}

function tell() {
  hooks.onStatus?.({ ...status });
}
