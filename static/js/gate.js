// The gate: reads passes, says yes or no at once from the list on the phone, writes down who came, sends it when it can.
import { serverNow } from "./device-clock.js";
import { keepFresh } from "./device-release.js";
import * as list from "./gate-list.js";
import { NoCamera, watch } from "./gate-scanner.js";
import { signal, unlock } from "./gate-signal.js";
import { append, counts, entries, NotEnrolled, open, subscribe } from "./outbox.js";
import { decode, encode, NotAPass, normalise, readTyped } from "./pass-code.js";
import { startSync, syncNow, syncStatus } from "./sync.js";
import { t } from "./words.js";

const COUNTDOWN_S = 4;
const STALE_MS = 30 * 60 * 1000;
const PRACTICE = encode(new Uint8Array(16));
const PRACTICE_RECORD = {
  t: "family", name: t("Gia đình mẫu"), unit: t("Thẻ tập thử, không ghi vào đâu"),
  members: [{ c: "1", n: t("Ông Mẫu"), r: "" }, { c: "2", n: t("Bà Mẫu"), r: "" }, { c: "3", n: t("Cháu Mẫu"), r: "" }],
};

const $ = (id) => document.getElementById(id);
const parts = {};
for (const id of [
  "start", "start-words", "start-button", "camera", "camera-words", "no-camera", "no-camera-words", "verdict", "verdict-mark",
  "verdict-word", "verdict-name", "verdict-unit", "verdict-text", "verdict-people", "verdict-count", "verdict-all",
  "verdict-level", "verdict-buttons", "verdict-time", "by-hand", "by-hand-form", "by-hand-text", "by-hand-error",
  "by-hand-found", "purpose", "network", "age", "level-saved", "level-received", "level-booked", "refused", "station",
  "rehearsal", "history", "history-list", "torch",
]) parts[id] = $(id);

let me = null;
let current = null; // the reading on the screen: {id, record, people, shown, how, timer, entry, practice}
let camera = null;

// ------------------------------------------------------------------------------------------------ a reading

async function seen(text, how = "camera") {
  if (normalise(text) === PRACTICE) return show({ practice: true, id: "", record: PRACTICE_RECORD, how });
  let token;
  try {
    token = decode(text);
  } catch (wrong) {
    if (!(wrong instanceof NotAPass)) throw wrong;
    await settle();
    return say("bad", wrong.why === "check" ? t("Mã bị sai hoặc rách") : t("Không phải thẻ của ngày hội"), {
      word: t("Không hợp lệ"),
      text: wrong.why === "check" ? t("Quét lại, hoặc nhập tám ký tự in dưới mã.") : t("Tìm mã bắt đầu bằng F1 trên thẻ."),
    });
  }
  const found = await list.look(token);
  if (current && current.id === found.id && (current.timer || current.waiting)) return undefined; // still on the screen
  await settle();
  if (found.kind === "replaced") {
    return say("bad", t("Thẻ đã được cấp lại"), { word: t("Thẻ cũ"), text: t("Thẻ này không còn dùng. Hỏi thẻ mới hoặc tìm theo tên.") });
  }
  if (found.kind === "unknown") return unknown(found.id, how);
  return show({ ...found, how });
}

async function show(reading) {
  const everybody = list.people(reading.record);
  const day = list.dayWindow(serverNow().getTime());
  const inside = reading.practice ? new Map() : await list.alreadyIn(everybody.map((person) => person.code), parts.purpose.value, day);
  const missing = everybody.filter((person) => !inside.has(person.code));
  current = { ...reading, everybody, inside, day, purpose: parts.purpose.value, timer: 0, waiting: false };
  if (!everybody.length) return unknown(reading.id, reading.how);
  if (!missing.length) {
    const first = [...inside.values()].sort((a, b) => a.at - b.at)[0];
    say("warn", t("Đã điểm danh rồi"), {
      word: t("Đã vào rồi"), name: reading.record.name, unit: reading.record.unit,
      text: t("Lần đầu lúc {time}, {gate}.", { time: clock(first.at), gate: first.gate || t("cổng khác") }),
    });
    return record(everybody.map((person) => person.code));
  }
  say("good", t("Mời vào"), { word: t("Mời vào"), name: reading.record.name, unit: reading.record.unit });
  if (inside.size) parts["verdict-text"].textContent = t("Đã vào trước: {n} người.", { n: inside.size });
  drawPeople(missing);
  startCountdown();
  return undefined;
}

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

