// Who holds this device? Written down like everything a device says, so it is true without a network and sent when there is one.
import { append } from "./outbox.js";
import { readMeta, writeMeta } from "./store.js";

/** {name, at, before} or null; without a name the device is put away. */
export const holder = async () => (await readMeta("holder")) ?? null;

export async function handTo(identity, name) {
  const before = (await holder())?.name ?? null;
  const entry = await append({ kind: "shift", subject: identity.code, body: { holder: name } });
  const now = { name, at: entry.wall_ms, before };
  await writeMeta("holder", now);
  return now;
}
