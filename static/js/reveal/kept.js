// What a page of the reveal still knows when it is loaded again without network: on the page that leads numbers of steps, on a
// screen the step it showed last. `code`: of the run; what was kept of another run is nothing.
export function recall(key, code) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    return kept?.code === code ? kept : null;
  } catch { return null; }
}

export function remember(key, kept) {
  try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* without room the page is as it was sent */ }
}
