// Lanes as SVG: built once; `place` moves what is there when the view moves.

import { fit, html, svg } from "./dom";
import type { Bar, Lane } from "./shape";
import { date, parse, type Tick } from "./time";
import type { View } from "./view";

const ROW = 19;
const BAR = 16;
const HEAD = 14;
const STEP = 36;
const PAD = 4;
const LEAST = 3; // pixels: a bar of an hour can still be seen and hit
const FONT = "11px system-ui, sans-serif";
const SMALL = "10px system-ui, sans-serif";
const HATCHED = new Set(["bad", "worst", "shade"]);

export class BarView {
  readonly group: SVGGElement;
  readonly from: number;
  readonly to: number;
  private readonly body = svg("rect", { class: "body", rx: 2 });
  private readonly extra: SVGRectElement[] = [];
  private readonly name = svg("text");
  private readonly limit: { at: number; tick: SVGPathElement } | null = null;
  private readonly y: number;
  private readonly height: number;
  private readonly texts: string[];

  constructor(
    readonly bar: Bar,
    readonly lane: LaneView,
  ) {
    this.from = parse(bar.start);
    this.to = parse(bar.end);
    const { kind } = lane.lane;
    const top = lane.top + (bar.row ?? 0) * ROW;
    const level = bar.level ?? 1;
    const full = kind === "steps" ? STEP - PAD : BAR;
    this.height = Math.max(full * level, kind === "steps" && level === 0 ? 1 : 2);
    this.y = top + full - this.height;
    this.texts = bar.short === undefined ? [bar.label] : [bar.label, bar.short];
    this.group = svg("g", {
      class: `bar t-${bar.tone} k-${kind}${bar.is_open ? " open" : ""}`,
      tabindex: -1,
      role: "button",
      "aria-label": `${lane.lane.label}: ${bar.title}, ${date(this.from)} to ${date(this.to)}`,
    });
    if (bar.limit !== undefined) {
      this.limit = { at: parse(bar.limit), tick: svg("path", { class: "limit" }) };
    }
    this.group.append(this.body);
    if (kind === "bars" && bar.tone !== "shade" && level === 1) this.extra.push(svg("rect", { class: "edge" }));
    if (bar.is_hatched || HATCHED.has(bar.tone)) {
      this.extra.push(svg("rect", { class: "hatch", fill: bar.tone === "worst" ? "url(#cross)" : "url(#hatch)" }));
    }
    for (const rect of [this.body, ...this.extra]) {
      rect.setAttribute("y", String(this.y));
      rect.setAttribute("height", String(this.height));
    }
    const inside = this.height >= 13;
    const baseline = kind === "steps" ? this.y + (inside ? 12 : -3) : top + 12;
    this.name.setAttribute("y", String(baseline));
    if (kind === "steps" && !inside) this.name.setAttribute("class", "above");
    this.group.append(...this.extra, ...(this.limit ? [this.limit.tick] : []), this.name);
  }

  place(view: View): void {
    const isOut = this.to < view.from || this.from > view.to;
    const limitIn = this.limit && this.limit.at >= view.from && this.from <= view.to;
    this.group.setAttribute("display", isOut && !limitIn ? "none" : "inline");
    if (isOut && !limitIn) return;
    const left = Math.max(view.x(this.from), -20);
    const right = Math.min(Math.max(view.x(this.to), left + LEAST), view.width + 20);
    const width = Math.max(right - left, 0);
    this.body.setAttribute("x", left.toFixed(1));
    this.body.setAttribute("width", width.toFixed(1));
    for (const rect of this.extra) {
      rect.setAttribute("x", left.toFixed(1));
      rect.setAttribute("width", (rect.classList.contains("edge") ? Math.min(3, width) : width).toFixed(1));
    }
    if (this.limit) {
      const x = view.x(this.limit.at);
      const middle = this.y + this.height / 2;
      this.limit.tick.classList.toggle("over", x < right - 1);
      const reach = x > right ? `M${right.toFixed(1)} ${middle}H${x.toFixed(1)}` : "";
      this.limit.tick.setAttribute("d", `${reach}M${x.toFixed(1)} ${this.y + 2}v${this.height - 4}`);
    }
    const start = Math.max(left, 0) + (this.lane.lane.kind === "bars" ? 6 : 4);
    const shown = fit(this.texts, Math.min(right, view.width) - start - 3, FONT);
    if (this.name.textContent !== shown) this.name.textContent = shown;
    this.name.setAttribute("x", start.toFixed(1));
  }
}

export class LaneView {
  readonly group = svg("g", { class: "lane" });
  readonly label = html("div", "lane-label");
  readonly height: number;
  readonly top: number;
  readonly bars: BarView[];
  private readonly heads: { from: number; to: number; label: string; name: SVGTextElement }[];
  private readonly ground: SVGRectElement;
  private readonly line: SVGLineElement | null = null;

