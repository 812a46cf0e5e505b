// After the lock the judge sees what was locked and confirms it by PIN; nothing waits for a judge who does not.
import { digest, canonical } from "../device/canonical.js";
import { subscribe } from "../device/changes.js";
import { append, entries } from "../device/outbox.js";
import { hasPin, provePin } from "../device/pin.js";
import { tell } from "../hand.js";
import { t } from "../words.js";
import { alert, ask, button, el } from "./dom.js";
import { written } from "./marks.js";
import { contest, tablet } from "./tablet.js";

const place = document.querySelector("#confirm");
const dialog = document.querySelector("#ask");
const AGAIN_MS = 2_000;
let drawn = "";

/** The digest of the own locked sheets, as festival/judging/paper/confirming.py comes to it. */
export async function sheetsDigest(sheets) {
  const said = sheets.map(({ entry, marks, state, total }) => ({ entry, marks, state, total })).sort((a, b) => (a.entry < b.entry ? -1 : 1));
  return digest(new TextEncoder().encode(canonical({ sheets: said })));
}

async function draw() {
  const here = contest();
  const asked = here?.confirming?.due && tablet.now.view === "list" && here.sheets.length && !document.querySelector(".judge-locked");
  const said = asked ? (await entries({ subject: here.code, kind: "sheet.confirmed" }))[0] ?? null : null;
  const how = asked ? JSON.stringify([here.code, here.confirming, said?.mid, said?.verdict, here.sheets.length]) : "";
  if (how === drawn) return;
  drawn = how;
  place.replaceChildren(...(asked ? [shown(here, said)] : []));
}

function shown(here, said) {
  if (here.confirming.done) return alert("good", t("Đã xác nhận phiếu đã khóa. Cảm ơn ông/bà."));
  if (said && !said.verdict) return alert("note", t("Lời xác nhận đã lưu trên máy, sẽ gửi khi có mạng."));
  const refused = said?.verdict === "rejected" ? el("p", {}, t("Lần trước chưa nhận được: phiếu trên máy khi đó chưa phải bản đã khóa.")) : null;
  return alert("note", t("Phần thi đã khóa điểm: xin ông/bà xem lại phiếu và xác nhận."), refused,
    button(t("Xem lại và xác nhận"), () => confirmSheets(here), "", { "data-hand": "confirm" }));
}

async function confirmSheets(here) {
  if (!(await hasPin())) {
    await ask(dialog, t("Máy này chưa biết mã PIN của ông/bà"), [el("p", {}, t("Xin nhờ thư ký gắn lại máy. Không ai phải chờ: thư ký có cách khác để ghi."))], [[t("Đóng"), null]]);
    return;
  }
  const names = new Map(here.entries.map((entry) => [entry.code, entry]));
  const pin = el("input", { class: "input input-short", id: "confirm-pin", type: "password", inputmode: "numeric", maxlength: 6, autocomplete: "off" });
  const rows = here.sheets.map((sheet) => el("li", {}, el("b", {}, names.get(sheet.entry)?.number ?? "·"), ` ${names.get(sheet.entry)?.name ?? ""}: `,
    el("b", { class: "number" }, sheet.total === null ? t("không chấm") : written(sheet.total))));
  const sure = await ask(dialog, t("Phiếu đã khóa của ông/bà"),
    [el("ol", { class: "plain-list judge-confirm" }, rows), el("p", {}, t("Nếu có số không đúng, đừng xác nhận: xin báo thư ký.")),
      el("div", { class: "field" }, el("label", { for: "confirm-pin" }, t("Mã PIN của ông/bà")), pin)],
    [[t("Đúng, xác nhận"), true], [t("Quay lại"), false, "plain"]]);
  if (!sure) return;
  const answer = await provePin(pin.value);
  if (!answer.right) {
    await ask(dialog, answer.wait_s ? t("Gõ sai nhiều lần. Chờ {n} giây rồi gõ lại.", { n: answer.wait_s }) : t("Không đúng mã PIN."), [], [[t("Đóng"), null]]);
    return;
  }
  await append({ kind: "sheet.confirmed", subject: here.code, body: { digest: await sheetsDigest(here.sheets) } });
  tell(t("Đã lưu lời xác nhận trên máy."));
  await draw();
}

if (place) {
  subscribe(draw);
  setInterval(draw, AGAIN_MS);
}
