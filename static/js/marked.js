// A page that shows a mark of what it says comes anew when the server's is another one.
import { poll } from "./poll.js";

const page = document.querySelector("[data-mark-at]");

if (page) poll(page.dataset.markAt, 30, ({ mark }) => { if (mark !== page.dataset.mark) location.reload(); });
