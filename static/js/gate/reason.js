// Why? Asked before what goes against the rule, and before something is taken back: a usual answer by one tap, or own words.
import { t } from "../words.js";
import { made, parts } from "./parts.js";

const LEAST = 3;
const MOST_PEOPLE = 200;

/** → {reason, people} or null when the dialog was left. `people` > 0: their number is asked too. */
export function askReason({ title, usual, act, people = 0, hint = "" }) {
  let given = null;
  parts["why-title"].textContent = title;
  parts["why-usual"].replaceChildren(...usual.map(choice));
  parts["why-form"].reset();
  parts["why-hint"].textContent = hint;
  parts["why-people"].hidden = !people;
  parts["why-count"].value = people || 1;
  parts["why-send"].textContent = act;
  refuse("");
  parts.why.showModal();
  return new Promise((resolve) => {
    parts["why-form"].onsubmit = (event) => {
      event.preventDefault();
      const reason = parts["why-text"].value.trim() || parts["why-usual"].querySelector(":checked")?.value || "";
      const count = Number(parts["why-count"].value);
      if (reason.length < LEAST) { refuse(t("Chọn một lý do, hoặc ghi ít nhất ba chữ."), parts["why-text"]); return; }
      if (people && !(Number.isInteger(count) && count >= 1 && count <= MOST_PEOPLE)) {
        refuse(t("Ghi số người, từ 1 đến {most}.", { most: MOST_PEOPLE }), parts["why-count"]);
        return;
      }
      given = { reason, people: count };
      parts.why.close();
    };
    parts.why.onclose = () => resolve(given);
  });
}

function choice(words) {
  const label = made("label", { className: "choice" });
  label.append(made("input", { type: "radio", name: "usual", value: words }), made("span", { textContent: words }));
  return label;
}

function refuse(words, field = null) {
  parts["why-error"].textContent = words;
  for (const each of [parts["why-text"], parts["why-count"]]) each.setAttribute("aria-invalid", String(each === field));
  field?.focus();
}

/** One more, one less: a number is tapped, not typed, with a queue in front. */
export function step(by) {
  const box = parts["why-count"];
  box.value = Math.min(MOST_PEOPLE, Math.max(1, (Number(box.value) || 0) + by));
}
