// The page of a delegation's head: works without network once it was opened, says how old it is, comes anew when something changed.
import { keep } from "./keep-page.js";
import { forget, whenReplaced } from "./forget.js";
import { poll } from "./poll.js";

const CACHE = "head-page";
const show = (selector, yes) => { const element = document.querySelector(selector); if (element) element.hidden = !yes; };
const page = document.querySelector("[data-head]");

keep("/head", CACHE, page.dataset).then((kept) => show("[data-kept]", kept)).catch(() => { /* without storage it shows while it is open */ });

document.querySelector("[data-forget]")?.addEventListener("submit", () => { forget("head"); });

poll("/api/v1/head/mark", 45, ({ mark }) => { if (mark !== page.dataset.mark) location.reload(); },
  (online) => show("[data-age]", !online), whenReplaced("head"));
