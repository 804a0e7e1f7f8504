// The table twin of the ticks: every computed opportunity, a row for each day.  Its rows are made when it
// is first opened, from what the timeline draws, so that the document does not carry them twice.

import { html } from "./dom";
import { summed } from "./lanes";
import type { Lane, Timeline } from "./shape";
import { makeCopyable, makeSortable } from "./tables";
import { date, minute, parse } from "./time";

export function addOpportunities({ start, groups }: Timeline): void {
  const lanes = groups.flatMap((g) => g.lanes).filter((lane) => lane.ticks);
  const place = document.querySelector("#page-tables .tables");
  if (!lanes.length || !place) return;
  const days = byDay(lanes, parse(start));
  const twin = html("details", "twin by-day");
  twin.id = "table-opportunity-days";
  const summary = html("summary");
  summary.append(html("h2", "", "Opportunities day by day"), " ", html("span", "count", String(days.size)));
  const note =
    "Lift-offs into the station's plane by pad, landings by type: UTC, to the minute. " +
    "Those within a quarter of an hour of each other are one, as on the timeline.";
  twin.append(summary, html("p", "note", note));
  twin.addEventListener("toggle", () => fill(twin, lanes, days), { once: true });
  const before = document.getElementById("table-opportunities");
  if (before) before.after(twin);
  else place.append(twin);
}

/** Clock times of each lane, by date. */
function byDay(lanes: Lane[], start: number): Map<string, string[][]> {
  const days = new Map<string, string[][]>();
  lanes.forEach((lane, k) => {
    for (const at of summed(lane.ticks ?? "", start)) {
      const row = days.get(date(at)) ?? lanes.map(() => []);
      row[k]?.push(minute(at).slice(11));
      days.set(date(at), row);
    }
  });
  return new Map(Array.from(days).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fill(twin: HTMLElement, lanes: Lane[], days: Map<string, string[][]>): void {
  const table = html("table");
  const head = table.createTHead().insertRow();
  for (const name of ["Date", ...lanes.map((lane) => lane.label)]) {
    const cell = html("th", "x", name);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [day, row] of days) {
    const line = body.insertRow();
    line.append(html("td", "t", day), ...row.map((at) => html("td", "t", at.join(", ") || "\u2013")));
  }
  const scroll = html("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Opportunities day by day");
  scroll.append(table);
  twin.append(scroll);
  makeSortable(table);
  makeCopyable(table);
}
