// Opens the family's page, or that of a delegation's head, without network. The page keeps itself and what it is made of
// (js/keep-page.js); nothing of the gate's and the judge's apps is fetched for it. Its scope is /family or /head, so an enrolled
// phone keeps its own worker beside it.
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
  const own = path === PAGE ? await cache.match(path) : undefined;
  return own ?? (await cache.match("/offline", { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}
