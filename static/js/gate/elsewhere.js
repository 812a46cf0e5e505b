// Is a pass that is not on the list one of another festival? The phone knows them by the beginnings of their list ids.
import { ask } from "./asking.js";
import { keepTold, toldOf } from "./list.js";
import { fromBase64, toHex } from "./pass-code.js";

const BEGINNING = 5; // bytes; festival/checkin/elsewhere.py

/** Ask what has changed; without a network the phone goes on with what it knows. */
export async function learnElsewhere() {
  const held = await toldOf("elsewhere");
  try {
    const answer = await ask("elsewhere", { mark: held?.mark ?? "" });
    if (answer.festivals) await keepTold("elsewhere", answer);
  } catch { /* asked again when the page opens or the network is back */ }
}

/** The name of the festival whose pass this is; "" when no other one has it. */
export async function festivalElsewhere(id) {
  const { festivals = [] } = (await toldOf("elsewhere")) ?? {};
  const wanted = id.slice(0, 2 * BEGINNING);
  return festivals.find(({ passes }) => {
    const bytes = fromBase64(passes);
    for (let at = 0; at < bytes.length; at += BEGINNING) if (toHex(bytes.subarray(at, at + BEGINNING)) === wanted) return true;
    return false;
  })?.name ?? "";
}
