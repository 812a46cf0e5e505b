// What was typed survives a closed tab or a dead battery: <form data-draft="a-key-of-this-form">.
// Kept on this device for two days, never for password, file and hidden fields; gone once the form is sent.
// data-draft-over: the key names the state that was drawn, so what was typed on it stands over what the server sent.
// data-draft-now: the page shows something typed that is not saved yet; Back must find it, and a refresh what was typed since.
const DAYS_MS = 2 * 24 * 3600 * 1000;
const kept = (field) => field.name && !field.closest("[data-no-draft]") && !["password", "file", "hidden", "submit"].includes(field.type);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `draft:${form.dataset.draft}`;
  const fields = () => [...form.elements].filter(kept);
  const state = () => Object.fromEntries(
    fields().map((field, place) => [`${place}:${field.name}`, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value]),
  );
  const drawn = JSON.stringify(state());
  const shows = "draftNow" in form.dataset;
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: state(), drawn })); } catch { /* no room: the server still has the last step */ }
  };
  try {
    const { at, values, drawn: before } = JSON.parse(localStorage.getItem(key) ?? "null") ?? {};
    const good = shows ? before === drawn : !form.querySelector("[aria-invalid]");
    if (at && Date.now() - at > DAYS_MS) localStorage.removeItem(key);
    else if (values && good) {
      fields().forEach((field, place) => {
        const value = values[`${place}:${field.name}`];
        if (value === undefined) return;
        if (field.type === "checkbox" || field.type === "radio") field.checked = value;
        else if (!field.value || "draftOver" in form.dataset) field.value = value;
      });
    } else if (shows) keep();
  } catch { /* a broken draft is no draft */ }
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } });
}
