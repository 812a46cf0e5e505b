// Draws a step on a screen, into the same places the server fills (templates/ceremony/reveal/_slide.html).
export function draw(root, slide, practice) {
  root.dataset.kind = slide.kind;
  root.querySelector("[data-practice]").hidden = !practice;
  for (const place of ["over", "title", "part"]) root.querySelector(`[data-${place}]`).textContent = slide[place];
  const list = root.querySelector("[data-names]");
  list.dataset.many = slide.names.length;
  list.replaceChildren(...slide.names.map(([name, unit]) => {
    const line = document.createElement("li");
    const strong = line.appendChild(document.createElement("b"));
    strong.textContent = name;
    if (unit) {
      line.append(" ");
      line.appendChild(document.createElement("span")).textContent = unit;
    }
    return line;
  }));
}

/** The window on the large screen and the page that leads it speak to each other inside one browser, network or not. */
export const channel = (code) => new BroadcastChannel(`reveal-${code}`);
