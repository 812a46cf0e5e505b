// The gate: reads passes, says yes or no at once from the list on the phone, writes down who came, sends it when it can.
import { obstacle } from "./device-able.js";
import { serverNow } from "./device-clock.js";
import { keepFresh } from "./device-release.js";
import * as list from "./gate-list.js";
import { drawPeople, people, shown, tickAll, ticked } from "./gate-people.js";
import { NoCamera, watch } from "./gate-scanner.js";
import { signal, unlock } from "./gate-signal.js";
import { acknowledge, append, counts, entries, NotEnrolled, open, subscribe } from "./outbox.js";
import { decode, encode, NotAPass, normalise, readTyped } from "./pass-code.js";
import { startSync, syncNow, syncStatus } from "./sync.js";
import { t } from "./words.js";

const COUNTDOWN_S = 4;
const FOUND_MAX = 12;
const NAMED_MAX = 2000; // as many as one message holds
const AT_A_GLANCE = 6; // more names are not written down unread: they wait for the tap
const STALE_MS = 30 * 60 * 1000;
const PRACTICE = encode(new Uint8Array(16));
const PRACTICE_RECORD = {
  t: "family", name: t("Gia đình mẫu"), unit: t("Thẻ tập thử, không ghi vào đâu"),
  members: [{ c: "1", n: t("Ông Mẫu"), r: "" }, { c: "2", n: t("Bà Mẫu"), r: "" }, { c: "3", n: t("Cháu Mẫu"), r: "" }],
};

const PURPOSES = {
  entry: { welcome: t("Mời vào"), again: t("Đã điểm danh rồi"), spoken: t("Đã vào rồi"), before: (n) => t("Đã vào trước: {n} người.", { n }) },
  meal: { welcome: t("Phát suất ăn"), again: t("Đã nhận suất ăn"), spoken: t("Đã nhận rồi"), before: (n) => t("Đã nhận trước: {n} người.", { n }) },
  card: { welcome: t("Phát thẻ"), again: t("Đã nhận thẻ"), spoken: t("Đã nhận rồi"), before: (n) => t("Đã nhận trước: {n} người.", { n }) },
};

const $ = (id) => document.getElementById(id);
const parts = {};
for (const id of [
  "start", "start-words", "start-button", "camera", "camera-words", "no-camera", "no-camera-words", "verdict", "verdict-mark",
  "verdict-word", "verdict-name", "verdict-unit", "verdict-text", "verdict-people", "verdict-count", "verdict-all",
  "verdict-level", "verdict-buttons", "verdict-time", "by-hand", "by-hand-form", "by-hand-text", "by-hand-error",
  "by-hand-found", "purpose", "network", "age", "level-saved", "level-received", "level-booked", "refused", "station",
  "rehearsal", "history", "history-list", "torch", "revoked", "enrol-again",
]) parts[id] = $(id);

let me = null;
let current = null; // the reading on the screen: {id, record, everybody, how, timer, waiting, entry, practice}
let camera = null;
let turn = Promise.resolve();

// ------------------------------------------------------------------------------------------------ a reading

/** Readings and what ends them take turns: two cards in one picture must not share one countdown. */
function inTurn(work) {
  turn = turn.then(work).catch((wrong) => console.error(wrong));
  return turn;
}

// Who has touched the screen, or must decide, keeps it until the tap that ends it; so does an open dialog.
const taken = () => Boolean(current?.waiting) || document.querySelector("dialog[open]") !== null || !parts.revoked.hidden;

