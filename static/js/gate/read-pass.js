// A code was read, by whatever means: a whole pass of another festival is called so, everything else is read as one of ours.
import { festivalElsewhere } from "./elsewhere.js";
import { look } from "./list.js";
import { foreign } from "./not-known.js";
import { listId, NotAPass } from "./pass-code.js";
import { seen } from "./reading.js";
import { tokenOf } from "./typed-text.js";
import { settle } from "./who-came.js";

/** how: "camera", "scanner" (a keyboard scanner), "photo", "typed" */
export async function readPass({ text, how }) {
  const { id, festival } = await ofAnother(text);
  if (!festival) return seen(text, how);
  if (!(await settle())) return undefined;
  return foreign(id, festival, how);
}

async function ofAnother(text) {
  try {
    const token = await tokenOf(text);
    const id = await listId(token);
    const festival = await festivalElsewhere(id);
    return festival && (await look(token)).kind === "unknown" ? { id, festival } : {};
  } catch (wrong) {
    if (wrong instanceof NotAPass) return {};
    throw wrong;
  }
}
