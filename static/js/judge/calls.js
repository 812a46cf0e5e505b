// The secretary asks for a sheet: one quiet line until the judge has seen it. It says the number of the act and nothing else.
import { append } from "../device/outbox.js";
import { t } from "../words.js";
import { alert, button, el } from "./dom.js";

export const CALLS_EVERY_S = 5; // a call is seen within seconds
const place = document.querySelector("#calls");
const seen = new Set();

export function showCalls(calls) {
  const open = calls.filter((each) => !seen.has(each.id));
  const shown = [...place.children].map((each) => each.dataset.call).join();
  if (shown === open.map((each) => String(each.id)).join()) return;
  place.replaceChildren(...open.map((each) => {
    const line = alert("note", t("Thư ký mời gửi phiếu tiết mục {number}", { number: each.number ?? each.entry }),
      el("p", {}, button(t("Đã thấy"), () => acknowledge(each, calls), "second", { "aria-label": `${t("Đã thấy")}, ${each.number ?? each.entry}` })));
    line.dataset.call = each.id;
    return line;
  }));
}

async function acknowledge(each, calls) {
  await append({ kind: "call.seen", subject: `call/${each.id}`, body: {} });
  seen.add(each.id);
  showCalls(calls);
}
