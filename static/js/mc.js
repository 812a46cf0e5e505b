// The MC reads from an open page: when the result is amended meanwhile, the page shows the new one by itself.
import { poll } from "./poll.js";

const list = document.querySelector("[data-mc]");

if (list) poll(list.dataset.mc, 4, ({ state }) => { if (state !== list.dataset.state) location.reload(); });
