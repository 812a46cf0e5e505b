// What does the camera see? Frames go to the worker one at a time; a code that stays in view is told once.
import { meant } from "./in-picture.js";

const WIDTH = 720;
const PAUSE_MS = 60;
const FORGET_MS = 2500;
const TWO_MS = 900;

export class NoCamera extends Error {
  // why: "none" (an in-app browser, no device), "refused" (the permission), "ended" (taken away), "reader" (the engine)
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** Show the camera in `video` and tell every newly shown code to `seen(text)`; while `resting()` a code is left for
    later. `several(whether)`: two passes are in the picture, so none is read. `camera`: the id of the one that was chosen.
    `lost(NoCamera)` when it ends by itself. Resolves to {stop, torch, camera}; throws NoCamera. */
export async function watch(video, { seen, resting, several = () => {}, lost, camera = "" }) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("none");
  let stream;
  try {
    stream = await streamOf(camera);
  } catch (wrong) {
    throw new NoCamera(wrong.name === "NotAllowedError" ? "refused" : "none");
  }
  video.srcObject = stream;
  await video.play();
  const worker = new Worker(new URL("./scanner-worker.js", import.meta.url));
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const inView = new Map(); // code → when it was last in the picture; two cards may lie side by side
  let twoAt = -Infinity; // when two passes were last in one picture
  let stopped = false;
  const frame = () => {
    if (stopped) return;
    if (document.hidden || !video.videoWidth) { setTimeout(frame, 300); return; }
    const scale = Math.min(1, WIDTH / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
    worker.postMessage({ frame: picture }, [picture.data.buffer]);
  };
  const stop = () => {
    stopped = true;
    worker.terminate();
    for (const track of stream.getTracks()) track.stop();
    document.removeEventListener("visibilitychange", stayAwake);
  };
  const end = (why) => { if (!stopped) { stop(); lost(new NoCamera(why)); } };
  worker.onerror = () => end("reader");
  worker.onmessage = ({ data }) => {
    if (data.failed) end("reader");
    if (data.ready || data.failed) return;
    const now = Date.now();
    for (const [text, at] of inView) if (now - at > FORGET_MS) inView.delete(text);
    const text = meant(data.texts ?? []);
    if (text === null) twoAt = now;
    const two = now - twoAt < TWO_MS; // a frame that shows only one of them does not choose it
    several(two && !resting());
    if (text && !two) {
      const fresh = !inView.has(text);
      if (!fresh || !resting()) inView.set(text, now);
      if (fresh && !resting()) seen(text);
    }
    setTimeout(frame, PAUSE_MS);
  };
  stream.getVideoTracks()[0].addEventListener("ended", () => end("ended"));
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  frame();
  return {
    stop,
    camera: stream.getVideoTracks()[0].getSettings().deviceId ?? "",
    torch(on) {
      const [track] = stream.getVideoTracks();
      if (!track.getCapabilities?.().torch) return false;
      track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
      return true;
    },
  };
}

/** The chosen camera; when it is not there any more, the one behind. */
async function streamOf(camera) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const behind = { facingMode: { ideal: "environment" }, ...size };
  const ask = (video) => navigator.mediaDevices.getUserMedia({ audio: false, video });
  if (!camera) return ask(behind);
  try {
    return await ask({ deviceId: { exact: camera }, ...size });
  } catch (wrong) {
    if (!["OverconstrainedError", "NotFoundError", "NotReadableError"].includes(wrong.name)) throw wrong;
    return ask(behind);
  }
}

/** A gate's screen does not go dark between two families; the browser lets go whenever the page is hidden. */
function stayAwake() {
  if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
}
