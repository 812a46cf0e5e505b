// Has this browser been a device of the festival before, should it have lost all that it kept? The name of a cache says so: it
// lies in files of its own, written at once.
const NAME = "festival-number-";

export async function rememberNumber(number) {
  try { await caches.open(`${NAME}${number}`); } catch { /* then a loss looks like a new browser */ }
}

/** The number it had last, or null. */
export async function numberBefore() {
  try {
    return (await caches.keys()).findLast((key) => key.startsWith(NAME))?.slice(NAME.length) ?? null;
  } catch { return null; }
}
