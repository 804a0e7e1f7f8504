// Tables: a heading becomes a button that sorts (rows are moved, never rewritten), and a button copies
// the rows as they stand, ready to be pasted into a spreadsheet.

import { button, html } from "./dom";

const NUMBER = /^-?[\d,]+(\.\d+)?$/;
const FORMULA = /^[=+\-@]/; // what a spreadsheet would compute rather than show
const NOTHING = "\u2013"; // an empty cell as the page shows it

function key(row: HTMLTableRowElement, column: number): string | number {
  const cell = row.cells[column];
  if (!cell) return "";
  const text = cell.textContent ?? "";
  const number = /^-?[\d,]+(\.\d+)?\s?%?$/.test(text) ? Number(text.replace(/[,%\s]/g, "")) : NaN;
  return Number.isNaN(number) ? text : number;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** One cell for a spreadsheet: numbers without grouping, text that cannot become a formula. */
export function cellText(shown: string): string {
  const text = shown.replace(/[\s\u0000-\u001f]+/g, " ").trim();
  if (text === NOTHING) return "";
  if (NUMBER.test(text)) return text.replace(/,/g, "");
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return guarded.includes('"') ? `"${guarded.replace(/"/g, '""')}"` : guarded;
}

/** The table as tab-separated values, in the order of its rows on the page. */
function asText(table: HTMLTableElement): string {
  const rows = Array.from(table.rows).map((row) => Array.from(row.cells).map((c) => cellText(c.textContent ?? "")));
  return rows.map((cells) => cells.join("\t")).join("\n") + "\n";
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without leave to write the clipboard, the old way: it needs only the click.
    const area = html("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** A button above the table's place that copies it. */
export function makeCopyable(table: HTMLTableElement): void {
  const place = table.closest(".scroll");
  const title = table.closest(".twin")?.querySelector("summary h2")?.textContent ?? "";
  if (!place) return;
  const bar = html("p", "copy-bar");
  const said = html("span", "copied");
  said.setAttribute("role", "status");
  const act = button("Copy", `Copy for a spreadsheet: ${title}`, () => {
    const n = table.tBodies[0]?.rows.length ?? 0;
    void copy(asText(table)).then(() => {
      said.textContent = `${n} row${n === 1 ? "" : "s"} copied`;
      act.focus();
    });
  });
  bar.append(said, act);
  place.before(bar);
}

export function makeSortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
  if (!body) return;
  heads.forEach((head, column) => {
    const sorter = html("button", "sorter", head.textContent ?? "");
    sorter.type = "button";
    head.replaceChildren(sorter);
    sorter.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const rows = Array.from(body.rows).map((row) => ({ row, value: key(row, column) }));
      rows.sort((a, b) => (isUp ? 1 : -1) * compare(a.value, b.value));
      body.append(...rows.map((r) => r.row));
    });
  });
}