async function seen(text, how = "camera") {
  if (normalise(text) === PRACTICE) return (await settle()) ? show({ practice: true, id: "", record: PRACTICE_RECORD, how }) : undefined;
  let token;
  try {
    token = decode(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    if (!(await settle())) return undefined;
    current = null;
    return say("bad", wrong.why === "check" ? t("Mã bị sai hoặc rách") : t("Không phải thẻ của ngày hội"), {
      word: t("Không hợp lệ"),
      text: wrong.why === "check" ? t("Quét lại, hoặc nhập tám ký tự in dưới mã.") : t("Tìm mã bắt đầu bằng F1 trên thẻ."),
    });
  }
  const found = await list.look(token);
  if (current && current.id === found.id && current.timer) return undefined; // still on the screen
  if (!(await settle())) return undefined;
  if (found.kind === "replaced") {
    current = null;
    return say("bad", t("Thẻ đã được cấp lại"), { word: t("Thẻ cũ"), text: t("Thẻ này không còn dùng. Hỏi thẻ mới hoặc tìm theo tên.") });
  }
  if (found.kind === "unknown") return unknown(found.id, how);
  return show({ ...found, how });
}

async function show(reading) {
  const everybody = people(reading.record);
  const purpose = parts.purpose.value;
  const day = list.dayWindow(serverNow().getTime());
  const inside = reading.practice ? new Map() : await list.alreadyIn(everybody.map((person) => person.code), purpose, day);
  const missing = everybody.filter((person) => !inside.has(person.code));
  if (!everybody.length) return unknown(reading.id, reading.how);
  current = { ...reading, everybody, inside, day, purpose, timer: 0, waiting: false };
  const { name } = reading.record;
  const unit = reading.record.unit === name ? "" : reading.record.unit;
  const words = PURPOSES[purpose];
  if (!missing.length) {
    const first = [...inside.values()].sort((a, b) => a.at - b.at)[0];
    say("warn", words.again, { word: words.spoken, name, unit, text: firstWords(first.at, first.gate) });
    return record(current, everybody.map((person) => person.code));
  }
  say("good", words.welcome, { word: words.welcome, name, unit, text: inside.size ? words.before(inside.size) : "" });
  drawPeople(parts["verdict-people"], missing, () => { stopCountdown(); countWords(); });
  parts["verdict-all"].hidden = missing.length <= AT_A_GLANCE;
  countWords();
  if (missing.length > AT_A_GLANCE) {
    current.waiting = true;
    parts["verdict-time"].textContent = t("Bỏ chọn ai chưa đến, rồi chạm “Ghi”.");
  } else startCountdown(current);
  return undefined;
}

const firstWords = (at, gate) => t("Lần đầu lúc {time}, {gate}.", { time: clock(at), gate: gate || t("cổng khác") });

function unknown(id, how) {
  current = { id, how, everybody: [], purpose: parts.purpose.value, waiting: true, timer: 0 };
  const at = syncStatus().stateAt;
  say("warn", t("Chưa có trong danh sách"), {
    word: t("Xem lại"),
    text: at ? t("Danh sách trên máy lúc {time}. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu.", { time: clock(at) })
      : t("Máy chưa tải danh sách. Trưởng cổng quyết định; khi có mạng máy chủ sẽ đối chiếu."),
  });
  buttons([
    [t("Cho vào"), "", () => decideUnknown("let_in")],
    [t("Không cho vào"), "button-second", () => decideUnknown("turned_away")],
  ]);
}

async function decideUnknown(decision) {
  const reading = current;
  if (!reading?.waiting) return;
  reading.waiting = false;
  buttons([]);
  const body = { pass: reading.id, persons: null, purpose: reading.purpose, how: "decided", decision };
  await save(reading, { kind: "scan", subject: reading.id, body });
}

// ------------------------------------------------------------------------------------------------ who came

function countWords() {
  const n = ticked(parts["verdict-people"]).length;
  parts["verdict-count"].textContent = t("{n} trên {all} người", { n, all: shown(parts["verdict-people"]) });
  const reading = current;
  buttons([
    [t("Ghi {n} người", { n }), "", () => inTurn(() => finish(reading))],
    [t("Bỏ qua"), "button-second", () => dismiss()],
  ]);
  parts["verdict-buttons"].firstElementChild.disabled = n === 0;
}

function startCountdown(reading) {
  let left = COUNTDOWN_S;
  const tick = () => {
    parts["verdict-time"].textContent = t("Tự ghi sau {n} giây. Chạm tên ai chưa đến.", { n: left });
    left -= 1;
    reading.timer = setTimeout(left < 0 ? () => inTurn(() => reading.timer && finish(reading)) : tick, 1000);
  };
  tick();
}

function stopCountdown() {
  if (!current?.timer) return;
  current.waiting = true;
  clearTimeout(current.timer);
  current.timer = 0;
  parts["verdict-time"].textContent = t("Chạm “Ghi” khi đã đúng.");
}

/** The next pass comes: what stands on the screen is written down first. False: the screen is not free. */
async function settle() {
  if (current?.timer) await finish(current);
  return !taken();
}

async function finish(reading) {
  if (reading !== current || reading.done) return;
  clearTimeout(reading.timer);
  Object.assign(reading, { timer: 0, waiting: false, done: true });
  const persons = ticked(parts["verdict-people"]);
  if (persons.length) await record(reading, persons);
  else dismiss();
}

function dismiss() {
  if (current) { clearTimeout(current.timer); current.timer = 0; current.waiting = false; }
  current = null;
  parts.verdict.hidden = true;
  parts["verdict-people"].replaceChildren();
}

// ------------------------------------------------------------------------------------------------ writing down

async function record(reading, persons) {
  buttons([]);
  parts["verdict-time"].textContent = "";
  parts["verdict-people"].replaceChildren();
  parts["verdict-all"].hidden = true;
  if (reading.practice) {
    buttons([[t("Xong"), "button-second", dismiss]]);
    level("practice");
    return;
  }
  // By name, also when all are ticked: somebody the family gains before this arrives was not seen at the gate.
  const named = persons.length <= NAMED_MAX ? persons : null;
  const body = { pass: reading.id, persons: named, purpose: reading.purpose, how: reading.how };
  await save(reading, { kind: "scan", subject: reading.id, body });
  if (reading.entry) await list.noteAdmitted(persons, reading.purpose, reading.day, reading.entry.wall_ms + reading.entry.offset_ms, me.station);
}

async function save(reading, mutation) {
  try {
    reading.entry = await append(mutation);
  } catch (wrong) {
    console.error(wrong);
    current = { id: "", everybody: [], waiting: true, timer: 0 }; // stays until somebody has read it
    say("bad", t("Chưa lưu được trên máy"), { word: t("Chưa lưu"), text: t("Máy hết chỗ hoặc trình duyệt không cho lưu. Ghi ra giấy và báo trưởng cổng.") });
    return;
  }
  reading.done = true;
  if (current === reading) { level("saved"); buttons([[t("Xong"), "button-second", dismiss]]); }
  syncNow();
}

function level(name) {
  const words = {
    saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ"), practice: t("Tập thử: không ghi vào đâu"),
  };
  parts["verdict-level"].dataset.level = name;
  parts["verdict-level"].textContent = words[name];
}

/** The server's word on something sent; only what is still on the screen is redrawn. */
async function answered(entry) {
  const { detail = {}, verdict } = entry;
  const first = detail.first;
  if (["rejected", "quarantined"].includes(verdict)) await list.forgetAdmitted(entry.wall_ms + entry.offset_ms, me.station);
  if (first && entry.body?.persons !== undefined) await list.noteAdmitted(detail.already ?? [], entry.body.purpose, detail.window, first.at_ms, first.gate);
  if (current?.entry?.mid !== entry.mid) return;
  level(entry.level);
  const words = PURPOSES[current.purpose];
  if (verdict === "duplicate" && first && !detail.moved && parts.verdict.dataset.tone === "good") {
    say("warn", words.again, {
      word: words.spoken, name: current.record?.name, unit: current.record?.unit, text: firstWords(first.at_ms, first.gate), level: entry.level,
    });
  } else if (verdict === "rejected") {
    say("bad", t("Máy chủ không nhận"), { word: t("Không hợp lệ"), name: current.record?.name, text: reasonWords(entry.reason), level: entry.level });
  } else if (verdict === "quarantined") {
    parts["verdict-text"].textContent = reasonWords(entry.reason);
  }
}

function reasonWords(reason) {
  const words = {
    pass_replaced: t("Thẻ này đã được cấp lại, thẻ cũ không còn dùng."),
    not_approved: t("Đăng ký của gia đình này chưa được duyệt hoặc đã rút. Máy chủ giữ lại để trưởng cổng xem."),
    unknown_pass: t("Máy chủ cũng chưa có thẻ này. Đã giữ lại để trưởng cổng xem."),
    turned_away: t("Đã ghi: không cho vào."),
    revoked: t("Máy này đã bị thu hồi. Lượt quét được giữ lại để trưởng cổng xem."),
    nobody: t("Không có ai trong thẻ này khớp với danh sách."),
  };
  return words[reason] ?? t("Máy chủ không ghi lượt này. Báo trưởng cổng.");
}

// ------------------------------------------------------------------------------------------------ drawing

function say(tone, title, { word, name = "", unit = "", text = "", level: at = "" }) {
  parts.verdict.hidden = false;
  parts.verdict.dataset.tone = tone;
  parts["verdict-mark"].textContent = { good: "✓", warn: "?", bad: "✕" }[tone];
  parts["verdict-word"].textContent = title;
  parts["verdict-name"].textContent = name;
  parts["verdict-unit"].textContent = unit;
  parts["verdict-text"].textContent = text;
  parts["verdict-people"].replaceChildren();
  parts["verdict-count"].textContent = "";
  parts["verdict-all"].hidden = true;
  parts["verdict-time"].textContent = "";
  if (at) level(at);
  else { parts["verdict-level"].textContent = ""; delete parts["verdict-level"].dataset.level; }
  buttons([[t("Xong"), "button-second", dismiss]]);
  signal(tone, word);
}

function buttons(wanted) {
  parts["verdict-buttons"].replaceChildren(...wanted.map(([words, style, act]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: `button button-big ${style}`, textContent: words });
    button.addEventListener("click", act);
    return button;
  }));
}

