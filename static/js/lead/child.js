// One child on the lead's device: what was said, whom to call, the next step, and each step's way back.
import { t } from "../words.js";
import { adults } from "./family.js";
import { families } from "./kin.js";
import { $, ask, badge, button, KINDS, made, screen, STATES, when } from "./page.js";
import { known, noteLook, write } from "./steps.js";

/** Name of each child that is known: Map code → {name, id, group}. */
export async function named() {
  const found = new Map();
  for (const { id, group } of await families()) for (const [code, name] of group.children) found.set(code, { name, id, group });
  return found;
}

let shown = null; // the child on the screen
export const shownChild = () => ($("lost-child").hidden ? null : shown);

/** Show a child; a family with its numbers is looked at, so that is noted first. `look` false: it is on the screen already. */
export async function openChild(child, { look = true, findFamily }) {
  const story = (await known()).find((each) => each.steps.some((step) => step.child === child));
  if (!story) return;
  shown = child;
  const who = story.person ? (await named()).get(story.person) : null;
  if (who && look) await noteLook(who.id, "child");
  $("child-name").textContent = who?.name ?? t("Chưa biết tên");
  $("child-state").replaceChildren(badge(story.state));
  $("child-looks").textContent = [who?.group.name, story.looks].filter(Boolean).join(" · ");
  $("child-twice").hidden = !story.twice;
  $("child-adults").replaceChildren(...(who ? await adults(who.group) : []));
  $("child-call").hidden = !who;
  const again = () => openChild(child, { look: false, findFamily });
  $("child-next").replaceChildren(...nextSteps(story, child, again, findFamily));
  $("child-steps").replaceChildren(...[...story.steps].reverse().map((step) => stepLine(story, step, again)));
  if (look) screen("lost-child");
}

function nextSteps(story, child, again, findFamily) {
  const say = async (kind, title, label, options) => {
    const words = await ask(title, label, options);
    if (words === null) return;
    await write(kind, child, { words: words || story.looks, person: story.person });
    await again();
  };
  const looks = [t("Trông thế nào, ở đâu"), { required: !story.person && !story.looks }];
  const found = [];
  if (!story.person && story.state !== "handed") found.push(button(t("Tìm gia đình của trẻ"), async () => findFamily(story)));
  if (story.state !== "handed") {
    found.push(button(t("Đã trao trẻ"), () => say("handed", t("Đã trao trẻ"), t("Đã trao cho ai"), { required: true, hint: t("Tên người nhận và là gì của trẻ") })));
  }
  if (story.state !== "found") found.push(button(t("Đã thấy trẻ"), () => say("found", t("Đã thấy trẻ"), ...looks), { style: "button-second" }));
  if (story.state !== "missing") found.push(button(t("Lại đang tìm"), () => say("missing", t("Lại đang tìm"), ...looks), { style: "button-second" }));
  return found;
}

function stepLine(story, step, again) {
  const holds = story.counts.has(step.key);
  const words = made("p", {}, holds ? "" : made("span", { className: "badge tone-quiet", textContent: t("đã rút lại") }), made("b", { textContent: ` ${KINDS[step.kind]} ` }), step.words);
  const where = made("p", { className: "quiet", textContent: [when(step.at_ms), step.device ? t("máy {number}", { number: step.device }) : t("văn phòng"), step.station].filter(Boolean).join(" · ") });
  const line = made("li", { className: "card" }, words, where);
  if (holds && step.kind !== "undone") {
    const back = async () => {
      const why = await ask(t("Rút lại bước này?"), t("Lý do"), { required: true, hint: t("Bước cũ vẫn đọc được.") });
      if (why === null) return;
      await write("undone", step.child, { words: why, undoes: step.key });
      await again();
    };
    line.append(button(t("Rút lại"), back, { whose: `${KINDS[step.kind]}, ${when(step.at_ms)}`, style: "button-second" }));
  }
  return line;
}

/** A line of the list: name, state, how the child looks. */
export function storyLine(story, names, open) {
  const who = names.get(story.person);
  const [state] = STATES[story.state];
  const name = who?.name ?? t("Chưa biết tên");
  const about = [who?.group.name, story.looks, story.to && t("đã trao cho {who}", { who: story.to }), when(story.since_ms)].filter(Boolean).join(" · ");
  const opener = made("button", { type: "button", className: "button button-second button-wide gate-found" }, made("b", { textContent: name }), badge(story.state), made("small", { textContent: about }));
  opener.setAttribute("aria-label", `${name}, ${state}, ${about}`);
  opener.addEventListener("click", () => open(story.child));
  return made("li", {}, opener);
}
