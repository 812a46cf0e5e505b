// Opens without network a page that keeps itself and what it is made of (js/keep-page.js): the family's, that of a delegation's
// head, the page that leads the reveal and its screens. Nothing of the gate's and the judge's apps is fetched for it. Its scope
// is narrower than theirs, so an enrolled phone keeps its own worker beside it.
const PAGE = new URL(self.registration.scope).pathname;
const CACHE = `${PAGE.slice(1)}-page`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => withoutNetwork(pathname)));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

async function withoutNetwork(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? (await cache.match("/offline", { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}
