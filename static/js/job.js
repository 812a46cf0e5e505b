// Long work in progress: the figure moves, and when the work has ended the page is loaded again. Without script a link does it.
import { poll } from "./poll.js";

const hold = document.querySelector("[data-job]");
if (hold) {
  const count = hold.querySelector("[data-job-count]");
  const meter = hold.querySelector("progress");
  poll(hold.dataset.job, 2, ({ state, done, whole }) => {
    if (state !== hold.dataset.jobState) return location.reload();
    if (!count || !meter) return;
    count.textContent = `${done}/${whole}`;
    meter.value = done;
  });
}
