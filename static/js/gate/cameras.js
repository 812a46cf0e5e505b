// Which camera looks at the passes? The one behind, until somebody has chosen another; the choice stays on this phone.
import { t } from "../words.js";
import { made } from "./parts.js";

const KEPT = "gate-camera";

export const chosenCamera = () => localStorage.getItem(KEPT) ?? "";

/** Fill the choice with what the phone has; one camera is no choice. Their names are known only once one may be used. */
export async function offerCameras(choice, running) {
  const all = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
  choice.replaceChildren(...all.map(({ deviceId, label }, n) => made("option", { value: deviceId, textContent: called(label, n + 1) })));
  choice.closest("label").hidden = all.length < 2;
  choice.value = running;
}

export function keepCamera(id) {
  if (id) localStorage.setItem(KEPT, id);
  else localStorage.removeItem(KEPT);
}

function called(label, n) {
  if (/back|rear|environment/i.test(label)) return t("Máy ảnh {n}, phía sau", { n });
  if (/front|user|face/i.test(label)) return t("Máy ảnh {n}, phía trước", { n });
  return label ? t("Máy ảnh {n}: {label}", { n, label }) : t("Máy ảnh {n}", { n });
}
