// What a judge has begun to write and not sent: kept on the tablet, so that a flat battery costs nothing.
const NAME = "festival-judge";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const tx = database.transaction("drafts", mode, { durability: "strict" });
      const request = work(tx.objectStore("drafts"));
      tx.oncomplete = () => resolve(request.result);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  } finally {
    database.close();
  }
}

/** marks: {criterion: milli}; nothing to keep removes the draft. */
export const keepDraft = (subject, marks) =>
  run("readwrite", (store) => (Object.keys(marks).length ? store.put(marks, subject) : store.delete(subject)));
export const draftOf = (subject) => run("readonly", (store) => store.get(subject));
export const dropDraft = (subject) => run("readwrite", (store) => store.delete(subject));
export const draftSubjects = () => run("readonly", (store) => store.getAllKeys());
