// A pass in a picture from the gallery: what a family has sent, a screenshot, a photo of another screen. Which code is in it?
import { meant } from "./in-picture.js";

const SIDES = [1600, 3000, 700]; // small ones smooth the stripes of a screen away, large ones find a card far off

export class NoCode extends Error {
  // why: "picture" (it cannot be opened), "none", "several", "reader" (the engine)
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** The text of the code in the picture; throws NoCode. */
export async function codeIn(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new NoCode("picture");
  }
  const worker = new Worker(new URL("./scanner-worker.js", import.meta.url));
  try {
    for (const side of SIDES) {
      const text = meant(await readIn(worker, frameOf(picture, side)));
      if (text === null) throw new NoCode("several");
      if (text) return text;
    }
  } finally {
    worker.terminate();
    picture.close();
  }
  throw new NoCode("none");
}

function frameOf(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height].map((each) => Math.max(1, Math.round(each * scale)));
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}

function readIn(worker, frame) {
  return new Promise((resolve, reject) => {
    worker.onerror = () => reject(new NoCode("reader"));
    worker.onmessage = ({ data }) => {
      if (data.failed) reject(new NoCode("reader"));
      else if (data.texts) resolve(data.texts);
    };
    worker.postMessage({ frame, photo: true }, [frame.data.buffer]);
  });
}
