// Contacts on the box of the docking system, and how docking times and delta-v spread.

import { html, svg } from "./dom";
import type { ContactDots, Spread } from "./sheet_shape";

// Drawn at about their size on the page, so that letters keep theirs.
const SQUARE = { width: 216, height: 186 };
const WIDE = { width: 520, height: 170 };
const EDGE = { left: 40, right: 8, top: 6, bottom: 32 };
const BINS_MOST = 40;

interface Size {
  width: number;
  height: number;
}

interface Span {
  from: number;
  to: number;
}

class Plot {
  readonly figure = html("figure", "plot-panel");
  readonly drawing = svg("svg", { role: "img" });
  private readonly right: number;
  private readonly bottom: number;

  constructor(
    title: string,
    { width, height }: Size,
    private readonly xs: Span,
    private readonly ys: Span,
    names: { x: string; y: string },
  ) {
    this.right = width - EDGE.right;
    this.bottom = height - EDGE.bottom;
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.setAttribute("aria-label", `${title}; its numbers are in a table below`);
    this.figure.append(html("figcaption", "", title), this.drawing);
    for (const [value, place] of ticks(xs, width / 45)) {
      const x = this.x(value);
      this.line(x, x, EDGE.top, this.bottom, "grid");
      this.text(place, x, this.bottom + 13, "middle", "grid-name");
    }
    for (const [value, place] of ticks(ys, height / 42)) {
      const y = this.y(value);
      this.line(EDGE.left, this.right, y, y, "grid");
      this.text(place, EDGE.left - 5, y + 4, "end", "grid-name");
    }
    this.text(names.x, (this.right + EDGE.left) / 2, height - 5, "middle", "axis-name");
    const up = this.text(names.y, 0, 0, "middle", "axis-name");
    up.setAttribute("transform", `translate(10 ${this.bottom / 2}) rotate(-90)`);
  }

  x(value: number): number {
    return EDGE.left + ((value - this.xs.from) / (this.xs.to - this.xs.from)) * (this.right - EDGE.left);
  }

  y(value: number): number {
    return this.bottom - ((value - this.ys.from) / (this.ys.to - this.ys.from)) * (this.bottom - EDGE.top);
  }

  box(x1: number, x2: number, y1: number, y2: number, kind: string): void {
    const [left, top] = [this.x(x1), this.y(y2)];
    this.drawing.append(
      svg("rect", {
        x: left.toFixed(1),
        y: top.toFixed(1),
        width: Math.max(this.x(x2) - left, 0).toFixed(1),
        height: Math.max(this.y(y1) - top, 0).toFixed(1),
        class: kind,
      }),
    );
  }

  dot(x: number, y: number, r: number, kind: string): void {
    this.drawing.append(svg("circle", { cx: this.x(x).toFixed(1), cy: this.y(y).toFixed(1), r, class: kind }));
  }

  text(value: string, x: number, y: number, anchor: string, kind: string): SVGTextElement {
    const made = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, class: kind });
    made.textContent = value;
    this.drawing.append(made);
    return made;
  }

  private line(x1: number, x2: number, y1: number, y2: number, kind: string): void {
    this.drawing.append(svg("line", { x1, x2, y1, y2, class: kind }));
  }
}

function ticks(span: Span, n: number): [number, string][] {
  const about = (span.to - span.from) / n;
  const unit = 10 ** Math.floor(Math.log10(about));
  const step = ([1, 2, 5, 10].find((k) => k * unit >= about) ?? 10) * unit;
  const digits = Math.max(-Math.floor(Math.log10(step) + 1e-9), 0);
  const found: [number, string][] = [];
  for (let k = Math.ceil(span.from / step - 1e-9); k * step <= span.to + 1e-9 * step; k += 1) {
    found.push([k * step, (k * step).toFixed(digits).replace("-", "\u2212").replace(/^\u22120(\.0+)?$/, "0")]);
  }
  return found;
}

