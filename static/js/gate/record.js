// How is it written down who came? One message in the outbox, and the phone's own list knows at once who is in.
import { append } from "../device/outbox.js";
import { syncNow } from "../device/sync.js";
import { t } from "../words.js";
import { noteAdmitted } from "./list.js";
import { me } from "./me.js";
import { buttonDone, buttons, clearPeople, level, say, screen } from "./verdict.js";

const NAMED_MAX = 2000; // as many as one message holds

export async function record(reading, persons) {
  buttons([]);
  clearPeople();
  if (reading.practice) {
    buttonDone();
    level("practice");
    return;
  }
  // By name, also when all are ticked: somebody the family gains before this arrives was not seen at the gate.
  const named = persons.length <= NAMED_MAX ? persons : null;
  const body = { pass: reading.id, persons: named, purpose: reading.purpose, how: reading.how };
  await save(reading, { kind: "scan", subject: reading.id, body });
  if (reading.entry) await noteAdmitted(persons, reading.purpose, reading.day, reading.entry.wall_ms + reading.entry.offset_ms, me.station);
}

export async function save(reading, mutation) {
  try {
    reading.entry = await append(mutation);
  } catch (wrong) {
    console.error(wrong);
    screen.reading = { id: "", everybody: [], waiting: true, timer: 0 }; // stays until somebody has read it
    say("bad", t("Chưa lưu được trên máy"), { word: t("Chưa lưu"), text: t("Máy hết chỗ hoặc trình duyệt không cho lưu. Ghi ra giấy và báo trưởng cổng.") });
    return;
  }
  reading.done = true;
  if (screen.reading === reading) { level("saved"); buttonDone(); }
  syncNow();
}
