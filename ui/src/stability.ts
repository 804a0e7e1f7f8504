// The stability page: panels with a sentence, a picture and its table twins each.  Pictures are drawn for the
// width they have, and again only when that has changed.

import { html } from "./dom";
import { Inspector } from "./inspector";
import type { Page } from "./pages";
import { drawSingles, drawSlips, drawTerms } from "./stability-bars";
import { type Details, Sheet } from "./stability-canvas";
import type { Key, Mark, Stability } from "./stability-shape";
import { drawEndurance, drawEras } from "./stability-time";

const WIDE = new Set(["eras", "terms"]);
const PAPER = 1200; // pixels across a sheet of A4 as stability.css prints it, and a third of it
const PAPER_THIRD = 380;
const LEAST = 240; // pixels: narrower sheets are scaled

export function mountStability(place: HTMLElement, data: Stability): Page {
  let focused: Element | null = null;
  const inspector = new Inspector(() => (focused as SVGElement | null)?.focus());
  const details: Details = {
    show(mark: Mark, anchor: DOMRect, pin: boolean) {
      focused = document.activeElement;
      inspector.show(mark, anchor, pin);
    },
    hide() {
      if (!inspector.isPinned) inspector.close();
    },
    close: () => inspector.close(),
    get isPinned() {
      return inspector.isPinned;
    },
  };
  const panels = html("div", "panels");
  const drawn: { box: HTMLElement; draw: (sheet: Sheet) => void; title: string; width: number; isWide: boolean }[] = [];
  for (const panel of data.panels) {
    const section = html("section", `panel panel-${panel.id}`);
    const box = html("div", "panel-drawing");
    section.append(html("h3", "", panel.title), html("p", "panel-note", panel.note));
    const legend = legendOf(data, panel.id);
    if (legend.length) section.append(legendList(legend));
    section.append(box);
    for (const id of panel.tables) {
      const twin = document.getElementById(`table-${id}`);
      if (twin) section.append(twin);
    }
    panels.append(section);
    const draw = drawingOf(data, panel.id);
    if (draw) drawn.push({ box, draw, title: panel.title, width: 0, isWide: WIDE.has(panel.id) });
  }
  place.replaceChildren(panels);
  document.body.append(inspector.card);
  document.addEventListener("pointerdown", (e) => {
    if (e.target instanceof Element && !e.target.closest(".mark, .card")) inspector.close();
  });

  const drawAt = (widthOf: (one: (typeof drawn)[number]) => number) => {
    for (const one of drawn) {
      const width = Math.max(widthOf(one), LEAST);
      if (one.box.clientWidth === 0 || width === one.width) continue;
      one.width = width;
      const sheet = new Sheet(width, one.title, details);
      one.draw(sheet);
      one.box.replaceChildren(sheet.finish());
    }
  };
  const draw = () => drawAt((one) => Math.floor(one.box.clientWidth));
  new ResizeObserver(draw).observe(panels);
  window.addEventListener("beforeprint", () => drawAt((one) => (one.isWide ? PAPER : PAPER_THIRD)));
  window.addEventListener("afterprint", draw);
  return { shown: draw, hidden: () => inspector.close() };
}

function drawingOf({ drawings: d }: Stability, id: string): ((sheet: Sheet) => void) | null {
  if (id === "eras" && d.eras) return (sheet) => drawEras(sheet, d.eras!);
  if (id === "terms" && d.terms) return (sheet) => drawTerms(sheet, d.terms!);
  if (id === "singles" && d.singles) return (sheet) => drawSingles(sheet, d.singles!);
  if (id === "endurance" && d.endurance) return (sheet) => drawEndurance(sheet, d.endurance!);
  if (id === "slips" && d.slips) return (sheet) => drawSlips(sheet, d.slips!);
  return null;
}

function legendOf({ drawings: d }: Stability, id: string): Key[] {
  if (id === "terms" && d.terms) {
    return [
      ...d.terms.segments,
      { tone: "note", name: "planned anew" },
      { tone: "note hollow", name: "today's craft on today's days, other crews" },
    ];
  }
  if (id !== "singles") return [];
  return (d.singles?.legend ?? []).map((k) => (k.tone === "ok" ? { ...k, tone: "ok hollow" } : k));
}

function legendList(keys: Key[]): HTMLUListElement {
  const list = html("ul", "legend");
  for (const { tone, name } of keys) {
    const item = html("li");
    item.append(html("i", `swatch t-${tone}`), html("span", "", name));
    list.append(item);
  }
  return list;
}
