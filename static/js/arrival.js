// Where does a page begin for the keyboard and the ear? What is wrong, found or just done takes the focus. A page that comes back to
// a place of its own (#…) stays there, under the hand, and only says it; a # left over from the page before is no place of this one.
const said = document.querySelector("[data-focus=first]") ?? document.querySelector("[data-focus]") ?? document.querySelector("main [aria-invalid=true]");
const place = document.getElementById(location.hash.slice(1));
if (said && !place) {
  said.focus();
} else if (said) {
  const ear = Object.assign(document.createElement("p"), { className: "only-read" });
  ear.setAttribute("role", "status");
  document.body.append(ear);
  // a live region tells what changes in it, not what it was born with
  setTimeout(() => { ear.textContent = said.innerText; }, 100);
}

// What is wrong leads to its field without a # in the address: that step is no place to come back to when the form is refused once more.
addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-focus] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  field?.focus();
  // what is folded away or takes no focus is left to the browser
  if (field && document.activeElement === field) event.preventDefault();
});
