// Now and next on the first page: the server drew it, this keeps it fresh. One template draws both.
import { poll } from "./poll.js";
import { t } from "./words.js";

const place = document.querySelector("[data-live]");
const template = document.getElementById("board-template");

function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    const element = root.querySelector(`[data-fill="${name}"]`);
    if (element) element.textContent = value;
  }
}

function part(board, name, line) {
  const element = board.querySelector(`[data-part="${name}"]`);
  element.hidden = !line;
  if (!line || typeof line !== "object") return;
  fill(element, line);
  const later = element.querySelector('[data-part="later"]');
  if (later) later.hidden = !line.expected;
}

function draw(stage) {
  const board = template.content.firstElementChild.cloneNode(true);
  board.dataset.stage = stage.stage;
  fill(board.querySelector("h3"), { name: stage.name });
  part(board, "late", stage.late_min >= 3);
  fill(board, { late: t("Chậm {n} phút", { n: stage.late_min }) });
  part(board, "now", stage.now);
  part(board, "then", stage.then.length > 0);
  part(board, "then0", stage.then[0]);
  part(board, "then1", stage.then[1]);
  part(board, "timetable", !stage.called);
  return board;
}

if (place && template) {
  let shown = "";
  poll(place.dataset.live, 30, (now) => {
    const text = JSON.stringify(now.stages);
    if (text === shown) return;
    shown = text;
    place.querySelector(".boards").replaceChildren(...now.stages.map(draw));
    place.hidden = now.stages.length === 0;
  }, (online) => { place.querySelector("[data-network]").hidden = online; });
}
