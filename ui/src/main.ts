import { button } from "./dom";
import { fitSheet } from "./manifest";
import { addOpportunities } from "./opportunities";
import { dataOf, register, start } from "./pages";
import type { Timeline } from "./shape";
import { mountStability } from "./stability";
import type { Stability } from "./stability-shape";
import { flightsPage } from "./sheet";
import type { Drawing } from "./sheet_shape";
import { makeCopyable, makeSortable } from "./tables";
import { themeButton } from "./theme";
import { Chart } from "./timeline";

for (const table of document.querySelectorAll<HTMLTableElement>(".twin table")) {
  makeSortable(table);
  makeCopyable(table);
}
document.querySelector(".top-tools")?.append(
  button("Print", "Print this page", () => window.print()),
  themeButton(),
);

// Closed tables open for the printer and close again afterwards; those of a flight or a picture stay as they are.
let opened: HTMLDetailsElement[] = [];
window.addEventListener("beforeprint", () => {
  const toOpen = "details:not([open], .panel details, .flight-sheet details, .by-day)";
  opened = Array.from(document.querySelectorAll<HTMLDetailsElement>(toOpen));
  for (const table of opened) table.open = true;
});
window.addEventListener("afterprint", () => {
  for (const table of opened) table.open = false;
});

const timeline = dataOf<Timeline>("timeline");
if (timeline) addOpportunities(timeline);
if (timeline) register("timeline", "Timeline", (place) => void new Chart(place, timeline));
const stability = dataOf<Stability>("stability");
if (stability) register("stability", "Stability", (place) => mountStability(place, stability));
if (document.getElementById("page-manifest")) register("manifest", "Manifest", fitSheet);
const flights = dataOf<Record<string, Drawing>>("flights");
if (flights) register("flights", "Flights", (place) => flightsPage(place, flights));
if (document.getElementById("page-tables")) register("tables", "Tables");
start();
