// Reads QR codes from frames and photos, away from the page's thread. The engine and its wasm come from our own vendor
// folder and are one version; without a network they come from the release's cache.
/* global ZXingWASM */
importScripts("../../vendor/zxing/reader.js");

const OPTIONS = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 2 }; // two in a picture are told, not guessed
const OF_A_PHOTO = { ...OPTIONS, maxNumberOfSymbols: 8, tryInvert: true };
let tryInvert = false; // a phone in dark mode shows light on dark: every other frame is read the other way round too
const ready = ZXingWASM.prepareZXingModule({
  overrides: { locateFile: (name) => new URL(`../../vendor/zxing/${name}`, self.location.href).href },
  fireImmediately: true,
});
ready.then(() => postMessage({ ready: true }), (wrong) => postMessage({ failed: String(wrong) }));

self.onmessage = async ({ data }) => {
  let texts = [];
  try {
    await ready;
    const how = data.photo ? OF_A_PHOTO : { ...OPTIONS, tryInvert: (tryInvert = !tryInvert) };
    const found = await ZXingWASM.readBarcodes(data.frame, how);
    texts = [...new Set(found.map(({ text }) => text).filter(Boolean))];
  } catch { /* a frame that cannot be read is a frame without a code */ }
  postMessage({ texts });
};
