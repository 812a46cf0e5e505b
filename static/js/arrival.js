// Where does a page begin for the keyboard and the ear? What is wrong, found or just done takes the focus. A page that comes back to
// a place of its own (#…) stays there, under the hand, and only says it.
const said = document.querySelector("[data-focus=first]") ?? document.querySelector("[data-focus]") ?? document.querySelector("main [aria-invalid=true]");
if (said && location.hash.length < 2) {
  said.focus();
} else if (said) {
  const ear = Object.assign(document.createElement("p"), { className: "only-read" });
  ear.setAttribute("role", "status");
  document.body.append(ear);
  // a live region tells what changes in it, not what it was born with
  setTimeout(() => { ear.textContent = said.innerText; }, 100);
}
