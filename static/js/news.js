// What the organiser announces reaches pages that are open, kept by the browser or opened without network: asked for twice
// a minute, drawn from the page's own template. What is over is taken off by the clock of the phone.
import { poll } from "./poll.js";

const place = document.querySelector("[data-news]");
const template = document.getElementById("news-template");

function draw({ id, heading, to, words, tone, until_ms: until }) {
  const article = template.content.firstElementChild.cloneNode(true);
  article.className = `alert tone-${tone}${tone === "quiet" ? " news-gone" : ""}`;
  article.dataset.newsId = id;
  article.dataset.untilMs = until;
  for (const [name, text] of Object.entries({ heading, to, words })) {
    const element = article.querySelector(`[data-fill="${name}"]`);
    element.textContent = text;
    element.hidden = !text;
  }
  return article;
}

function sweep() {
  for (const article of place.querySelectorAll("[data-until-ms]")) if (Number(article.dataset.untilMs) <= Date.now()) article.remove();
  place.hidden = !place.querySelector("[data-news-id]");
}

if (place && template) {
  sweep();
  setInterval(sweep, 20000);
  let shown = "";
  poll(place.dataset.news, 25, ({ news }) => {
    const text = JSON.stringify(news);
    if (text === shown) return;
    shown = text;
    place.replaceChildren(...news.map(draw));
    sweep();
  });
}
