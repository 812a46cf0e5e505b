// The family of a found child: whom to call, in which order, and which child it is.
import { t } from "../words.js";
import { arrived } from "./arrived.js";
import { $, ask, button, made, screen } from "./page.js";
import { noteLook, write } from "./steps.js";

/** The grown-ups with numbers, who has arrived first; last the head of the delegation. */
export async function adults(group) {
  const here = await arrived();
  const lines = [...group.adults].sort((a, b) => Number(!a[3]) - Number(!b[3]) || Number(!here.has(a[0])) - Number(!here.has(b[0])))
    .map(([code, name, relation, phone]) => line(name, relation, phone, here.has(code) ? t("đã đến") : t("chưa thấy đến")));
  const [name, phone] = group.head;
  if (phone) lines.push(line(name || t("Trưởng đoàn"), name ? t("trưởng đoàn") : "", phone, ""));
  return lines.length ? lines : [made("li", { textContent: t("Gia đình không để lại số điện thoại nào.") })];
}

function line(name, relation, phone, here) {
  const who = made("span", { className: "lost-who" }, made("b", { textContent: name }), made("small", { textContent: [relation, here].filter(Boolean).join(" · ") }));
  if (!phone) return made("li", { className: "lost-line" }, who, made("span", { textContent: t("không có số") }));
  const call = made("a", { className: "button button-big", href: `tel:${phone}`, textContent: phone });
  call.setAttribute("aria-label", `${t("Gọi")} ${name}, ${phone}`);
  return made("li", { className: "lost-line" }, who, call);
}

/** Show the family of a pass; the look is on record first. `about`: a story whose child nobody knows yet. */
export async function openFamily({ id, group }, by, about, openChild) {
  await noteLook(id, by);
  $("family-name").textContent = group.name;
  $("family-unit").textContent = group.unit === group.name ? "" : group.unit;
  $("family-adults").replaceChildren(...await adults(group));
  const lines = group.children.map(([code, name]) => childLine(code, name, about, openChild));
  $("family-children").replaceChildren(...lines);
  $("family-none").hidden = lines.length > 0;
  screen("lost-family");
}

const LOOKS = () => ({ hint: t("Ví dụ: bé trai khoảng 4 tuổi, áo đỏ, gần cổng 2") });

function childLine(person, name, about, openChild) {
  const step = async (kind, title) => {
    const words = await ask(title, t("Trông thế nào, ở đâu"), LOOKS());
    if (words === null) return;
    const child = crypto.randomUUID();
    await write(kind, child, { person, words });
    await openChild(child);
  };
  const same = async () => { await write(about.state, about.child, { person }); await openChild(about.child); };
  const deeds = about
    ? [button(t("Chính là trẻ này"), same, { whose: name })]
    : [button(t("Đã thấy trẻ này"), () => step("found", t("Đã thấy {name}", { name })), { whose: name }),
      button(t("Đang tìm trẻ này"), () => step("missing", t("Đang tìm {name}", { name })), { whose: name, style: "button-second" })];
  return made("li", { className: "lost-line" }, made("b", { textContent: name }), made("span", { className: "row" }, ...deeds));
}
