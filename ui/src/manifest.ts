// The manifest is markup already; all that is left to do is to make it fit: the window's width, and
// one sheet of paper.

import { html } from "./dom";

const WIDTH = 1520; // CSS pixels of an A3 sheet across, less its margins
const HEIGHT = 1046;
const LEAST = 0.6; // smaller letters are not read: then the sheet scrolls

export function fitSheet(place: HTMLElement): void {
  const frame = place.querySelector<HTMLElement>(".sheet-frame");
  const sheet = place.querySelector<HTMLElement>(".sheet");
  const lists = place.querySelector<HTMLElement>(".sheet-lists");
  if (!frame || !sheet || !lists) return;
  const elsewhere = html("p", "sheet-narrow note", "Ports and crews over time: ");
  const link = html("a", "", "the timeline");
  link.href = "#timeline";
  elsewhere.append(link);
  lists.before(elsewhere);
  const forWindow = () => {
    const zoom = Math.min(Math.max((frame.clientWidth - 2) / (WIDTH + 32), LEAST), 1);
    sheet.style.setProperty("--zoom", zoom.toFixed(4));
    lists.style.setProperty("--zoom", "1");
  };
  new ResizeObserver(forWindow).observe(frame);
  window.addEventListener("beforeprint", () => {
    sheet.style.setProperty("--zoom", "1");
    const top = lists.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
    // Smaller lists have more room for each line, which makes them shorter: a few steps come close.
    let zoom = 1;
    for (let i = 0; i < 5; i += 1) {
      lists.style.setProperty("--zoom", zoom.toFixed(4));
      const height = lists.getBoundingClientRect().height;
      zoom = Math.min(1, (zoom * (HEIGHT - top)) / height);
    }
    lists.style.setProperty("--zoom", (zoom * 0.99).toFixed(4));
  });
  window.addEventListener("afterprint", forWindow);
}
