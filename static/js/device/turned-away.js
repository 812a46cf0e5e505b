// A page that this device cannot be sends it to where devices are enrolled; there it is said which page that was, and why.
const KEPT = "turned-away";

/** `wanted`: the role of the devices that the page is for. */
export function turnAway(wanted) {
  try { sessionStorage.setItem(KEPT, wanted); } catch { /* the page of enrolment says what it can */ }
  location.replace("/enrol");
}

/** The role of the page that was opened in vain, once; null when the device came here by itself. */
export function turnedAwayFrom() {
  try {
    const wanted = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return wanted;
  } catch { return null; }
}
