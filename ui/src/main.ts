import { button } from "./dom";
import type { Timeline } from "./shape";
import { makeSortable } from "./tables";
import { themeButton } from "./theme";
import { Chart } from "./timeline";

const data = document.getElementById("picture");
const place = document.getElementById("timeline");
const tools = document.querySelector(".top-tools");

for (const table of document.querySelectorAll("table")) makeSortable(table);
tools?.append(
  button("Print", "Print this report", () => window.print()),
  themeButton(),
);

// Closed tables open for the printer and close again afterwards.
let opened: HTMLDetailsElement[] = [];
window.addEventListener("beforeprint", () => {
  opened = Array.from(document.querySelectorAll<HTMLDetailsElement>("details:not([open])"));
  for (const table of opened) table.open = true;
});
window.addEventListener("afterprint", () => {
  for (const table of opened) table.open = false;
});

if (data && place) {
  const picture = JSON.parse(data.textContent ?? "{}") as Timeline;
  new Chart(place, picture);
}
