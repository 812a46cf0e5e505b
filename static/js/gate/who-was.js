// Whose names does the history know? A gate's phone keeps no readable name on its disk: those it has just let in stay in the
// memory of the page as long as they can be taken back; of others the server is asked, and notes the look.
import { t } from "../words.js";
import { me } from "./me.js";
import { made } from "./parts.js";
import { people } from "./people.js";
import { UNDO_MS } from "./weigh.js";

const WHY = {
  404: t("Thẻ này vừa được thay hoặc không còn hiệu lực."), 429: t("Đã tìm quá nhiều lần. Chờ một phút rồi thử lại."),
};

const seen = new Map(); // mid → {at, names}

export function rememberNames(mid, names) {
  const now = Date.now();
  for (const [held, { at }] of seen) if (now - at > UNDO_MS) seen.delete(held);
  seen.set(mid, { at: now, names });
}

export function namesOf(mid) {
  const held = seen.get(mid);
  return held && Date.now() - held.at <= UNDO_MS ? held.names : null;
}

/** Ask the server for the names of those a message of this phone let in; false, with words in `place`, when it does not tell. */
export async function askNames(entry, place) {
  try {
    const answer = await fetch("/api/v1/checkin/lookup/chosen", {
      method: "POST", credentials: "omit", signal: AbortSignal.timeout(8000),
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${me.token}` }, body: JSON.stringify({ pass: entry.subject }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { record } = await answer.json();
    rememberNames(entry.mid, people(record).filter(({ code }) => entry.body.persons.includes(code)).map(({ name }) => name));
    return true;
  } catch (wrong) {
    place.append(made("p", { className: "error", textContent: WHY[wrong.message] ?? t("Xem tên cần có mạng. Thử lại sau.") }));
    return false;
  }
}