  constructor(readonly lane: Lane) {
    const head = lane.heads ? HEAD : 0;
    this.top = PAD / 2 + head;
    this.height = (lane.kind === "steps" ? STEP : Math.max(lane.rows, 1) * ROW + head) + (head ? PAD : 1);
    this.ground = svg("rect", { class: "ground", height: this.height });
    this.group.append(this.ground);
    if (lane.level_line !== undefined) {
      const y = this.top + (STEP - PAD) * (1 - lane.level_line);
      this.line = svg("line", { class: "level", y1: y, y2: y, x1: 0 });
    }
    this.bars = lane.bars.map((bar) => new BarView(bar, this));
    this.heads = (lane.heads ?? []).map((h) => ({
      from: parse(h.start),
      to: parse(h.end),
      label: h.label,
      name: svg("text", { class: "head", y: HEAD - 2 }),
    }));
    // Closures lie behind what is docked.
    const behind = this.bars.filter((b) => b.bar.tone === "shade");
    const before = this.bars.filter((b) => b.bar.tone !== "shade");
    this.group.append(...behind.map((b) => b.group), ...before.map((b) => b.group));
    this.group.append(...this.heads.map((h) => h.name), ...(this.line ? [this.line] : []));
    this.bars.sort((a, b) => a.from - b.from || (a.bar.row ?? 0) - (b.bar.row ?? 0));
    const name = html("b", "", lane.label);
    this.label.append(name);
    if (lane.detail) this.label.append(html("small", "", lane.detail));
    this.label.title = lane.detail ? `${lane.label} (${lane.detail})` : lane.label;
    this.label.style.height = `${this.height}px`;
  }

  place(view: View): void {
    this.ground.setAttribute("width", String(view.width));
    this.line?.setAttribute("x2", String(view.width));
    for (const bar of this.bars) bar.place(view);
    for (const head of this.heads) {
      const left = Math.max(view.x(head.from), 0) + 2;
      const shown = fit([head.label], Math.min(view.x(head.to), view.width) - left, SMALL);
      if (head.name.textContent !== shown) head.name.textContent = shown;
      head.name.setAttribute("x", left.toFixed(1));
    }
  }

  /** The bar whose middle is nearest to an instant. */
  nearest(at: number): BarView | undefined {
    let best: BarView | undefined;
    let least = Infinity;
    for (const bar of this.bars) {
      const far = at < bar.from ? bar.from - at : at > bar.to ? at - bar.to : 0;
      if (far < least) [best, least] = [bar, far];
    }
    return best;
  }
}

export const GROUP = 22;

/** Lanes under one heading, in a drawing of their own: a printer may break the page between groups. */
export class GroupView {
  readonly lanes: LaneView[];
  readonly box = html("div", "tl-group");
  readonly plot = svg("svg", { class: "plot", role: "group" });
  isOpen = true;
  private readonly grid = svg("g", { class: "grid" });
  private readonly band = svg("rect", { class: "band", height: GROUP, x: 0, y: 0 });
  private readonly known = svg("line", { class: "known", y1: 0 });
  private readonly shades: SVGRectElement[];
  private height = 0;

  constructor(title: string, lanes: Lane[], nShades: number, onFold: () => void) {
    this.lanes = lanes.map((lane) => new LaneView(lane));
    this.shades = Array.from({ length: nShades }, () => svg("rect", { class: "shade-all", y: 0 }));
    const label = html("button", "group-label");
    label.type = "button";
    label.append(html("span", "", title), html("small", "", String(lanes.length)));
    label.setAttribute("aria-expanded", "true");
    label.addEventListener("click", () => {
      this.isOpen = !this.isOpen;
      label.setAttribute("aria-expanded", String(this.isOpen));
      this.stack();
      onFold();
    });
    const labels = html("div", "labels");
    labels.append(label, ...this.lanes.map((l) => l.label));
    this.plot.setAttribute("aria-label", title);
    this.plot.append(...this.shades, this.grid, this.band, ...this.lanes.map((l) => l.group), this.known);
    this.box.append(labels, this.plot);
    this.stack();
  }

  private stack(): void {
    let y = GROUP;
    for (const lane of this.lanes) {
      lane.label.hidden = !this.isOpen;
      lane.group.setAttribute("display", this.isOpen ? "inline" : "none");
      if (!this.isOpen) continue;
      lane.group.setAttribute("transform", `translate(0 ${y})`);
      y += lane.height;
    }
    this.height = y;
    for (const part of [this.plot, ...this.shades]) part.setAttribute("height", String(y));
    this.known.setAttribute("y2", String(y));
  }

  place(view: View, ticks: Tick[], shades: { from: number; to: number }[], known: number): void {
    this.plot.setAttribute("width", String(view.width));
    this.band.setAttribute("width", String(view.width));
    this.grid.replaceChildren(
      ...ticks.map((tick) => {
        const x = view.x(tick.at).toFixed(1);
        return svg("line", { x1: x, x2: x, y1: 0, y2: this.height, class: tick.isMajor ? "major" : "minor" });
      }),
    );
    shades.forEach(({ from, to }, i) => {
      this.shades[i]?.setAttribute("x", view.x(from).toFixed(1));
      this.shades[i]?.setAttribute("width", Math.max(view.x(to) - view.x(from), 0.5).toFixed(1));
    });
    this.known.setAttribute("x1", view.x(known).toFixed(1));
    this.known.setAttribute("x2", view.x(known).toFixed(1));
    if (this.isOpen) for (const lane of this.lanes) lane.place(view);
  }
}