function clock(ms) {
  const at = new Date(ms + 7 * 3600_000);
  const minutes = String(at.getUTCMinutes()).padStart(2, "0");
  const today = list.dayWindow(ms) === list.dayWindow(serverNow().getTime());
  const time = `${at.getUTCHours()}:${minutes}`;
  return today ? time : t("{time} ngày {day}", { time, day: `${at.getUTCDate()}/${at.getUTCMonth() + 1}` });
}

async function drawStatus(status = syncStatus()) {
  const tone = status.revoked ? "bad" : status.unauthorised ? "bad" : status.online ? "good" : "warn";
  parts.network.dataset.tone = tone;
  parts.network.textContent = status.revoked ? t("Máy đã bị thu hồi")
    : status.unauthorised ? t("Máy chủ không biết máy này")
    : status.online ? t("Có mạng") : status.online === null ? t("Đang nối mạng") : t("Mất mạng, vẫn quét được");
  const age = status.stateAt ? Date.now() + status.offsetMs - status.stateAt : 0;
  const many = await list.size();
  parts.age.textContent = !status.stateAt ? t("Chưa có danh sách") : t("{n} thẻ, lúc {time}", { n: many, time: clock(status.stateAt) });
  parts.age.dataset.tone = !many || !status.stateAt || age > STALE_MS ? "warn" : "good";
  const n = await counts();
  parts["level-saved"].textContent = String(n.saved);
  parts["level-received"].textContent = String(n.received);
  parts["level-booked"].textContent = String(n.booked);
  parts["level-saved"].closest("[data-level]").dataset.waiting = String(n.saved > 0);
  parts.refused.hidden = n.refused === 0;
  parts.refused.textContent = t("{n} lượt cần trưởng cổng xem", { n: n.refused });
  parts.revoked.hidden = !status.revoked;
  parts["enrol-again"].hidden = !status.unauthorised;
  if (status.device) parts.station.textContent = t("Máy {number}, {station}", { number: status.device.number, station: status.device.station });
  parts.rehearsal.hidden = !status.rehearsal;
}

