// Lost children on the lead's device, put together: works without a network, sends what was written when it can.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { counts, NotEnrolled } from "../device/outbox.js";
import { EVERY_S } from "../device/pace.js";
import { syncStatus } from "../device/status.js";
import { startSync } from "../device/sync.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { clear, merge } from "../gate/list.js";
import { me, openMe } from "../gate/me.js";
import { takeStanding } from "../gate/standing.js";
import { t } from "../words.js";
import { named, openChild, shownChild, storyLine } from "./child.js";
import { openFamily } from "./family.js";
import { closeCamera, openCamera, search } from "./find.js";
import { $, notKept, say, screen } from "./page.js";
import { known, write } from "./steps.js";

let about = null; // the story whose child nobody knows yet, while its family is looked for

const open = (child) => openChild(child, { findFamily }).catch(notKept);
const family = (hit, by) => openFamily(hit, by, about, async (child) => { about = null; await open(child); });

async function findFamily(story) {
  about = story;
  await home();
  say(t("Tìm gia đình của trẻ này: {looks}", { looks: story.looks }));
  $("find-text").focus();
}

async function home() {
  await drawList();
  say("");
  screen("lost-list");
}

async function drawList() {
  const [every, names] = [await known(), await named()];
  const waiting = every.filter((story) => ["missing", "found"].includes(story.state));
  const over = every.filter((story) => !waiting.includes(story));
  $("open").replaceChildren(...waiting.map((story) => storyLine(story, names, open)));
  $("open-none").hidden = waiting.length > 0;
  $("open-count").textContent = t("Đang chờ ({n})", { n: waiting.length });
  $("over").replaceChildren(...over.map((story) => storyLine(story, names, open)));
  $("over-part").hidden = !over.length;
}

async function unknown(kind) {
  const words = $("unknown-text").value.trim();
  $("unknown-error").textContent = words ? "" : t("Ghi trẻ trông thế nào và ở đâu, vì chưa biết là ai.");
  if (!words) { $("unknown-text").focus(); return; }
  const child = crypto.randomUUID();
  await write(kind, child, { words });
  $("unknown-text").value = "";
  await open(child);
}

function wire() {
  const toList = () => { about = null; home().catch(notKept); };
  const back = () => { if (history.state?.lost) history.back(); else toList(); };
  window.addEventListener("popstate", () => { if ($("lost-list").hidden) toList(); });
  const deeds = {
    "open-camera": () => openCamera(family), "close-camera": closeCamera, "family-back": back, "child-back": back,
    "unknown-found": () => unknown("found"), "unknown-missing": () => unknown("missing"), "ask-no": () => $("ask").close(),
  };
  for (const [id, deed] of Object.entries(deeds)) $(id).addEventListener("click", () => Promise.resolve(deed()).catch(notKept));
  $("find-form").addEventListener("submit", (event) => search(event, family).catch(notKept));
  $("camera-box").addEventListener("close", closeCamera);
}

async function drawStatus() {
  const status = syncStatus();
  const { saved } = await counts();
  $("network").hidden = status.online === null; // not asked yet
  $("network").textContent = status.online ? t("Có mạng") : t("Mất mạng, vẫn dùng được");
  $("unsent").textContent = saved ? t("Chưa gửi {n}", { n: saved }) : t("Đã gửi hết");
  $("station").textContent = me.station || t("Trưởng cổng");
  $("rehearsal").hidden = !status.rehearsal;
  $("revoked").hidden = !status.revoked;
}

/** News while the page is open: what is on the screen is drawn anew, unless somebody is writing. */
async function heard() {
  if (document.querySelector("dialog[open]")) return;
  if (!$("lost-list").hidden) await drawList();
  const child = shownChild();
  if (child) await openChild(child, { look: false, findFamily });
}

async function start() {
  const why = await obstacle();
  if (why) { say(why); return; }
  try {
    await openMe();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    turnAway("gate");
    return;
  }
  if (me.role !== "lead") { location.replace(me.page); return; }
  wire();
  subscribe(() => { drawStatus(); });
  await home();
  const busy = () => $("lost-list").hidden || document.querySelector("dialog[open]") !== null || $("unknown-text").value !== "" || $("find-text").value !== "";
  keepFresh({ busy }).catch(console.error);
  await startSync({
    stateEvery: EVERY_S.gate,
    mergeState: async (state) => { await takeStanding(state); const cursor = await merge(state); await heard(); return cursor; },
    onVerdict: () => { heard().catch(console.error); },
    onStatus: drawStatus,
    onRevoked: async () => { await clear(); await home(); },
  });
}

start();
