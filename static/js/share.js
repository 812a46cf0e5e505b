// The phone's own way to share: <button data-share data-share-text="…" data-share-url="…" data-share-file="/picture.png" hidden>.
// Where there is none the button for copying or saving beside it does; what cannot be shared falls back to copying.
import { t } from "./words.js";

async function fileOf(address, title) {
  const answer = await fetch(address);
  return new File([await answer.blob()], `${title}.png`, { type: "image/png" });
}

async function said(button, words) {
  const answer = document.createElement("span");
  answer.setAttribute("role", "status");
  answer.className = "said";
  answer.textContent = words;
  button.after(answer);
}

for (const button of document.querySelectorAll("[data-share]")) {
  const { share: title, shareText: text, shareUrl: url, shareFile: file } = button.dataset;
  const filesToo = Boolean(navigator.canShare?.({ files: [new File([""], "a.png", { type: "image/png" })] }));
  if (!navigator.share || (file && !filesToo)) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.parentElement.querySelector(".said")?.remove();
    try {
      await navigator.share(file ? { files: [await fileOf(file, title)], title } : { title, ...(text && { text }), ...(url && { url }) });
    } catch (wrong) {
      if (wrong.name === "AbortError") return; // closed by its reader
      try {
        await navigator.clipboard.writeText(text || url || new URL(file, location.href).href);
        said(button, t("Đã sao chép"));
      } catch { said(button, t("Máy này chưa chia sẻ được")); }
    }
  });
}
