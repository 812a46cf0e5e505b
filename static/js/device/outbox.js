// What has this device said? Append-only: an entry is written, read back, sent, acknowledged, archived, never changed.
// Two tabs take turns by a Web Lock; the chain (prev_hash) and the gap-free seq show the server what is missing.
import { digest, signedBytes, uuid7 } from "./canonical.js";
import { announce } from "./changes.js";
import { offsetMs, openClock } from "./clock.js";
import { device } from "./enrol.js";
import { asked, readMeta, transact } from "./store.js";

const TRIES = 5;
let me = null;

export class NotEnrolled extends Error {}

/** Ready to write; resolves to the device or throws NotEnrolled. */
export async function open() {
  await openClock();
  me = await device();
  if (!me) throw new NotEnrolled();
  return me;
}

/** Resolves when the strict transaction has completed and the entry was read back: "đã lưu trên máy". */
export async function append({ kind, subject, body, baseVersion = null }) {
  if (!me) await open();
  const entry = await navigator.locks.request("festival-outbox", () => write({ kind, subject, body, baseVersion }));
  announce();
  return entry;
}

async function write({ kind, subject, body, baseVersion }) {
  const tailKey = `tail:${me.code}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const tail = (await readMeta(tailKey)) ?? { seq: 0, hash: null };
    const wall_ms = Date.now();
    const wire = {
      v: 2, mid: uuid7(wall_ms), seq: tail.seq + 1, kind, subject,
      body: structuredClone(body), base_version: baseVersion, wall_ms, offset_ms: offsetMs(), prev_hash: tail.hash,
    };
    const bytes = signedBytes(wire, me.code);
    const hash = await digest(bytes);
    wire.sig = me.key ? await sign(me.key, bytes) : null;
    const entry = { ...wire, device: me.code, hash, level: "saved" };
    // WebCrypto is done: from here only the database is awaited, or the transaction would close.
    const stored = await transact(["meta", "outbox"], "readwrite", async (tx) => {
      const now = (await asked(tx.objectStore("meta").get(tailKey))) ?? { seq: 0 };
      if (now.seq !== tail.seq) return false;
      tx.objectStore("meta").put({ seq: wire.seq, hash }, tailKey);
      await asked(tx.objectStore("outbox").add(entry));
      return true;
    });
    if (!stored) continue;
    const back = await transact(["outbox", "archive"], "readonly", async (tx) => {
      const key = [me.code, wire.seq];
      // Another tab may have delivered it in between: then it stands in the archive.
      return (await asked(tx.objectStore("outbox").get(key))) ?? asked(tx.objectStore("archive").get(key));
    });
    if (back?.hash !== hash) throw new Error("not stored");
    return entry;
  }
  throw new Error("not stored");
}

async function sign(key, bytes) {
  const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes));
  return btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** {saved, received, booked, refused}: how much stands on which of the three levels, and what somebody must look at. */
export async function counts() {
  return transact(["outbox", "archive"], "readonly", async (tx) => {
    const archive = tx.objectStore("archive");
    return {
      saved: await asked(tx.objectStore("outbox").count()),
      received: await asked(archive.index("level").count("received")),
      booked: await asked(archive.index("level").count("booked")),
      refused: await asked(archive.index("refused").count()),
    };
  });
}

/** Newest first, outbox and archive together. */
export async function entries({ subject, kind } = {}) {
  const all = await transact(["outbox", "archive"], "readonly", async (tx) => [
    ...(await asked(tx.objectStore("outbox").getAll())),
    ...(await asked(tx.objectStore("archive").getAll())),
  ]);
  return all
    .filter((entry) => (subject === undefined || entry.subject === subject) && (kind === undefined || entry.kind === kind))
    .sort((a, b) => b.wall_ms - a.wall_ms || b.seq - a.seq);
}

/** A person has seen that this entry was refused. It stays in the archive. */
export async function acknowledge(entry) {
  await transact(["archive"], "readwrite", async (tx) => {
    const store = tx.objectStore("archive");
    const held = await asked(store.get([entry.device, entry.seq]));
    if (held) { delete held.refused; await asked(store.put(held)); }
  });
  announce();
}
