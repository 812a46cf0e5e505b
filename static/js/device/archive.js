// What has the server answered, and what must be sent once more? An answered entry moves from the outbox to the archive and
// stays; what the server has lost (an older ledger, a gap) moves back.
import { announce } from "./changes.js";
import { asked, readMeta, transact } from "./store.js";

const WIRE = ["v", "mid", "seq", "kind", "subject", "body", "base_version", "wall_ms", "offset_ms", "prev_hash", "sig"];

export async function waiting(deviceCode, most) {
  const range = IDBKeyRange.bound([deviceCode, 0], [deviceCode, Infinity]);
  return transact(["outbox"], "readonly", (tx) => asked(tx.objectStore("outbox").getAll(range, most)));
}

export const onTheWire = (entry) => Object.fromEntries(WIRE.map((key) => [key, entry[key] ?? null]));

/** Move answered entries to the archive in one strict transaction. `heads`: what the server's ledger says now. */
export async function file(answered, heads) {
  const known = new Map(heads.map((head) => [head.stream, head]));
  const filed = await transact(["outbox", "archive", "meta"], "readwrite", async (tx) => {
    const outbox = tx.objectStore("outbox");
    const archive = tx.objectStore("archive");
    const done = [];
    for (const [entry, verdict] of answered) {
      if (!(await asked(outbox.get([entry.device, entry.seq])))) continue;
      const booked = verdict.ledger && known.has(verdict.ledger);
      const kept = { ...entry, ...verdict, level: booked ? "booked" : "received" };
      if (["rejected", "quarantined", "conflict"].includes(verdict.verdict)) kept.refused = 1;
      archive.put(kept);
      await asked(outbox.delete([entry.device, entry.seq]));
      done.push(kept);
    }
    await remember(tx.objectStore("meta"), heads);
    return done;
  });
  if (filed.length) announce();
  return filed;
}

async function remember(meta, heads) {
  const kept = (await asked(meta.get("heads"))) ?? {};
  for (const { stream, size, head } of heads) if (!kept[stream] || size > kept[stream].size) kept[stream] = { size, head };
  await asked(meta.put(kept, "heads"));
}

export async function rememberedHeads() {
  return (await readMeta("heads")) ?? {};
}

/** Is the server's ledger older than the one this device knows: a restored backup, another hub? */
export function isOlder(heads, kept) {
  return heads.some(({ stream, size, head }) => {
    const mine = kept[stream];
    return mine && (size < mine.size || (size === mine.size && head !== mine.head));
  });
}

/** Send the archive again, all of it or the sequence numbers of `gaps`: mids make it harmless. */
export async function sendAgain(deviceCode, gaps, serverHeads) {
  const moved = await transact(["outbox", "archive", "meta"], "readwrite", async (tx) => {
    const archive = tx.objectStore("archive");
    const outbox = tx.objectStore("outbox");
    const ranges = gaps ?? [[0, Infinity]];
    let count = 0;
    for (const [first, last] of ranges) {
      for (const entry of await asked(archive.getAll(IDBKeyRange.bound([deviceCode, first], [deviceCode, last])))) {
        if (gaps && entry.verdict === "rejected") continue; // the server has decided; it keeps no row of a malformed one
        outbox.put({ ...onTheWire(entry), device: entry.device, hash: entry.hash, level: "saved" });
        await asked(archive.delete([entry.device, entry.seq]));
        count += 1;
      }
    }
    if (serverHeads) {
      const meta = tx.objectStore("meta");
      const kept = (await asked(meta.get("heads"))) ?? {};
      for (const { stream, size, head } of serverHeads) kept[stream] = { size, head };
      await asked(meta.put(kept, "heads"));
    }
    return count;
  });
  if (moved) announce();
  return moved;
}
