// After a swap the page comes back to the act that was moved, with the focus on the same button.
const KEY = "schedule-moved";

for (const form of document.querySelectorAll("form[action*='/acts/']")) {
  form.addEventListener("submit", (event) => {
    const row = form.closest("[id]");
    sessionStorage.setItem(KEY, JSON.stringify([row.id, event.submitter?.value ?? ""]));
  });
}

const kept = sessionStorage.getItem(KEY);

function restore() {
  const [id, to] = JSON.parse(kept);
  const row = document.getElementById(id);
  row?.scrollIntoView({ block: "center" });
  const button = row?.querySelector(`button[value="${to}"]:not(:disabled)`) ?? row?.querySelector("button:not(:disabled)");
  button?.focus({ preventScroll: true });
}

if (kept) {
  sessionStorage.removeItem(KEY);
  // the browser goes to the anchor of the address last and takes the focus with it: wait for that
  if (document.readyState === "complete") setTimeout(restore, 50);
  else window.addEventListener("load", () => setTimeout(restore, 50));
}
