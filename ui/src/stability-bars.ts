// The pictures of the stability page that are bars and squares: terms, single disruptions, slips.

import { NAME, Sheet, cut, steps } from "./stability-canvas";
import { svg } from "./dom";
import type { Mark, Singles, Slips, Terms } from "./stability-shape";

const ROW = 17;
const BAR = 11;
const SQUARE = 12;
const GAP = 3;

type TermsRow = Terms["rows"][number];

interface Column {
  title: string;
  most: number;
  draw(row: TermsRow, x: (value: number) => number, y: number): { shapes: SVGElement[]; text: string; at: number };
}

/** Each plan a row; columns of what it leaves uncovered, what is to be expected, and what it costs. */
export function drawTerms(sheet: Sheet, terms: Terms): void {
  const columns = termsColumns(sheet, terms);
  const isNarrow = sheet.width < 640;
  const names = isNarrow ? 112 : 190;
  const room = isNarrow ? sheet.width - names : (sheet.width - names) / columns.length;
  let top = 0;
  columns.forEach((column, i) => {
    const left = names + (isNarrow ? 0 : i * room);
    const right = left + room - 64;
    if (isNarrow) top = i ? sheet.height + 14 : 0;
    const x = (value: number) => left + (value / column.most) * (right - left);
    if (isNarrow) sheet.text(0, top + 11, cut(column.title, sheet.width, NAME), "name");
    else sheet.text(left, top + 11, cut(column.title, room - 8, NAME), "name");
    let y = top + 20;
    const begin = y;
    let before = "";
    for (const row of terms.rows) {
      if (row.name !== before && before) y += 6;
      const isFirst = row.name !== before;
      before = row.name;
      const drawn = column.draw(row, x, y);
      const shown = svg("text", { x: (x(drawn.at) + 6).toFixed(1), y: y + 10, class: "value" });
      shown.textContent = drawn.text;
      if (isFirst && (i === 0 || isNarrow)) sheet.text(0, y + 10, cut(row.name, names - 10), "label");
      sheet.mark(row, sheet.rect(left, y - 2, room - 6, ROW, "hit"), ...drawn.shapes, shown);
      y += ROW;
    }
    sheet.line(left - 0.5, begin - 3, left - 0.5, y, "major");
    sheet.height = y;
  });
  sheet.height += 4;
}

function termsColumns(sheet: Sheet, terms: Terms): Column[] {
  const total = (row: TermsRow) => row.uncovered.reduce((a, b) => a + b, 0);
  const most = (of: (row: TermsRow) => number) => Math.max(...terms.rows.map(of), 1);
  const shade = (row: TermsRow) => (row.is_same_traffic ? "hollow" : "body");
  const uncovered: Column = {
    title: "operator N-1 uncovered, segment-days",
    most: most(total),
    draw: (row, x, y) => {
      let from = 0;
      const shapes = row.uncovered.map((days, k) => {
        const made = sheet.rect(x(from), y, x(from + days) - x(from), BAR, shade(row));
        from += days;
        const group = svg("g", { class: `t-${terms.segments[k]?.tone ?? "note"}` });
        group.append(made);
        return group;
      });
      return { shapes, text: whole(total(row)), at: from };
    },
  };
  const expected: Column = {
    title: "expected days with a segment unattended",
    most: most((row) => row.expected[2] ?? 0),
    draw: (row, x, y) => {
      const [mean, low, high] = row.expected;
      if (mean === undefined || low === undefined || high === undefined) {
        return { shapes: [], text: "no samples", at: 0 };
      }
      const middle = y + BAR / 2;
      const shapes = [
        svg("line", { x1: x(0), x2: x(mean), y1: middle, y2: middle, class: "lead" }),
        svg("line", { x1: x(low), x2: x(high), y1: middle, y2: middle, class: "whisker" }),
        svg("circle", { cx: x(mean), cy: middle, r: 4, class: shade(row) }),
      ];
      return { shapes, text: mean.toFixed(1), at: high };
    },
  };
  const months: Column = {
    title: "training in others' centres, months",
    most: most((row) => row.months),
    draw: (row, x, y) => ({
      shapes: [sheet.rect(x(0), y, x(row.months) - x(0), BAR, shade(row))],
      text: whole(row.months),
      at: row.months,
    }),
  };
  return [uncovered, expected, months];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Every disruption a square, by kind; the worst come first. */
export function drawSingles(sheet: Sheet, singles: Singles): void {
  const perRow = Math.max(Math.floor((sheet.width + GAP) / (SQUARE + GAP)), 1);
  let y = 0;
  for (const { kind, items } of singles.rows) {
    sheet.text(0, y + 11, cut(`${kind} (${items.length})`, sheet.width), "label");
    y += 17;
    items.forEach((item, i) => {
      const x = (i % perRow) * (SQUARE + GAP) + 0.5;
      const top = y + Math.floor(i / perRow) * (SQUARE + GAP) + 0.5;
      sheet.mark(item, ...square(sheet, item, x, top));
    });
    y += Math.ceil(items.length / perRow) * (SQUARE + GAP) + 7;
  }
  sheet.height = y;
}

function square(sheet: Sheet, item: Mark, x: number, y: number): SVGElement[] {
  const made = sheet.rect(x, y, SQUARE - 1, SQUARE - 1, item.tone === "ok" ? "hollow" : "body");
  made.setAttribute("rx", "2");
  return [made, ...sheet.hatching(item.tone, made)];
}

/** How far each flight can slip, and what ends it. */
export function drawSlips(sheet: Sheet, slips: Slips): void {
  const names = Math.min(110, sheet.width * 0.3);
  const most = Math.max(slips.most, 1);
  const room = (sheet.width - names) * 0.52;
  const x = (days: number) => names + (days / most) * room;
  let y = 16;
  const bottom = y + slips.rows.length * ROW;
  for (const days of steps(most, 4)) {
    const at = Math.round(x(days)) + 0.5;
    sheet.line(at, y - 3, at, bottom, days ? "minor" : "major");
    sheet.text(at, 10, days ? String(days) : "0 d", "tick-name", days ? "middle" : "start");
  }
  for (const row of slips.rows) {
    sheet.text(0, y + 10, cut(row.flight, names - 8), "label");
    const bar = sheet.rect(x(0), y, Math.max(x(row.days) - x(0), 2), BAR, row.is_open ? "body open" : "body");
    const said = svg("text", { x: x(row.days) + 6, y: y + 10, class: "value" });
    const ends = row.is_open ? "or more" : row.data[0]?.[1] ?? "";
    said.textContent = cut(`${row.days} d, ${ends}`, sheet.width - x(row.days) - 8);
    sheet.mark(row, sheet.rect(0, y - 2, sheet.width, ROW, "hit"), bar, said);
    y += ROW;
  }
  sheet.height = bottom + 2;
}
