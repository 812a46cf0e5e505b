// Whose device is this? Trades a one-time code for a token; the private key of a judge's tablet never leaves it.
// Earlier identities stay: what they still hold in the outbox is sent with their own token.
import { askToKeep } from "./storage.js";
import { asked, readMeta, transact } from "./store.js";
import { rememberNumber } from "./was.js";

export class EnrolmentRefused extends Error {}

/** {code, number, name, role, station, page, festival, token, key} or null. */
export async function device() {
  return (await readMeta("device")) ?? null;
}

export async function identities() {
  return (await readMeta("identities")) ?? {};
}

export async function enrol(code, name) {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const answer = await fetch("/api/v1/enrol", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, name, public_key: { kty, crv, x, y } }),
    signal: AbortSignal.timeout(20000),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || !told.token) throw new EnrolmentRefused(told.message ?? "");
  const identity = { ...told.device, festival: told.festival, token: told.token, key: pair.privateKey };
  await transact(["meta"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    const all = (await asked(meta.get("identities"))) ?? {};
    all[identity.code] = identity;
    meta.put(all, "identities");
    meta.put(identity, "device");
    for (const key of ["holder", "forgetAt", "forgot"]) meta.delete(key);
    await asked(meta.delete("cursor"));
  });
  await rememberNumber(identity.number);
  return { ...identity, kept: await askToKeep() };
}
