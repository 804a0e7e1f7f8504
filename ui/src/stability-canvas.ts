// What the pictures of the stability page share: a sheet of a given width with marks that can be pointed at
// and walked by keyboard, texts that fit, axes.

import { fit, svg } from "./dom";
import type { Mark } from "./stability-shape";
import { DAY, fineTicks, parse } from "./time";

export const FONT = "11px system-ui, sans-serif";
export const BIG = "bold 13px system-ui, sans-serif";
export const NAME = "bold 11px system-ui, sans-serif";

export interface Details {
  show(mark: Mark, anchor: DOMRect, pin: boolean): void;
  hide(): void;
  close(): void;
  isPinned: boolean;
}

/** A drawing: `height` grows as things are put on it, `finish` makes it final. */
export class Sheet {
  readonly root: SVGSVGElement;
  height = 0;
  private readonly marks: SVGGElement[] = [];

  constructor(
    readonly width: number,
    label: string,
    private readonly details: Details,
  ) {
    this.root = svg("svg", { class: "panel-picture", role: "group", "aria-label": label });
    const defs = svg("defs");
    for (const [id, path] of [
      ["hatched", "M-2 2L2 -2M0 6L6 0M4 8L8 4"],
      ["crossed", "M0 6L6 0M0 0L6 6"],
    ] as const) {
      const made = svg("pattern", { id: `${id}-${serial}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" });
      made.append(svg("path", { d: path, class: "hatching" }));
      defs.append(made);
    }
    this.hatch = { bad: `url(#hatched-${serial})`, worst: `url(#crossed-${serial})` };
    serial += 1;
    this.root.append(defs);
  }

  private readonly hatch: Record<string, string>;

  add<E extends SVGElement>(element: E): E {
    this.root.append(element);
    return element;
  }

  text(x: number, y: number, text: string, className = "", anchor = "start"): SVGTextElement {
    const made = svg("text", { x: x.toFixed(1), y: y.toFixed(1), class: className, "text-anchor": anchor });
    made.textContent = text;
    return this.add(made);
  }

  line(x1: number, y1: number, x2: number, y2: number, className: string): SVGLineElement {
    return this.add(svg("line", { x1, y1, x2, y2, class: className }));
  }

  /** A group that shows its details; its shapes carry the colour of the tone. */
  mark(mark: Mark, ...shapes: SVGElement[]): SVGGElement {
    const facts = mark.data.map(([name, value]) => (name ? `${name} ${value}` : value)).join("; ");
    const group = svg("g", {
      class: `mark t-${mark.tone}`,
      tabindex: this.marks.length ? -1 : 0,
      role: "button",
      "aria-label": facts ? `${mark.title}: ${facts}` : mark.title,
    });
    // Texts lie over the group, not in it: its label says it all, in other words.
    const texts = shapes.filter((s) => s.tagName === "text");
    group.append(...shapes.filter((s) => s.tagName !== "text"));
    const pin = (isPinned: boolean) => this.details.show(mark, group.getBoundingClientRect(), isPinned);
    group.addEventListener("pointerenter", () => !this.details.isPinned && pin(false));
    group.addEventListener("pointerleave", () => this.details.hide());
    group.addEventListener("focus", () => !this.details.isPinned && pin(false));
    group.addEventListener("blur", () => this.details.hide());
    group.addEventListener("click", () => pin(true));
    group.addEventListener("keydown", (e) => this.key(e, group, () => pin(true)));
    this.marks.push(group);
    this.root.append(group, ...texts);
    return group;
  }

  rect(x: number, y: number, width: number, height: number, className = "body"): SVGRectElement {
    return svg("rect", {
      x: x.toFixed(1),
      y: y.toFixed(1),
      width: Math.max(width, 0).toFixed(1),
      height: Math.max(height, 0).toFixed(1),
      class: className,
    });
  }

  /** The hatching of a bad state over a rectangle, so that it is not told by colour alone. */
  hatching(tone: string, over: SVGRectElement): SVGElement[] {
    const fill = this.hatch[tone];
    if (!fill) return [];
    const made = over.cloneNode() as SVGRectElement;
    made.setAttribute("class", "hatch");
    made.setAttribute("fill", fill);
    return [made];
  }

  finish(): SVGSVGElement {
    const height = Math.ceil(this.height);
    this.root.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.root.setAttribute("width", String(this.width));
    this.root.setAttribute("height", String(height));
    return this.root;
  }

  private key(e: KeyboardEvent, here: SVGGElement, pin: () => void): void {
    const at = this.marks.indexOf(here);
    const to: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: this.marks.length - 1,
    };
    if (e.key === "Enter" || e.key === " ") pin();
    else if (e.key === "Escape") this.details.close();
    else {
      const next = this.marks[to[e.key] ?? -1];
      if (e.key in to) e.preventDefault();
      if (!next) return;
      here.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      this.details.close();
      next.focus();
      return;
    }
    e.preventDefault();
  }
}

let serial = 0;

/** A text cut to the room it has. */
export function cut(text: string, room: number, font = FONT): string {
  return fit([text], room, font);
}

/** Steps of 1, 2 or 5 that give about `n` lines from nought to `most`. */
export function steps(most: number, n: number): number[] {
  const raw = Math.max(most, 1e-9) / n;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const found: number[] = [];
  for (let at = 0; at <= most * 1.0001; at += step) found.push(at);
  return found;
}

export interface Span {
  from: number;
  to: number;
  x(at: number): number;
}

/** A time axis from `left` to the right edge. */
export function timeSpan(start: string, end: string, left: number, right: number): Span {
  const from = parse(start);
  const to = parse(end);
  return { from, to, x: (at) => left + ((at - from) / (to - from)) * (right - left) };
}

/** Full-height ticks with the years under them. */
export function timeAxis(sheet: Sheet, span: Span, top: number, bottom: number): void {
  const width = span.x(span.to) - span.x(span.from);
  const perYear = (width / (span.to - span.from)) * 365.25 * DAY;
  const every = Math.max(Math.ceil(34 / perYear), 1);
  for (const tick of fineTicks(span.from, span.to, width)) {
    if (tick.at < span.from) continue;
    const number = new Date(tick.at).getUTCFullYear();
    const year = tick.isMajor && number % every === 0 ? String(number) : "";
    const x = Math.round(span.x(tick.at)) + 0.5;
    sheet.line(x, top, x, bottom + (year ? 4 : 0), tick.isMajor ? "major" : "minor");
    if (year && x + 34 < span.x(span.to)) sheet.text(x + 3, bottom + 12, year, "tick-name");
  }
}
