// The MC's page follows the screens, and shows by itself what was amended, written or printed; turned by hand it stays where it is.
import { poll } from "../poll.js";

const place = document.querySelector("[data-mc-follows]");

poll(place.dataset.mcFollows, 3, ({ version, on, basis, papers }) => {
  const follows = on && !("byHand" in place.dataset);
  if (`${follows ? version : 0}-${basis}-${papers}` !== place.dataset.mark) location.reload();
});
