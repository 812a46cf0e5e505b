// The family's page: works without network once it was opened, and says how many acts are still to come.
import { forget } from "./forget.js";
import { poll } from "./poll.js";
import { t } from "./words.js";

const CACHE = "family-page";
const show = (selector, yes) => { const element = document.querySelector(selector); if (element) element.hidden = !yes; };

// What the server sent, before this page changes anything in itself: fetching it a second time would cost as much again.
const sent = `<!doctype html>\n${document.documentElement.outerHTML}`;

// The page, its files (from the browser's own cache) and what is shown instead of other pages, all or nothing; then the
// worker that answers from them.
async function keep() {
  const pass = document.querySelector(".pass");
  if (!("serviceWorker" in navigator) || !pass) return;
  const linked = [...document.querySelectorAll('link[rel~="stylesheet"], link[rel~="icon"], link[rel="modulepreload"], script[src]')];
  const files = [...linked.map((element) => element.href || element.src), ...pass.dataset.files.split(" ")];
  const offline = `/offline?lang=${document.documentElement.lang}`;
  const cache = await caches.open(CACHE);
  await cache.addAll([...new Set(files), new Request(offline, { cache: "reload", credentials: "omit" })]);
  // A file carries the same policy as every answer of this server.
  const policy = (await cache.match(files[0], { ignoreVary: true })).headers.get("Content-Security-Policy");
  await cache.put("/family", new Response(sent, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy } }));
  await navigator.serviceWorker.register(pass.dataset.worker, { scope: "/family", updateViaCache: "none" });
  await navigator.serviceWorker.ready; // until the worker stands nobody would answer without network, so nothing is promised
  show("[data-kept]", true);
  const wanted = new Set([...files, offline, "/family"].map((address) => new URL(address, location.href).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

function words({ state, before }) {
  if (state === "on_stage") return t("Gia đình đang thi");
  if (state === "done") return t("Đã thi");
  if (state === "absent") return t("Vắng mặt");
  return before === 0 ? t("Mời gia đình chuẩn bị, đến lượt ngay") : t("Còn {n} lượt nữa", { n: before });
}

keep().catch(() => { /* without storage the page still shows the pass while it is open */ });

// A borrowed phone forgets the pass together with the link.
document.querySelector("[data-forget]")?.addEventListener("submit", () => { if ("caches" in window) caches.delete(CACHE); });

const turns = document.querySelector("[data-turns]");
if (turns) {
  poll(turns.dataset.turns, 30, (answer) => {
    for (const turn of answer.turns) {
      const place = turns.querySelector(`[data-act="${turn.act}"] [data-state]`);
      const text = words(turn);
      if (place && place.textContent.trim() !== text) place.textContent = text;
    }
  }, (online) => show("[data-age]", !online), ({ error }) => {
    if (error !== "link_replaced") return false;
    forget("family").finally(() => location.replace("/family")); // the page that comes says that the link was replaced
    return true;
  });
}
