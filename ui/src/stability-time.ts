// The pictures of the stability page that lie along time: eras over the plan, and endurance.

import { BIG, NAME, Sheet, cut, steps, timeAxis, timeSpan } from "./stability-canvas";
import { svg } from "./dom";
import type { Endurance, Eras } from "./stability-shape";
import { parse } from "./time";

const BLOCK = 62; // pixels of a share of one
const STRIP = 10;
const PLOT = 92;

/** Eras as flown over the plan: height is the share of uncovered days, the strip under it the days. */
export function drawEras(sheet: Sheet, eras: Eras): void {
  const isNarrow = sheet.width < 560;
  const left = isNarrow ? 0 : 84;
  const span = timeSpan(eras.start, eras.end, left, sheet.width - 1);
  const tops: number[] = [];
  let y = 2;
  for (let i = 0; i < eras.rows.length; i += 1) {
    if (isNarrow) y += 14;
    tops.push(y);
    y += BLOCK + STRIP + 14;
  }
  const bottom = y - 8;
  timeAxis(sheet, span, 0, bottom);
  eras.rows.forEach((row, i) => {
    const top = tops[i] ?? 0;
    sheet.text(0, isNarrow ? top - 4 : top + 12, row.label, "name");
    for (const block of row.blocks) {
      const x = span.x(parse(block.start));
      const width = span.x(parse(block.end)) - x - 1;
      const ground = sheet.rect(x, top, width, BLOCK, "ground-on");
      const filled = sheet.rect(x, top + BLOCK * (1 - block.share), width, BLOCK * block.share);
      const share = svg("text", { x: x + 5, y: top + 15, class: "big" });
      share.textContent = cut(block.text, width - 6, BIG);
      const name = svg("text", { x: x + 5, y: top + 29, class: "small" });
      name.textContent = cut(block.name, width - 8);
      sheet.mark(block, ground, filled, ...sheet.hatching(block.share ? "bad" : "", filled), share, name);
    }
    const first = span.x(parse(row.blocks[0]?.start ?? eras.start));
    const last = span.x(parse(row.blocks[row.blocks.length - 1]?.end ?? eras.end));
    sheet.add(sheet.rect(first, top + BLOCK + 3, last - first - 1, STRIP, "t-ok strip"));
    for (const [start, end] of row.spans) {
      const x = span.x(parse(start));
      sheet.add(sheet.rect(x, top + BLOCK + 3, Math.max(span.x(parse(end)) - x, 1), STRIP, "t-bad strip"));
    }
  });
  sheet.height = bottom + 16;
}

/** Days the station lasts over the day from which a provider launches no more, one plot for each. */
export function drawEndurance(sheet: Sheet, endurance: Endurance): void {
  const left = 30;
  const span = timeSpan(endurance.start, endurance.end, left, sheet.width - 1);
  const every = endurance.rows.flatMap((r) => r.slopes.map((s) => s.days ?? 0));
  const most = Math.max(...every, 1);
  let top = 0;
  for (const row of endurance.rows) {
    const above = top + 16;
    const bottom = above + PLOT;
    const y = (days: number) => bottom - (days / most) * PLOT;
    sheet.add(svg("rect", { x: 0, y: top + 2, width: 10, height: 10, rx: 2, class: `key t-${row.tone}` }));
    const said = cut(`without ${row.provider}: ${row.text}`, sheet.width - 16, NAME);
    sheet.text(15, top + 11, said, "name");
    for (const days of steps(most, 3)) {
      sheet.line(left, Math.round(y(days)) + 0.5, sheet.width, Math.round(y(days)) + 0.5, days ? "minor" : "major");
      sheet.text(left - 5, y(days) + 4, String(days), "tick-name", "end");
    }
    timeAxis(sheet, span, above, bottom);
    let worst: { x: number; y: number; days: number } | null = null;
    for (const slope of row.slopes) {
      const a = span.x(parse(slope.start));
      const b = span.x(parse(slope.end));
      if (slope.days === null || slope.days_end === null) {
        sheet.mark(slope, sheet.rect(a, above, b - a, PLOT, "past"));
        continue;
      }
      const outline = `${a.toFixed(1)} ${y(slope.days).toFixed(1)}L${b.toFixed(1)} ${y(slope.days_end).toFixed(1)}`;
      sheet.mark(
        slope,
        svg("path", { d: `M${a.toFixed(1)} ${bottom}L${outline}V${bottom}Z`, class: "area" }),
        svg("path", { d: `M${outline}`, class: "top" }),
        sheet.rect(a, above, b - a, PLOT, "hit"),
      );
      if (!worst || slope.days_end < worst.days) worst = { x: b, y: y(slope.days_end), days: slope.days_end };
    }
    if (worst) {
      sheet.add(svg("circle", { cx: worst.x, cy: worst.y, r: 3.5, class: `least t-${row.tone}` }));
      const isLeft = worst.x > sheet.width - 60;
      const said = `${Math.round(worst.days)} d`;
      sheet.text(worst.x + (isLeft ? -7 : 7), worst.y - 4, said, "least-name", isLeft ? "end" : "start");
    }
    top = bottom + 24;
  }
  sheet.height = top - 6;
}
