// The phone's own "back" takes the verdict off the screen, as "Xong" does, and does not leave the gate in front of a queue.
import { parts } from "./parts.js";
import { dismiss } from "./verdict.js";

const shown = () => !parts.verdict.hidden;

/** One step of the history is the verdict's: kept as long as the page is open, taken by "back". */
export function keepBack() {
  const step = () => { if (shown() && !history.state?.gate) history.pushState({ gate: true }, ""); };
  new MutationObserver(step).observe(parts.verdict, { attributeFilter: ["hidden"] });
  addEventListener("popstate", () => {
    if (history.state?.gate) return;
    if (shown()) { dismiss(); return; }
    history.back(); // nothing to take away: this one leaves
  });
}
