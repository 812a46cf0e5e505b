// Who has not come yet, on the lead's device: from the list it holds, also without a network. Names of families and numbers
// of people only; who of them it is, and whom to call, stands on the lead's page of the office, where each look is noted.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { NotEnrolled } from "../device/outbox.js";
import { EVERY_S } from "../device/pace.js";
import { syncStatus } from "../device/status.js";
import { startSync } from "../device/sync.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { arrived } from "./arrived.js";
import { clear, merge } from "../gate/list.js";
import { within } from "../gate/list-store.js";
import { me, openMe } from "../gate/me.js";
import { takeStanding } from "../gate/standing.js";
import { t } from "../words.js";
import { missingOf } from "./missing.js";

const $ = (id) => document.getElementById(id);

function made(tag, text, ...inside) {
  const element = document.createElement(tag);
  element.append(text, ...inside);
  return element;
}

async function draw() {
  const lines = await within(["roster"], "readonly", (tx) => tx.objectStore("roster").getAll());
  const units = missingOf(lines, await arrived());
  const open = new Set([...document.querySelectorAll("#missing-list details[open]")].map((each) => each.dataset.unit));
  $("missing-list").replaceChildren(...units.map((unit) => {
    const fold = made("details", "", made("summary", t("{unit}: {away}/{of} người chưa đến", unit)));
    fold.className = "fold";
    fold.dataset.unit = unit.unit;
    fold.open = open.has(unit.unit);
    fold.append(made("div", made("ul", "", ...unit.groups.map((group) =>
      made("li", t("{name}: {away}/{of} người", { ...group, name: group.name || t("Người đi cùng đoàn") }))))));
    return fold;
  }));
  const people = units.reduce((sum, unit) => sum + unit.away, 0);
  $("missing-said").textContent = !lines.length ? t("Máy chưa có danh sách. Chờ có mạng.")
    : people ? t("{n} người chưa đến", { n: people }) : t("Mọi người trong danh sách đã đến");
}

function drawStatus() {
  const status = syncStatus();
  $("network").textContent = status.online ? t("Có mạng") : t("Mất mạng, vẫn dùng được");
  $("revoked").hidden = !status.revoked;
}

async function start() {
  const why = await obstacle();
  if (why) { $("missing-said").textContent = why; return; }
  try {
    await openMe();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    turnAway("gate");
    return;
  }
  if (me.role !== "lead") { location.replace(me.page); return; }
  subscribe(drawStatus);
  await draw();
  keepFresh({ busy: () => false }).catch(console.error);
  await startSync({
    stateEvery: EVERY_S.gate,
    mergeState: async (state) => { await takeStanding(state); const cursor = await merge(state); await draw(); return cursor; },
    onVerdict: () => {},
    onStatus: drawStatus,
    onRevoked: async () => { await clear(); await draw(); },
  });
}

start();
