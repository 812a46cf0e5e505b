// A better answer is looked for while the first one is read: the form that asks for it is sent by itself, and what comes back takes the
// place of what stands there. Not while the hand is on the button that takes it: what is taken is what was read. Without script a button asks.
import { keepHand } from "./hand.js";

const hold = document.querySelector("[data-mend]");
const LET_GO_MS = 200;

/** Words for the ear: only what is new. */
function tell(before) {
  const said = document.querySelector("[data-mend-said]");
  const now = hold.querySelector("[data-mend-sum]")?.textContent ?? "";
  if (now !== before) said.textContent = now;
}

async function letGo() {
  while (hold.querySelector(".form-end :is(:hover, :focus, :active)")) await new Promise((done) => setTimeout(done, LET_GO_MS));
}

async function asked(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(30000) });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-mend]");
  if (!found) throw new Error("signed out");
  return found;
}

async function further() {
  const form = hold.querySelector("[data-mend-further]");
  if (!form) return;
  const looking = (yes) => {
    form.querySelector("[data-mend-looking]").hidden = !yes;
    form.querySelector("button").hidden = yes;
  };
  looking(true);
  try {
    const found = await asked(form);
    await letGo();
    const before = hold.querySelector("[data-mend-sum]")?.textContent ?? "";
    keepHand(hold, () => hold.replaceChildren(...found.childNodes), "button");
    tell(before);
  } catch {
    looking(false); // whoever wants to, asks again
    return;
  }
  await further();
}

if (hold) further();
