// Sortable tables: the heading becomes a button; rows are moved, never rewritten.

import { html } from "./dom";

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
