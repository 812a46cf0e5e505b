// Which buttons and links of a page sound the same and lead to different places? → ["name: place | place", …]
() => {
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true" || node.hidden || ["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName)) return "";
    if (node.hasAttribute("aria-label")) return ` ${node.getAttribute("aria-label")} `;
    if (node.tagName === "IMG") return node.alt;
    return [...node.childNodes].map(words).join(node.tagName === "B" || node.tagName === "SPAN" ? " " : "");
  };
  const name = (element) => {
    const by = element.getAttribute("aria-labelledby");
    const text = by ? by.split(/\s+/).map((id) => words(document.getElementById(id))).join(" ") : words(element);
    return text.replace(/\s+/g, " ").trim() || element.value || "";
  };
  const sent = (form, button) => {
    const hidden = [...form.querySelectorAll("input[type=hidden]")].filter((each) => each.name !== "csrf_token").map((each) => `${each.name}=${each.value}`);
    return `${form.getAttribute("method") ?? "get"} ${form.getAttribute("action") ?? location.pathname} ${hidden.sort().join("&")} ${button?.name ?? ""}=${button?.value ?? ""}`;
  };
  const place = (element) => {
    if (element.tagName === "A") return element.href;
    const form = element.form ?? element.closest("details")?.querySelector("form");
    if (element.tagName === "SUMMARY") {
      // what unfolds a form and what sends it may sound the same: they are one deed
      const same = [...(form?.querySelectorAll("button") ?? [])].find((button) => name(button) === name(element));
      return same ? sent(form, same) : `unfolds ${[...document.querySelectorAll("summary")].indexOf(element)}`;
    }
    if (element.dataset.copy) return `copies ${element.dataset.copy}`;
    if (element.form && element.type === "submit") return sent(element.form, element);
    return element.id || element.dataset.switch || element.dataset.hand || `does ${[...document.querySelectorAll("button")].indexOf(element)}`;
  };
  const places = new Map();
  for (const element of document.querySelectorAll("a[href], button, summary, input[type=submit]")) {
    if (element.closest("[aria-hidden=true], [hidden]") || !(element.checkVisibility() || element.closest("details, dialog"))) continue;
    // the switches stand in two places; a language is called by itself; of closed windows one is open at a time
    if (element.classList.contains("only-read") || element.dataset.switch || element.lang || element.closest("dialog:not([open])")) continue;
    const words = name(element);
    if (!places.has(words)) places.set(words, new Set());
    places.get(words).add(place(element));
  }
  return [...places].filter(([, where]) => where.size > 1).map(([words, where]) => `“${words}”: ${[...where].slice(0, 3).join(" | ")}`);
}
