// Who has arrived today, as far as the lead's device knows? From the admissions it holds and the purposes the server told.
import { serverNow } from "../device/clock.js";
import { dayWindow } from "../gate/list.js";
import { within } from "../gate/list-store.js";
import { readStanding, standing } from "../gate/standing.js";
import { arrivedOn } from "./missing.js";

/** Set of the codes of people who have arrived on this festival day. */
export async function arrived() {
  await readStanding();
  const [keys, values] = await within(["admitted"], "readonly", (tx) => {
    const store = tx.objectStore("admitted");
    return [store.getAllKeys(), store.getAll()];
  });
  return arrivedOn(keys.result.map((key, at) => [key, values.result[at]]), standing.purposes, dayWindow(serverNow().getTime()));
}
