// A delegation's record holds the keys of its families' records: put together they say who is on the bus.
import { passesOf } from "./list-store.js";
import { fromBase64, unsealWith } from "./pass-code.js";

/** Fill the groups of the record. False: some of the families' records are not on this phone. */
export async function together(record) {
  const kept = (record.groups ?? []).filter((group) => group.key);
  if (!kept.length) return true;
  const sealed = await passesOf(kept.map((group) => group.pass));
  if (kept.some((group) => !sealed.get(group.pass))) return false;
  await Promise.all(kept.map(async (group) => {
    const key = await crypto.subtle.importKey("raw", fromBase64(group.key), "AES-GCM", false, ["decrypt"]);
    const plain = await unsealWith(key, group.pass, fromBase64(sealed.get(group.pass)));
    const { name, members } = JSON.parse(new TextDecoder().decode(plain));
    Object.assign(group, { name, members });
    delete group.key;
  }));
  return true;
}
