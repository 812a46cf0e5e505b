// A code was read: is it a pass, and whose? The list on the phone answers at once; what is said of it stands in showing.js.
import { look } from "./list.js";
import { noPass, replaced, unknown } from "./not-known.js";
import { NotAPass, normalise } from "./pass-code.js";
import { PRACTICE, PRACTICE_RECORD } from "./practice.js";
import { show } from "./showing.js";
import { tokenOf } from "./typed-text.js";
import { screen } from "./verdict.js";
import { settle } from "./who-came.js";

export { show } from "./showing.js";

export async function seen(text, how = "camera") {
  if (normalise(text) === PRACTICE) return (await settle()) ? show({ practice: true, id: "", record: PRACTICE_RECORD, how }) : undefined;
  let token;
  try {
    token = await tokenOf(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    if (await settle()) noPass(wrong.why, how);
    return undefined;
  }
  const found = await look(token);
  if (screen.reading && screen.reading.id === found.id && screen.reading.timer) return undefined; // still on the screen
  if (!(await settle())) return undefined;
  if (found.kind === "replaced") return replaced(found.id, how);
  if (found.kind === "unknown") return unknown(found.id, how);
  return show({ ...found, how });
}
