import { forget } from "./forget.js";

// The office list lies open where there is room for it and folds on a phone.
const menu = document.querySelector("[data-menu]");
const wide = matchMedia("(min-width: 1000px)");
const fit = () => { if (menu) menu.open = wide.matches; };
wide.addEventListener("change", fit);
fit();

// The page that leads the reveal is kept for whoever is signed in, and for nobody after.
for (const form of document.querySelectorAll('form[action="/sign-out"]')) form.addEventListener("submit", () => { forget("lead"); });
