// The page of a contest in place: a row's button draws the form again without leaving the page, and what is computed
// follows the typing. The server says everything; here its answer is only put where it belongs.
const form = document.querySelector("form[data-editor]");
const PAUSE_MS = 400;
let asked = null; // the question on its way; a newer one makes it void
let pause = 0;

const state = () => new URLSearchParams(new FormData(form)).toString();

async function drawn(button, now) {
  asked?.abort();
  const mine = asked = new AbortController();
  const typed = new URLSearchParams(now);
  typed.set("do", button);
  typed.set("fragment", "yes");
  const answer = await fetch(form.action, { method: "POST", body: typed, signal: mine.signal, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = document.createElement("template");
  page.innerHTML = await answer.text();
  if (mine.signal.aborted) throw new DOMException("", "AbortError");
  return page.content;
}

/** The rows as the server has drawn them; unfolded parts stay unfolded, and the focus goes where the server says: unless
 * whoever pressed has gone on to another field, where the hand then stays, with what is selected. */
function replace(content, pressed) {
  for (const fold of form.querySelectorAll("details[id][open]")) content.getElementById(fold.id)?.setAttribute("open", "");
  const held = document.activeElement;
  const one = ["radio", "submit"].includes(held?.type); // of several with the same name
  const focus = held === pressed ? content.querySelector("[autofocus]") : null;
  const marked = held?.type === "text" || held?.type === "textarea" ? [held.selectionStart, held.selectionEnd] : null;
  form.querySelector(".editor").replaceChildren(content);
  const again = held?.name && [...form.elements].find((each) => each.name === held.name && (!one || each.value === held.value));
  const there = focus ?? (again || document.getElementById(held?.id));
  there?.focus();
  if (marked && there === again) again.setSelectionRange(...marked);
}

/** Only what is computed; a part in which somebody's focus stands is left for the next time. */
function refresh(content) {
  for (const part of content.querySelectorAll('[id^="live-"]')) {
    const here = document.getElementById(part.id);
    if (here && !here.contains(document.activeElement) && here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML;
  }
}

async function press(button, put, otherwise) {
  clearTimeout(pause);
  const pressed = document.activeElement;
  try {
    let now, content;
    // what is typed while the answer is on its way would be lost with it: ask again with that
    do { now = state(); content = await drawn(button, now); } while (state() !== now);
    put(content, pressed);
  } catch (error) { if (error.name !== "AbortError") otherwise(); }
}

if (form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button || ["save", "try"].includes(button.value) || button.dataset.plain) return;
    event.preventDefault();
    // without an answer the form goes the way it goes without script
    press(button.value, replace, () => { button.dataset.plain = "yes"; button.click(); });
  });
  // what opens beside this page leaves it as it was, ready to be sent
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); });
  });
  form.addEventListener("change", (event) => { if (event.target.name === "kind") press("draw", replace, () => {}); });
  form.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (event.target.name !== "kind") pause = setTimeout(() => press("draw", refresh, () => {}), PAUSE_MS);
  });
}
