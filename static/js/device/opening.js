// How is a database of the browser opened, when the browser may never answer? One that was killed while it wrote has left pages
// waiting without end: every opening has a time, and after it a sentence, never an empty page.
import { t } from "../words.js";

const ANSWER_MS = 8_000;
const unanswered = new Set();
let hear = () => {};

export class Unanswered extends Error {}

/** What `work` resolves to; throws Unanswered when it stays out. */
export function inTime(work, ms = ANSWER_MS) {
  let late = 0;
  const never = new Promise((_, reject) => { late = setTimeout(() => reject(new Unanswered("the browser does not answer")), ms); });
  return Promise.race([work, never]).finally(() => clearTimeout(late));
}

/** make(db, tx) lays out the stores. */
export async function openDatabase(name, version, make, factory = indexedDB) {
  const opening = new Promise((resolve, reject) => {
    const asked = factory.open(name, version);
    asked.onupgradeneeded = () => make(asked.result, asked.transaction);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  try {
    return await inTime(opening);
  } catch (wrong) {
    opening.then((db) => db.close(), () => {}); // nobody waits for it any more
    throw wrong;
  }
}

/** A connection that is opened when first asked for, and anew after the browser has closed it; the notice says when it stays out. */
export function connection(name, version, make) {
  let opened = null;
  const again = () => { opened = null; };
  return () => {
    opened ??= openDatabase(name, version, make).then((db) => {
      db.onversionchange = () => { db.close(); again(); };
      db.onclose = again;
      said(unanswered.delete(name));
      return db;
    }).catch((wrong) => {
      again();
      if (wrong instanceof Unanswered) { unanswered.add(name); said(true); }
      throw wrong;
    });
    return opened;
  };
}

const said = (changed) => { if (changed) hear(); };

/** Whether some of what is kept beside what the device has said cannot be had; fn() whenever that changes. */
export const staysOut = () => unanswered.size > 0;
export const onStaysOut = (fn) => { hear = fn; };

export const unansweredWords = () =>
  t("Trình duyệt chưa mở được dữ liệu trên máy. Tải lại trang; nếu vẫn vậy thì đóng hẳn trình duyệt rồi mở lại. Đừng xóa dữ liệu trình duyệt: lượt đã ghi nằm trong đó.");
