// A code was read, by whatever means: a whole pass of another festival is called so, everything else is read as one of ours.
import { append } from "../device/outbox.js";
import { t } from "../words.js";
import { festivalElsewhere } from "./elsewhere.js";
import { look } from "./list.js";
import { listId, NotAPass } from "./pass-code.js";
import { parts } from "./parts.js";
import { seen } from "./reading.js";
import { tokenOf } from "./typed-text.js";
import { say, screen } from "./verdict.js";
import { settle } from "./who-came.js";

const KEPT = ["camera", "scanner", "photo"]; // what was held up and refused is kept; a slip of the keys is not
let noted = ""; // a pass that stays in front of the camera is one reading

/** how: "camera", "scanner" (a keyboard scanner), "photo", "typed" */
export async function readPass({ text, how }) {
  const { id, festival } = await ofAnother(text);
  if (!festival) return seen(text, how);
  if (!(await settle())) return undefined;
  screen.reading = null;
  say("bad", t("Thẻ của ngày hội khác"), {
    word: t("Thẻ khác"), text: t("Đây là thẻ của “{festival}”. Hỏi thẻ của ngày hội này, hoặc tìm theo tên.", { festival }),
  });
  return noteForeign(id, how);
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

/** A refused reading is kept with its reason; whoever only looks writes nothing. */
async function noteForeign(id, how) {
  const looks = document.querySelector("[name=way]:checked")?.value === "look";
  if (looks || !KEPT.includes(how) || noted === id) return;
  noted = id;
  const body = { pass: id, persons: null, purpose: parts.purpose.value, how, decision: "refused", why: "foreign" };
  await append({ kind: "scan", subject: id, body }).catch(console.error); // a full phone still says what it has read
}
