// What may this phone do beside showing: sound, vibration, the spoken word? A matter of the phone and its place, kept on it.
import { parts } from "./parts.js";

const KEPT = "gate-senses-off";
const off = new Set((localStorage.getItem(KEPT) ?? "").split(" ").filter(Boolean));

/** kind: "sound", "buzz" or "voice" */
export const on = (kind) => !off.has(kind);

export function wireSenses() {
  for (const box of parts.senses.querySelectorAll("input")) {
    box.checked = on(box.value);
    box.addEventListener("change", () => {
      if (box.checked) off.delete(box.value); else off.add(box.value);
      localStorage.setItem(KEPT, [...off].join(" "));
    });
  }
}