// ------------------------------------------------------------------------------------------------ by hand, history

async function byHand(event) {
  event.preventDefault();
  const text = parts["by-hand-text"].value.trim();
  parts["by-hand-error"].textContent = "";
  parts["by-hand-found"].replaceChildren();
  if (!text) return;
  if (normalise(text).length === 30) {
    try { decode(text); } catch { parts["by-hand-error"].textContent = t("Mã gõ chưa đúng. So lại từng ký tự với thẻ."); return; }
    closeByHand();
    await inTurn(() => seen(text, "typed"));
    return;
  }
  const typed = /\d/.test(text) && normalise(text).length === 8 && !/^\d+$/.test(text.replace(/[\s.]/g, ""));
  if (typed) {
    try { readTyped(text); } catch { parts["by-hand-error"].textContent = t("Mã gõ chưa đúng. So lại từng ký tự với thẻ."); return; }
  }
  let found;
  let all = true;
  try {
    ({ found, all } = await lookUp(text));
  } catch (wrong) {
    const held = await list.search(text);
    all = held.length <= FOUND_MAX;
    found = held.slice(0, FOUND_MAX).map((line) => ({ pass: line.pass, record: line }));
    if (!found.length) { parts["by-hand-error"].textContent = await whyNotFound(wrong); return; }
  }
  if (!found.length) { parts["by-hand-error"].textContent = t("Không tìm thấy. Thử tên khác, hoặc bốn số cuối điện thoại."); return; }
  if (!all) parts["by-hand-error"].textContent = t("Còn thẻ khác cùng tên. Gõ thêm tên, hoặc bốn số cuối điện thoại.");
  parts["by-hand-found"].replaceChildren(...found.map(({ pass, record: line }) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-second button-wide gate-found" });
    const everybody = people(line);
    const who = line.t === "family" ? everybody.map((person) => person.name).join(", ") : t("{n} người", { n: everybody.length });
    button.append(...[["b", line.name], ["span", line.unit === line.name ? "" : line.unit], ["small", who]]
      .filter(([, words]) => words).map(([tag, words]) => Object.assign(document.createElement(tag), { textContent: words })));
    button.addEventListener("click", () => {
      closeByHand();
      inTurn(async () => { if (await settle()) await show({ id: pass, record: line, how: typed ? "typed" : "search" }); });
    });
    item.append(button);
    return item;
  }));
}

