// Lanes as SVG: built once; `place` moves what is there when the view moves.

import { fit, html, svg } from "./dom";
import type { Bar, Lane } from "./shape";
import { date, parse } from "./time";
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
      this.group.append(this.limit.tick);
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
    this.group.append(...this.extra, this.name);
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

export class GroupView {
  readonly lanes: LaneView[];
  readonly label = html("button", "group-label");
  readonly band = svg("rect", { class: "band", height: 22, x: 0 });
  isOpen = true;

  constructor(title: string, lanes: Lane[], onFold: () => void) {
    this.lanes = lanes.map((lane) => new LaneView(lane));
    this.label.type = "button";
    this.label.append(html("span", "", title), html("small", "", String(lanes.length)));
    this.label.setAttribute("aria-expanded", "true");
    this.label.addEventListener("click", () => {
      this.isOpen = !this.isOpen;
      this.label.setAttribute("aria-expanded", String(this.isOpen));
      onFold();
    });
  }
}
