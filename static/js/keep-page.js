// A page that opens without network keeps itself: itself as it was sent, its files (from the browser's own cache), and what is
// shown instead of other pages, all or nothing; then the worker that answers from them.

// Before the page changes anything in itself: fetching it a second time would cost as much again.
const sent = `<!doctype html>\n${document.documentElement.outerHTML}`;

/** keep("/family", "family-page", element with data-worker and data-files, data-scope where that is not the path); false where
 *  nothing can be kept. */
export async function keep(path, cacheName, { worker, files: more, scope = path }) {
  if (!("serviceWorker" in navigator)) return false;
  const linked = [...document.querySelectorAll('link[rel~="stylesheet"], link[rel~="icon"], link[rel="modulepreload"], script[src]')];
  const files = [...linked.map((element) => element.href || element.src), ...more.split(" ")];
  const offline = `/offline?lang=${document.documentElement.lang}`;
  const cache = await caches.open(cacheName);
  await cache.addAll([...new Set(files), new Request(offline, { cache: "reload", credentials: "omit" })]);
  // A file carries the same policy as every answer of this server.
  const policy = (await cache.match(files[0], { ignoreVary: true })).headers.get("Content-Security-Policy");
  await cache.put(path, new Response(sent, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy } }));
  await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
  await navigator.serviceWorker.ready; // until the worker stands nobody would answer without network, so nothing is promised
  const wanted = new Set([...files, offline, path].map((address) => new URL(address, location.href).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  return true;
}
