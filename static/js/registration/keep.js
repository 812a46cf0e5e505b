// What is typed goes to the server as it is typed: <form data-keep="address">, "" for the form's own address.
// Leaving the page sends what is still on its way. What asks for a secret (name="tail") stays on the screen.
// [data-kept] says whether it arrived; without a network it is sent again when there is one.
const PAUSE_MS = 500;

for (const form of document.querySelectorAll("form[data-keep]")) {
  const address = form.dataset.keep || form.action;
  const told = form.querySelector("[data-kept]");
  let waiting = 0;
  let going = null;
  let leaving = false;

  const body = () => {
    const fields = new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "tail" && typeof value === "string"));
    fields.set("do", "keep");
    return fields;
  };
  let kept = String(body());
  const say = (words) => { if (told && told.textContent !== words) told.textContent = words; };

  async function send(keepalive = false) {
    clearTimeout(waiting);
    waiting = 0;
    if (going && !keepalive) return void (waiting = setTimeout(send, PAUSE_MS));
    const fields = body();
    if (String(fields) === kept || leaving) return;
    going = fetch(address, { method: "POST", body: fields, keepalive, redirect: "error" });
    try {
      const answer = await going;
      if (answer.ok) kept = String(fields);
      say(answer.ok ? told?.dataset.kept : told?.dataset.notKept);
    } catch { say(told?.dataset.notKept); }
    going = null;
  }

  form.addEventListener("input", () => {
    say("");
    clearTimeout(waiting);
    waiting = setTimeout(send, PAUSE_MS);
  });
  // Sending the form says all of it: nothing older may arrive behind it.
  form.addEventListener("submit", () => { leaving = true; clearTimeout(waiting); });
  addEventListener("pagehide", () => send(true));
  addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  addEventListener("online", () => send());
}
