// What is known of lost children on this device: what the server told, and what was written here and is still on its way.
import { append, entries } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { me } from "../gate/me.js";
import { toldSteps } from "./kin.js";
import { stories } from "./stories.js";

/** All stories as this device knows them. */
export async function known() {
  const own = (await entries({ kind: "child" })).filter((entry) => entry.device === me.code && entry.verdict !== "rejected");
  return stories([...own.map(asStep), ...(await toldSteps())]); // told last: of two with one key the server's stands
}

const asStep = (entry) => ({
  key: entry.mid, child: entry.body.child, kind: entry.body.step, at_ms: entry.wall_ms + entry.offset_ms, device: me.number,
  seq: entry.seq, station: me.station, person: entry.body.person ?? null, words: entry.body.words ?? "", undoes: entry.body.undoes ?? null,
});

/** Write a step down; resolves when it lies on the device. */
export async function write(step, child, { person = null, words = "", undoes = null } = {}) {
  const body = { step, child, words };
  if (person) body.person = person;
  if (undoes) body.undoes = undoes;
  await append({ kind: "child", subject: child, body });
  syncNow();
}

/** Somebody is about to see the family with its numbers: that stands in the outbox before they do. */
export async function noteLook(pass, by) {
  await append({ kind: "child_look", subject: pass, body: { pass, by } });
  syncNow();
}
