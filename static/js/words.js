// In which language do the scripts speak? Vietnamese stands in the code; other languages come with the page
// as <script type="application/json" id="words">. A missing word falls back to the Vietnamese one.
const element = globalThis.document?.getElementById("words");
let words = {};
try { words = JSON.parse(element?.textContent || "{}"); } catch { /* a broken catalogue must not stop a gate */ }

/** t("Còn {n} lượt", { n: 3 }) */
export function t(text, values = {}) {
  return (words[text] || text).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
