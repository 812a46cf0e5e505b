// When does a device forget its lists by itself? When it is put away at the end of a shift, and when the festival is over: also
// without a network, by the clock of the server as this device knows it. What it has said stays and is sent.
import { offsetMs, openClock } from "./clock.js";
import { holder } from "./shift.js";
import { forgetLists } from "./state.js";
import { status } from "./status.js";
import { readMeta, writeMeta } from "./store.js";

/** Forgets when it must; resolves to whether this device may ask for lists. */
export async function mayHoldLists() {
  await openClock();
  const until = await readMeta("forgetAt");
  status.over = Boolean(until) && Date.now() + offsetMs() >= until;
  status.away = (await holder())?.name === "";
  const must = status.over || status.away;
  if (must && !(await readMeta("forgot"))) {
    await forgetLists();
    await writeMeta("forgot", true);
  } else if (!must) await writeMeta("forgot", false);
  return !status.away; // when the festival is over it goes on asking: its last day may have been moved
}
