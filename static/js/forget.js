// The link this phone held was replaced, who led the reveal signed out, or it is over: what the pages kept here goes. An enrolled
// device's own data stays where it is.
const KEPT = {
  family: { cache: "family-page", scope: "/family", drafts: "draft:family-" },
  head: { cache: "head-page", scope: "/head", drafts: "" },
  lead: { cache: "mc/reveal-page", scope: "/mc/reveal", drafts: "reveal-lead" },
  hall: { cache: "hall/reveal-page", scope: "/hall/reveal", drafts: "reveal-hall" },
};

/** Throws away what these pages kept: the kept page, its worker, what was typed or shown last. */
export async function forget(whose) {
  const { cache, scope, drafts } = KEPT[whose];
  if ("caches" in window) await caches.delete(cache);
  if ("serviceWorker" in navigator) {
    for (const each of await navigator.serviceWorker.getRegistrations()) if (new URL(each.scope).pathname === scope) await each.unregister();
  }
  try {
    if (drafts) for (const key of Object.keys(localStorage)) if (key.startsWith(drafts)) localStorage.removeItem(key);
  } catch { /* nothing can be kept there */ }
}

/** For poll(): the page that comes instead says that the link was replaced. */
export const whenReplaced = (whose) => ({ error }) => {
  if (error !== "link_replaced") return false;
  forget(whose).finally(() => location.replace(KEPT[whose].scope));
  return true;
};

const told = document.querySelector("[data-forget-link]");
if (told) forget(told.dataset.forgetLink).then(() => { if (told.dataset.forgotten) told.textContent = told.dataset.forgotten; });
