// A large track goes in parts of one megabyte, so that a cut costs one part: <form data-upload="where it begins">.
// Each part carries its SHA-256; what the server has already is asked for first and not sent again. A network that is away
// is waited for. Without this script, or where the browser cannot reckon a digest, the form sends the file in one piece.
import { t } from "../words.js";

const WAITS_S = [1, 2, 5, 10, 20];
const pause = (seconds) => new Promise((ready) => { setTimeout(ready, seconds * 1000); addEventListener("online", ready, { once: true }); });

async function digest(blob) {
  const sum = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the server says, or a refusal in its words; a network that is away, or a server that is busy, is asked again. */
async function ask(address, options, waiting) {
  for (let tries = 0; ; tries += 1) {
    let answer = null;
    try { answer = await fetch(address, options); } catch { /* away */ }
    if (answer?.ok) return answer.status === 204 ? {} : answer.json();
    if (answer && ![502, 503, 504].includes(answer.status)) {
      const said = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(said.message || t("Chưa gửi được. Bấm gửi lại; các phần đã tới vẫn còn.")), { said: true });
    }
    if (tries >= WAITS_S.length) throw new Error(t("Không có mạng. Khi có mạng lại thì bấm gửi: phần đã gửi vẫn còn."));
    waiting();
    await pause(WAITS_S[tries]);
  }
}

async function send(form, file, tell) {
  const body = new FormData(form);
  body.delete("track");
  body.set("name", file.name);
  body.set("size", String(file.size));
  const waiting = () => tell(t("Mất mạng, đang chờ để gửi tiếp…"));
  const begun = await ask(form.dataset.upload, { method: "POST", body }, waiting);
  const whole = Math.ceil(file.size / begun.part);
  for (let number = 0; number < whole; number += 1) {
    const part = file.slice(number * begun.part, (number + 1) * begun.part);
    const sum = await digest(part);
    if (begun.there[number] !== sum) {
      const options = { method: "POST", body: part, headers: { "Part-Digest": sum, "Content-Type": "application/octet-stream" } };
      await ask(`${begun.address}/parts/${number}`, options, waiting);
    }
    tell(t("Đã gửi {n} trên {all} phần.", { n: number + 1, all: whole }), Math.round(((number + 1) * 100) / whole));
  }
  tell(t("Đã gửi hết. Đang nghe thử trên máy chủ…"), 100);
  await ask(`${begun.address}/done`, { method: "POST" }, waiting);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const field = form.querySelector('input[type="file"]');
  const said = form.querySelector("[data-said]");
  const bar = form.querySelector(".act-progress");
  const tell = (words, percent) => {
    said.textContent = words;
    if (percent !== undefined) { bar.hidden = false; bar.firstElementChild.value = percent; }
  };
  if (!globalThis.crypto?.subtle) continue;
  form.addEventListener("submit", async (event) => {
    const file = field.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.largest)) {
      tell(t("Tệp lớn quá 100 MB. Xuất lại thành MP3 rồi gửi."));
      return;
    }
    const button = form.querySelector('button[type="submit"]');
    button.disabled = true;
    try {
      await send(form, file, tell);
      tell(t("Đã giữ nhạc nền."), 100);
      location.hash = "track";
      location.reload();
    } catch (error) {
      bar.hidden = !bar.firstElementChild.value;
      tell(error.message);
      button.disabled = false;
      button.focus();
    }
  });
}
