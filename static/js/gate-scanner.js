// What does the camera see? Frames go to the worker one at a time; a code that stays in view is told once.
const WIDTH = 720;
const PAUSE_MS = 60;
const FORGET_MS = 2500;

export class NoCamera extends Error {
  // why: "none" (an in-app browser, no device) or "refused" (the permission)
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** Show the camera in `video`, tell every newly seen code to `seen(text)`; resolves to {stop, torch}. Throws NoCamera. */
export async function watch(video, seen) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("none");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (wrong) {
    throw new NoCamera(wrong.name === "NotAllowedError" ? "refused" : "none");
  }
  video.srcObject = stream;
  await video.play();
  const worker = new Worker(new URL("./gate-scanner-worker.js", import.meta.url));
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  let last = { text: "", at: 0 };
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
  worker.onmessage = ({ data }) => {
    if (data.ready) return;
    const now = Date.now();
    if (data.text) {
      const fresh = data.text !== last.text || now - last.at > FORGET_MS;
      last = { text: data.text, at: now };
      if (fresh) seen(data.text);
    }
    setTimeout(frame, PAUSE_MS);
  };
  frame();
  return {
    stop() {
      stopped = true;
      worker.terminate();
      for (const track of stream.getTracks()) track.stop();
    },
    torch(on) {
      const [track] = stream.getVideoTracks();
      if (!track.getCapabilities?.().torch) return false;
      track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
      return true;
    },
  };
}
