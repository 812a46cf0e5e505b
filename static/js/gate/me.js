// Which device of the festival is this gate phone?
import { open } from "../device/outbox.js";

export let me = null;

/** Resolves to the device; throws NotEnrolled. */
export async function openMe() {
  me = await open();
  return me;
}