function drawPeople(missing) {
  const rows = missing.map((person) => {
    const label = document.createElement("label");
    label.className = "choice gate-person";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, value: person.code });
    box.addEventListener("change", () => { stopCountdown(); countWords(); });
    const name = document.createElement("span");
    name.textContent = person.name;
    label.append(box, name);
    if (person.note) label.append(Object.assign(document.createElement("span"), { className: "hint", textContent: person.note }));
    return label;
  });
  parts["verdict-people"].replaceChildren(...rows);
  parts["verdict-all"].hidden = missing.length < 6;
  countWords();
}

const ticked = () => [...parts["verdict-people"].querySelectorAll("input:checked")].map((box) => box.value);

function countWords() {
  const n = ticked().length;
  parts["verdict-count"].textContent = t("{n} trên {all} người", { n, all: parts["verdict-people"].childElementCount });
  buttons([
    [t("Ghi {n} người", { n }), "", () => finish()],
    [t("Bỏ qua"), "button-second", () => dismiss()],
  ]);
}

function startCountdown() {
  let left = COUNTDOWN_S;
  const tick = () => {
    parts["verdict-time"].textContent = t("Tự ghi sau {n} giây. Chạm tên ai chưa đến.", { n: left });
    left -= 1;
    if (left < 0) finish();
    else current.timer = setTimeout(tick, 1000);
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

/** The next pass comes: what stands on the screen is written down first. */
async function settle() {
  if (current && (current.timer || (current.waiting && current.record))) await finish();
  if (current?.waiting) current.waiting = false;
}

async function finish() {
  const reading = current;
  if (!reading || reading.done) return;
  clearTimeout(reading.timer);
  Object.assign(reading, { timer: 0, waiting: false, done: true });
  const persons = ticked();
  if (!persons.length) { dismiss(); return; }
  await record(persons);
}

function dismiss() {
  if (current) { clearTimeout(current.timer); current.timer = 0; current.waiting = false; }
  current = null;
  parts.verdict.hidden = true;
}

// ------------------------------------------------------------------------------------------------ writing down

async function record(persons) {
  const reading = current;
  buttons([]);
  parts["verdict-time"].textContent = "";
  parts["verdict-people"].replaceChildren();
  parts["verdict-all"].hidden = true;
  if (reading.practice) {
    buttons([[t("Xong"), "button-second", dismiss]]);
    level("practice");
    return;
  }
  const body = { pass: reading.id, persons: persons.length === reading.everybody.length ? null : persons, purpose: reading.purpose, how: reading.how };
  await save(reading, { kind: "scan", subject: reading.id, body });
  if (reading.entry) await list.noteAdmitted(persons, reading.purpose, reading.day, reading.entry.wall_ms + reading.entry.offset_ms, me.station);
}

async function save(reading, mutation) {
  try {
    reading.entry = await append(mutation);
  } catch (wrong) {
    console.error(wrong);
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
  if (first && entry.body?.persons !== undefined) await list.noteAdmitted(detail.already ?? [], entry.body.purpose, detail.window, first.at_ms, first.gate);
  if (current?.entry?.mid !== entry.mid) return;
  level(entry.level);
  if (verdict === "duplicate" && first && !detail.moved && parts.verdict.dataset.tone === "good") {
    say("warn", t("Đã điểm danh rồi"), {
      word: t("Đã vào rồi"), name: current.record?.name, unit: current.record?.unit,
      text: t("Lần đầu lúc {time}, {gate}.", { time: clock(first.at_ms), gate: first.gate || t("cổng khác") }), level: entry.level,
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
  parts.age.dataset.tone = !status.stateAt || age > STALE_MS ? "warn" : "good";
  const n = await counts();
  parts["level-saved"].textContent = String(n.saved);
  parts["level-received"].textContent = String(n.received);
  parts["level-booked"].textContent = String(n.booked);
  parts["level-saved"].closest("[data-level]").dataset.waiting = String(n.saved > 0);
  parts.refused.hidden = n.refused === 0;
  parts.refused.textContent = t("{n} lượt cần trưởng cổng xem", { n: n.refused });
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
    await seen(text, "typed");
    return;
  }
  if (/\d/.test(text) && normalise(text).length === 8 && !/^\d+$/.test(text.replace(/[\s.]/g, ""))) {
    try { readTyped(text); } catch { parts["by-hand-error"].textContent = t("Mã gõ chưa đúng. So lại từng ký tự với thẻ."); return; }
  }
  let found;
  try {
    found = await lookUp(text);
  } catch {
    found = (await list.search(text)).map((line) => ({ pass: line.pass, record: line }));
    if (!found.length) { parts["by-hand-error"].textContent = t("Tìm theo mã hoặc tên cần có mạng. Khi mất mạng, quét mã QR trên thẻ."); return; }
  }
  if (!found.length) { parts["by-hand-error"].textContent = t("Không tìm thấy. Thử tên khác, hoặc bốn số cuối điện thoại."); return; }
  parts["by-hand-found"].replaceChildren(...found.map(({ pass, record: line }) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-second button-wide gate-found" });
    button.append(Object.assign(document.createElement("b"), { textContent: line.name }), Object.assign(document.createElement("span"), { textContent: line.unit }));
    button.addEventListener("click", async () => { closeByHand(); await settle(); await show({ id: pass, record: line, how: "search" }); });
    item.append(button);
    return item;
  }));
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
  return (await answer.json()).found;
}

async function drawHistory() {
  const words = { saved: t("Đã lưu trên máy"), received: t("Máy chủ đã nhận"), booked: t("Đã vào sổ") };
  const rows = (await entries({ kind: "scan" })).slice(0, 60).map((entry) => {
    const item = document.createElement("li");
    item.dataset.tone = ["rejected", "quarantined"].includes(entry.verdict) ? "bad" : entry.verdict === "duplicate" ? "warn" : "good";
    const who = entry.body.persons ? t("{n} người", { n: entry.body.persons.length }) : t("cả thẻ");
    const tail = entry.reason ? reasonWords(entry.reason) : entry.verdict === "duplicate" ? t("Đã điểm danh rồi") : "";
    item.textContent = [clock(entry.wall_ms + entry.offset_ms), who, words[entry.level], tail].filter(Boolean).join(" · ");
    return item;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: t("Chưa quét thẻ nào trên máy này.") }));
  parts["history-list"].replaceChildren(...rows);
}

// ------------------------------------------------------------------------------------------------ start

async function startCamera() {
  unlock();
  parts.start.hidden = true;
  parts["no-camera"].hidden = true;
  try {
    camera?.stop();
    camera = await watch(parts.camera, (text) => seen(text));
    parts["camera-words"].textContent = t("Đưa mã QR trên thẻ vào giữa khung");
  } catch (wrong) {
    if (!(wrong instanceof NoCamera)) throw wrong;
    parts["no-camera"].hidden = false;
    parts["no-camera-words"].textContent = wrong.why === "refused"
      ? t("Trình duyệt chưa được phép dùng máy ảnh. Mở cài đặt trang, cho phép Máy ảnh rồi thử lại.")
      : t("Ở đây chưa có máy ảnh. Nếu mở từ Zalo, sao chép liên kết rồi mở bằng Chrome.");
  }
}

function wire() {
  parts["start-button"].addEventListener("click", startCamera);
  $("retry-camera").addEventListener("click", startCamera);
  $("open-by-hand").addEventListener("click", () => { stopCountdown(); parts["by-hand"].showModal(); parts["by-hand-text"].focus(); });
  $("close-by-hand").addEventListener("click", closeByHand);
  parts["by-hand-form"].addEventListener("submit", byHand);
  $("open-history").addEventListener("click", async () => { await drawHistory(); parts.history.showModal(); });
  $("close-history").addEventListener("click", () => parts.history.close());
  let lit = false;
  parts.torch.addEventListener("click", () => { lit = !lit; if (camera?.torch(lit)) parts.torch.setAttribute("aria-pressed", String(lit)); else parts.torch.disabled = true; });
  $("verdict-none").addEventListener("click", () => { for (const box of parts["verdict-people"].querySelectorAll("input")) box.checked = false; stopCountdown(); countWords(); });
  $("verdict-everybody").addEventListener("click", () => { for (const box of parts["verdict-people"].querySelectorAll("input")) box.checked = true; stopCountdown(); countWords(); });
}

async function start() {
  try {
    me = await open();
  } catch (wrong) {
    if (!(wrong instanceof NotEnrolled)) throw wrong;
    location.replace("/enrol");
    return;
  }
  wire();
  subscribe(() => drawStatus());
  parts["start-words"].textContent = t("Máy {number}, {station}", { number: me.number, station: me.station || t("cổng") });
  parts["start-button"].disabled = false;
  keepFresh({ busy: () => Boolean(current && (current.timer || current.waiting)) }).catch(console.error);
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