async function whyNotFound(wrong) {
  if (wrong.message === "429") return t("Đã tìm quá nhiều lần. Chờ một phút rồi tìm lại, hoặc quét mã QR.");
  if (["401", "403"].includes(wrong.message)) return t("Máy chủ không cho máy này tìm. Gặp trưởng cổng để gắn lại máy.");
  return (await list.readable())
    ? t("Không tìm thấy tên này trên máy. Khi mất mạng chỉ tìm được theo tên.")
    : t("Tìm theo mã hoặc tên cần có mạng. Khi mất mạng, quét mã QR trên thẻ.");
}

function closeByHand() {
  parts["by-hand"].close();
  parts["by-hand-form"].reset();
  parts["by-hand-found"].replaceChildren();
}

async function lookUp(text) {
  const answer = await fetch("/api/v1/checkin/lookup", {
    method: "POST", credentials: "omit", signal: AbortSignal.timeout(8000),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${me.token}` }, body: JSON.stringify({ q: text }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { found, more } = await answer.json();
  return { found, all: !more };
}

async function drawHistory() {
  const words = { saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ") };
  const all = await entries({ kind: "scan" });
  const names = await list.names();
  // What somebody must look at comes first, however long ago it was.
  const rows = [...all.filter((entry) => entry.refused), ...all.filter((entry) => !entry.refused)].slice(0, 60).map((entry) => {
    const item = document.createElement("li");
    item.dataset.tone = ["rejected", "quarantined"].includes(entry.verdict) ? "bad" : entry.verdict === "duplicate" ? "warn" : "good";
    const who = entry.body.persons ? t("{n} người", { n: entry.body.persons.length }) : t("cả thẻ");
    const tail = entry.reason ? reasonWords(entry.reason) : entry.verdict === "duplicate" ? PURPOSES[entry.body.purpose].again : "";
    item.textContent = [clock(entry.wall_ms + entry.offset_ms), names.get(entry.subject), who, words[entry.level], tail].filter(Boolean).join(" · ");
    if (entry.refused) {
      const seenIt = Object.assign(document.createElement("button"), { type: "button", className: "button button-second", textContent: t("Đã xem") });
      seenIt.addEventListener("click", async () => { await acknowledge(entry); await drawHistory(); });
      item.append(seenIt);
    }
    return item;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: t("Chưa quét thẻ nào trên máy này.") }));
  parts["history-list"].replaceChildren(...rows);
}

async function openHistory() {
  stopCountdown();
  await drawHistory();
  if (!parts.history.open) parts.history.showModal();
}

// ------------------------------------------------------------------------------------------------ start

async function startCamera() {
  unlock();
  parts.start.hidden = true;
  parts["no-camera"].hidden = true;
  try {
    camera?.stop();
    camera = await watch(parts.camera, { seen: (text) => inTurn(() => taken() || seen(text)), resting: taken, lost: cameraLost });
    parts["camera-words"].textContent = t("Đưa mã QR trên thẻ vào giữa khung");
  } catch (wrong) {
    cameraLost(wrong);
  }
}

function cameraLost(wrong) {
  if (!(wrong instanceof NoCamera)) throw wrong;
  parts["no-camera"].hidden = false;
  parts["no-camera-words"].textContent = {
    refused: t("Trình duyệt chưa được phép dùng máy ảnh. Mở cài đặt trang, cho phép Máy ảnh rồi thử lại."),
    ended: t("Máy ảnh đã tắt, có thể ứng dụng khác đang dùng. Chạm “Thử lại”."),
    reader: t("Bộ đọc mã chưa mở được. Nối mạng, mở lại trang này rồi thử lại."),
    none: t("Ở đây chưa có máy ảnh. Nếu mở từ Zalo, sao chép liên kết rồi mở bằng Chrome."),
  }[wrong.why];
}

function wire() {
  parts["start-button"].addEventListener("click", startCamera);
  $("retry-camera").addEventListener("click", startCamera);
  $("open-by-hand").addEventListener("click", () => {
    if (current?.waiting) dismiss(); // not in the list: whoever looks for the name instead has decided
    stopCountdown();
    parts["by-hand"].showModal();
    parts["by-hand-text"].focus();
  });
  $("close-by-hand").addEventListener("click", closeByHand);
  parts["by-hand-form"].addEventListener("submit", byHand);
  for (const id of ["open-history", "refused"]) $(id).addEventListener("click", openHistory);
  $("close-history").addEventListener("click", () => parts.history.close());
  let lit = false;
  parts.torch.addEventListener("click", () => { lit = !lit; if (camera?.torch(lit)) parts.torch.setAttribute("aria-pressed", String(lit)); else parts.torch.disabled = true; });
  for (const [id, on] of [["verdict-everybody", true], ["verdict-none", false]]) {
    $(id).addEventListener("click", () => { tickAll(parts["verdict-people"], on); stopCountdown(); countWords(); });
  }
  // A page that is loaded anew in the middle of a meal goes on counting meals; a new day begins at the gate.
  parts.purpose.value = sessionStorage.getItem("gate-purpose") ?? "entry";
  parts.purpose.addEventListener("change", () => sessionStorage.setItem("gate-purpose", parts.purpose.value));
}

async function start() {
  const why = await obstacle();
  if (why) { parts["start-words"].textContent = why; return; }
  try {
    me = await open();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    location.replace("/enrol");
    return;
  }
  if (me.page !== "/gate") { location.replace(me.page); return; } // a judge's tablet
  wire();
  subscribe(() => drawStatus());
  parts["start-words"].textContent = t("Máy {number}, {station}", { number: me.number, station: me.station || t("cổng") });
  parts["start-button"].disabled = false;
  keepFresh({ busy: () => Boolean(current?.timer) || taken() }).catch(console.error);
  setInterval(drawStatus, 10_000);
  await startSync({
    stateEvery: 10,
    mergeState: (state) => list.merge(state),
    onVerdict: answered,
    onStatus: drawStatus,
    onRevoked: () => list.clear(),
  });
}

start();
