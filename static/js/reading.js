// How does this reader like to read? Dark or light, ordinary or large letters: kept on this device only.
// A plain script in the head, because the choice must stand before the first paint.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: for this page only */ } };
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const large = () => root.dataset.text === "large";
  const set = (name, value) => { root.dataset[name] = value; write(`reading-${name}`, value); };

  for (const name of ["theme", "text"]) {
    const kept = read(`reading-${name}`);
    if (kept) root.dataset[name] = kept;
  }
  addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelectorAll("[data-switch]");
    const show = () => {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.switch === "theme" ? dark() : large()));
    };
    for (const button of buttons) {
      button.hidden = false;
      button.addEventListener("click", () => {
        if (button.dataset.switch === "theme") set("theme", dark() ? "light" : "dark");
        else set("text", large() ? "normal" : "large");
        show();
      });
    }
    show();
  });
})();
