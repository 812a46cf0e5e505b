// Everything live is a small JSON asked for again and again: with jitter, so that a thousand phones do not ask at once;
// not at all while the page is hidden; slower while the network fails. The browser's cache keeps the ETag.

/** poll("/api/v1/public/now", 30, (data) => …, (isOnline) => …) → stop(); an address that moves is a function.
 *  `refused` gets what an answer says that is none, as JSON ({} where it leads elsewhere or nothing is there); when it answers
 *  true nothing is asked again. */
export function poll(address, seconds, show, network = () => {}, refused = () => false) {
  let timer = 0;
  let failures = 0;
  const later = () => { timer = setTimeout(ask, seconds * 1000 * (0.7 + 0.6 * Math.random()) * Math.min(8, 2 ** failures)); };
  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(typeof address === "function" ? address() : address, { cache: "no-cache", signal: AbortSignal.timeout(15000) });
      if (answer.status === 403 && refused(await answer.json())) return;
      if ((answer.redirected || answer.status === 404) && refused({})) return;
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      failures = 0;
      network(true);
    } catch {
      failures += 1;
      network(false);
    }
    later();
  }
  const wake = () => { if (!document.hidden) ask(); };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  ask();
  return () => { clearTimeout(timer); document.removeEventListener("visibilitychange", wake); removeEventListener("online", wake); };
}
