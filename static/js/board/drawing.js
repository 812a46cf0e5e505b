// An act drawn with the mouse or a pen: the page with its places is fetched, the board takes them in under the hand, and letting
// go over one presses it. A finger scrolls: on a phone an act is tapped.
const FAR_PX = 6;
const EDGE_PX = 60;

/** `board` answers the section that holds the table. */
export function drawn(board) {
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const act = event.target.closest?.("a.board-act");
    if (!act || event.pointerType === "touch" || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    drag = { act, x: event.clientX, y: event.clientY, begun: false, under: null };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.begun && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR_PX) return;
    if (!drag.begun) begin();
    drag.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
    const edge = event.clientY < EDGE_PX ? -EDGE_PX / 4 : event.clientY > innerHeight - EDGE_PX ? EDGE_PX / 4 : 0;
    if (edge) scrollBy(0, edge);
    over(document.elementFromPoint(event.clientX, event.clientY)?.closest(".board-place") ?? null);
  });

  document.addEventListener("pointerup", (event) => {
    if (!drag?.begun) {
      drag = null;
      return;
    }
    over(document.elementFromPoint(event.clientX, event.clientY)?.closest(".board-place") ?? null);
    const place = drag.under;
    end();
    if (place) place.click();
  });
  document.addEventListener("pointercancel", () => drag && end());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag?.begun) end();
  });
  // the link itself is not drawn, and letting go over it does not open it
  document.addEventListener("dragstart", (event) => event.target.closest?.("a.board-act") && event.preventDefault());
  document.addEventListener("click", (event) => {
    if (drag?.begun && event.target.closest?.("a.board-act")) event.preventDefault();
  }, true);

  function over(place) {
    if (drag.under === place) return;
    drag.under?.classList.remove("is-under");
    drag.under = place;
    place?.classList.add("is-under");
  }

  function begin() {
    const { act } = drag;
    drag.begun = true;
    drag.was = board().innerHTML;
    drag.ghost = act.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("board-ghost");
    drag.ghost.style.width = `${act.offsetWidth}px`;
    document.body.append(drag.ghost);
    document.body.classList.add("is-dragging");
    const mine = drag;
    fetch(act.href, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((text) => {
        const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-board]");
        if (drag !== mine || !fresh) return;
        const before = act.isConnected ? act.getBoundingClientRect().top : 0;
        board().innerHTML = fresh.innerHTML;
        const now = document.getElementById(act.id)?.getBoundingClientRect().top ?? before;
        scrollBy(0, now - before); // the act stays under the hand though places came in above it
      })
      .catch(() => drag === mine && end()); // no network: the board stays as it was
  }

  function end() {
    const { ghost, was, under } = drag;
    ghost.remove();
    document.body.classList.remove("is-dragging");
    if (!under && board().innerHTML !== was) board().innerHTML = was;
    drag = null;
  }
}
