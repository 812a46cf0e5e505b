// The service worker of the gate's and the judge's app. A release is installed whole or not at all; it serves only when
// the outbox is empty, so that what an older page has written is sent by the page that wrote it.
// The server puts `self.APP = {name, files, pages, languages}` in front of this file, so a new release is a new worker.
const { name, files, pages, languages } = self.APP;
const PREFIX = "festival-release-";
const CACHE = PREFIX + name;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    try {
      const shells = pages.flatMap((page) => languages.map((language) => inLanguage(page, language)));
      await cache.addAll([...files, ...shells.map((shell) => new Request(shell, { cache: "reload", credentials: "omit" }))]);
    } catch (wrong) {
      await caches.delete(CACHE);
      throw wrong;
    }
    if (!self.registration.active) await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await self.clients.claim();
    await sweep();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(outboxEmpty().then((empty) => empty && self.skipWaiting()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    if (pages.includes(url.pathname)) event.respondWith(page(request, url.pathname));
    else event.respondWith(fetch(request).catch(() => withoutNetwork(url.pathname)));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});

async function page(request, path) {
  return (await shell(path)) ?? fetch(request);
}

/** The kept page in the language its reader chose. */
async function shell(path) {
  const chosen = (await self.cookieStore?.get("lang"))?.value;
  const language = languages.includes(chosen) ? chosen : languages[0];
  for (const cacheName of await inOrder()) {
    const kept = await (await caches.open(cacheName)).match(inLanguage(path, language));
    if (kept) return kept;
  }
  return undefined;
}

// Asked without cookies, so that nobody's page is kept: the language stands in the address.
function inLanguage(path, language) {
  return `${path}?lang=${language}`;
}

// A family's own page, and that of a delegation's head, is kept by the page itself (js/keep-page.js) in a cache of its own,
// which no release touches.
async function withoutNetwork(path) {
  const own = ["/family", "/head"].includes(path) ? await (await caches.open(`${path.slice(1)}-page`)).match(path) : undefined;
  return own ?? (await shell("/offline")) ?? Response.error();
}

// This release first; an older whole one first while something written under it still waits. Caches are listed in the
// order they were made: what comes after ours belongs to a release that waits for its turn, not to us.
async function inOrder() {
  const releases = (await caches.keys()).filter((key) => key.startsWith(PREFIX));
  const older = releases.slice(0, releases.indexOf(CACHE)).reverse();
  return older.length && !(await outboxEmpty()) ? [...older, CACHE] : [CACHE, ...older];
}

async function sweep() {
  if (!(await outboxEmpty())) return;
  const open = await self.clients.matchAll({ type: "window" });
  if (open.length > 1) return;
  for (const key of await caches.keys()) if (key.startsWith(PREFIX) && key !== CACHE) await caches.delete(key);
}

function outboxEmpty() {
  return new Promise((resolve) => {
    const asked = indexedDB.open("festival-device");
    asked.onupgradeneeded = () => asked.transaction.abort(); // no database yet: nothing waits, and none is made here
    asked.onerror = () => resolve(true);
    asked.onsuccess = () => {
      const db = asked.result;
      const counted = db.transaction("outbox").objectStore("outbox").count();
      counted.onsuccess = () => { db.close(); resolve(counted.result === 0); };
      counted.onerror = () => { db.close(); resolve(false); };
    };
  });
}