export function contactPlots(data: ContactDots): HTMLElement[] {
  const dots: { y: number; z: number; closing: number; lateral: number; isIn: boolean }[] = [];
  for (let i = 0; i + 4 < data.rows.length; i += 5) {
    const at = (k: number) => data.rows[i + k] ?? 0;
    dots.push({ y: at(0), z: at(1), closing: at(2), lateral: at(3), isIn: at(4) > 0 });
  }
  const r = dots.length > 30 ? 1.6 : 3.5;
  const kind = (isIn: boolean) => (isIn ? "dot in" : "dot out");
  const n = dots.filter((d) => d.isIn).length;
  const where = data.is_sampled ? `${n} of ${dots.length} within` : n ? "within" : "OUTSIDE";

  const reach = 1.12 * Math.max(data.lateral_cm ?? 0, ...dots.map((d) => Math.max(Math.abs(d.y), Math.abs(d.z))), 1);
  const wide =
    (reach * (SQUARE.width - EDGE.left - EDGE.right)) / (SQUARE.height - EDGE.top - EDGE.bottom);
  const place = new Plot(
    `Contact: ${where} limits`,
    SQUARE,
    { from: -wide, to: wide },
    { from: -reach, to: reach },
    { x: "across the axis, cm", y: "across, cm" },
  );
  if (data.lateral_cm !== null) {
    const radius = place.x(data.lateral_cm) - place.x(0);
    place.drawing.append(svg("circle", { cx: place.x(0), cy: place.y(0), r: radius.toFixed(1), class: "limit-area" }));
    place.text(`limit ${data.lateral_cm} cm`, place.x(0), place.y(data.lateral_cm) + 16, "middle", "limit-name");
  }
  for (const d of dots) place.dot(d.y, d.z, r, kind(d.isIn));

  const fast = 1.12 * Math.max(data.closing_to_m_s ?? 0, ...dots.map((d) => d.closing), 0.01);
  const side = 1.2 * Math.max(data.lateral_m_s ?? 0, ...dots.map((d) => d.lateral), 0.01);
  const speed = new Plot(
    "Speed at contact",
    SQUARE,
    { from: 0, to: fast },
    { from: 0, to: side },
    { x: "closing, m/s", y: "lateral, m/s" },
  );
  if (data.closing_to_m_s !== null && data.lateral_m_s !== null) {
    speed.box(data.closing_from_m_s ?? 0, data.closing_to_m_s, 0, data.lateral_m_s, "limit-area");
    speed.text(`${data.limits} limits`, speed.x(data.closing_from_m_s ?? 0) + 4, speed.y(data.lateral_m_s) + 13, "start", "limit-name");
  }
  for (const d of dots) speed.dot(d.closing, d.lateral, r, kind(d.isIn));
  return [place.figure, speed.figure];
}

export function spreadPlots(data: Spread): HTMLElement[] {
  const docked = `${data.n_docked} of ${data.n} samples dock`;
  const median = data.median_utc.slice(0, 19).replace("T", " ");
  return [
    histogram(data.late_s, `When they dock: ${docked}`, `docking, seconds after ${median} UTC`),
    histogram(data.dv_m_s, "What they take", "delta-v from insertion to contact, m/s"),
  ];
}

function histogram(values: number[], title: string, name: string): HTMLElement {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * 0.0025)] ?? 0;
  const high = sorted[Math.ceil(sorted.length * 0.9975) - 1] ?? 1;
  const span = { from: low, to: high > low ? high : low + 1 };
  const n = Math.min(Math.max(Math.round(Math.sqrt(values.length)), 5), BINS_MOST);
  const counts = new Array<number>(n).fill(0);
  for (const value of values) {
    const k = Math.floor(((value - span.from) / (span.to - span.from)) * n);
    const bin = Math.min(Math.max(k, 0), n - 1); // the last half per cent would squeeze the rest
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const plot = new Plot(title, WIDE, span, { from: 0, to: 1.08 * Math.max(...counts) }, { x: name, y: "samples" });
  const width = (span.to - span.from) / n;
  counts.forEach((count, k) => plot.box(span.from + k * width, span.from + (k + 1) * width, 0, count, "bin"));
  return plot.figure;
}
