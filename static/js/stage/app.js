// The app of a device at a stage, put together. Works without network: the day is read from the device, and a tap counts when it is
// stored here for good; it is sent with its own hour.
import { obstacle } from "../device/able.js";
import { subscribe } from "../device/changes.js";
import { device } from "../device/enrol.js";
import { append, entries, open } from "../device/outbox.js";
import { syncStatus } from "../device/status.js";
import { startSync } from "../device/sync.js";
import { turnAway } from "../device/turned-away.js";
import { keepFresh } from "../device/update.js";
import { keepHand } from "../hand.js";
import { el } from "../judge/dom.js";
import { t } from "../words.js";
import { notSaved, showLevels } from "./levels.js";
import { overlaid } from "./order.js";
import { stageScreen, tick } from "./screen.js";

const screen = document.querySelector("#screen");
let state = null;
let acts = [];
let shown = "";

const why = await obstacle();
const mine = why ? null : await device();
if (why) {
  screen.querySelector("p").textContent = why;
} else if (mine?.role !== "stage") {
  turnAway("stage");
} else {
  await open();
  subscribe(news);
  await startSync({
    stateEvery: 3,
    onState: (fresh) => { state = fresh; news(); },
    onRevoked: () => { state = null; news(); },
    onVerdict: news,
    onStatus: () => showLevels(acts),
  });
  keepFresh();
  await news();
  setInterval(() => tick(screen), 500);
  setInterval(news, 30_000); // expected starts move with the clock
}

async function news() {
  const own = state ? (await entries({ kind: "stage.step" })).filter((each) => each.device === mine.code) : [];
  acts = state ? overlaid(state, own) : [];
  await showLevels(acts);
  draw();
}

// News that change nothing draw nothing: a new screen would swallow the tap that is under way.
function draw() {
  const node = state?.stage ? stageScreen(state, acts, step) : noStage();
  const fresh = node.cloneNode(true);
  for (const clock of fresh.querySelectorAll("[data-began]")) clock.replaceChildren();
  if (fresh.innerHTML === shown) return;
  shown = fresh.innerHTML;
  const opened = screen.querySelector("details")?.open;
  keepHand(screen, () => screen.replaceChildren(node), ".stage-large button:enabled", "h1");
  if (opened) screen.querySelector("details")?.setAttribute("open", "");
}

async function step(act, to) {
  try {
    await append({ kind: "stage.step", subject: act.code, body: { was: act.state, to } });
    document.querySelector("#said").textContent = t("{who}: đã lưu trên máy", { who: act.name });
  } catch (wrong) { notSaved(wrong); }
}

/** Not told yet, put away, or its station is the name of no stage. */
function noStage() {
  const { revoked, device: known } = syncStatus();
  const [title, words] = revoked ? [t("Máy này không còn dùng ở sân khấu"), t("Xin gặp thư ký để nhận máy khác.")]
    : !state ? [t("Chưa tải được danh sách tiết mục"), t("Cần có mạng một lần để lấy danh sách. Máy tự thử lại.")]
    : [t("Chưa biết máy này ở sân khấu nào"), t("Nơi đặt máy ghi «{station}», không trùng tên sân khấu nào. Nhờ thư ký cấp mã mới, ghi đúng một tên: {names}.", { station: known?.station ?? "", names: (state.stages ?? []).join(", ") })];
  return el("div", { class: "empty" }, el("h1", { tabindex: -1 }, title), el("p", {}, words));
}
