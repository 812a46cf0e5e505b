// Is a pass that is not on the list one of another festival? The phone knows them by the beginnings of their list ids.
import { ask } from "./asking.js";
import { keepTold, toldOf } from "./list.js";
import { fromBase64, toHex } from "./pass-code.js";

const BEGINNING = 5; // bytes; festival/checkin/elsewhere.py
let known = null; // beginning → the festival's name

/** Ask what has changed; without a network the phone goes on with what it knows. */
export async function learnElsewhere() {
  try {
    const held = await toldOf("elsewhere");
    const answer = await ask("elsewhere", { mark: held?.mark ?? "" });
    if (!answer.festivals) return;
    await keepTold("elsewhere", answer);
    known = null;
  } catch { /* asked again when the page opens or the network is back */ }
}

/** The name of the festival whose pass this is; "" when no other one has it. */
export async function festivalElsewhere(id) {
  known ??= unpacked((await toldOf("elsewhere"))?.festivals ?? []);
  return known.get(id.slice(0, 2 * BEGINNING)) ?? "";
}

function unpacked(festivals) {
  const all = new Map();
  for (const { name, passes } of festivals) {
    const hex = toHex(fromBase64(passes));
    for (let at = 0; at < hex.length; at += 2 * BEGINNING) all.set(hex.slice(at, at + 2 * BEGINNING), name);
  }
  return all;
}
