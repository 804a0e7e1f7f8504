// One lane: its label at the side, and what it paints of bars, curve, ticks and headings.

import { BarView, FONT, PAD, ROW, STEP } from "./bars";
import { fit, html } from "./dom";
import type { Palette } from "./palette";
import type { Bar, Lane } from "./shape";
import { HOUR, minute, parse } from "./time";
import type { View } from "./view";

const HEAD = 14;
const HEAD_FONT = "600 10px system-ui, sans-serif";
const SCALE_FONT = "9.5px system-ui, sans-serif";
const TICKS_FROM = 3; // pixels from one opportunity to the next from which they are drawn
const TICK_REACH = 4;

export interface Curve {
  from: number;
  at: number[];
  value: number[];
  unit: string;
  low: number;
  high: number;
  lines: { value: number; tone: string }[];
}

export class LaneView {
  readonly label = html("div", "lane-label");
  readonly height: number;
  readonly bars: BarView[];
  private readonly top: number;
  private readonly order: BarView[];
  private readonly heads: { from: number; to: number; label: string }[];
  private readonly level: number | null;
  private readonly curve: Curve | null;
  private readonly ticks: number[];
  private readonly detail = html("small");

  constructor(
    readonly lane: Lane,
    start: number,
  ) {
    const head = lane.heads ? HEAD : 0;
    const isTall = lane.kind === "steps" || lane.kind === "curve";
    this.top = PAD / 2 + head;
    this.height = (isTall ? STEP : Math.max(lane.rows, 1) * ROW + head) + (head ? PAD : 1);
    this.level =
      lane.level_line === undefined ? null : this.top + (STEP - PAD) * (1 - lane.level_line);
    this.bars = lane.bars.map((bar) => new BarView(bar, lane.kind, this.top));
    // Closures and ghosts are behind what is docked for the pointer, closures for the eye as well.
    this.order = [...this.bars.filter((b) => b.isBehind), ...this.bars.filter((b) => !b.isBehind)];
    this.bars.sort((a, b) => a.from - b.from || (a.bar.row ?? 0) - (b.bar.row ?? 0));
    this.giveRoom();
    const heads = lane.heads ?? [];
    this.heads = heads.map((h, i) => {
      const next = heads[i + 1];
      return { from: parse(h.start), to: next ? parse(next.start) : Infinity, label: h.label };
    });
    this.curve = lane.curve ? unpacked(lane.curve, start) : null;
    this.ticks = lane.ticks ? summed(lane.ticks, start) : [];
    this.label.classList.toggle("continued", lane.is_continued === true);
    this.label.append(html("b", "", lane.is_continued ? "" : lane.label));
    this.detail.textContent = lane.detail;
    if (lane.detail || this.curve) this.label.append(this.detail);
    this.label.title = lane.detail ? `${lane.label} (${lane.detail})` : lane.label;
    this.label.style.height = `${this.height}px`;
  }

  /** A name that is too long for its bar may lie beside it, up to the next bar of the row. */
  private giveRoom(): void {
    const next = new Map<number, number>();
    for (const bar of [...this.bars].reverse()) {
      if (bar.bar.tone === "ghost") continue;
      const row = bar.bar.row ?? 0;
      bar.freeTo = next.get(row) ?? Infinity;
      next.set(row, bar.from);
    }
  }

  paint(ctx: CanvasRenderingContext2D, view: View, palette: Palette): void {
    if (this.level !== null) dashed(ctx, this.level, view.width, palette.colour("dim"));
    if (this.curve) this.paintCurve(ctx, view, palette, this.curve);
    const isGhost = (b: BarView) => b.bar.tone === "ghost"; // outlines over the bars: one may lie inside of another
    for (const bar of this.order) if (!isGhost(bar)) bar.paint(ctx, view, palette);
    for (const bar of this.order) if (isGhost(bar)) bar.paint(ctx, view, palette);
    this.paintTicks(ctx, view, palette);
    ctx.font = HEAD_FONT;
    ctx.fillStyle = palette.colour("dim");
    for (const head of this.heads) {
      if (head.to < view.from || head.from > view.to) continue;
      const left = Math.max(view.x(head.from), 0) + 2;
      const shown = fit([head.label], Math.min(view.x(head.to), view.width) - left, HEAD_FONT);
      if (shown) ctx.fillText(shown, left, HEAD - 2);
    }
  }

  /** What is under a point of the lane; the curve and the ticks answer with a bar made for the card. */
  hit(x: number, y: number, view: View): BarView | null {
    for (let i = this.order.length - 1; i >= 0; i -= 1) {
      const bar = this.order[i];
      if (bar?.has(x, y, view)) return bar;
    }
    return this.tickAt(x, view) ?? this.curveAt(view.at(x));
  }

  /** Say the curve's value at the cursor beside the label. */
  follow(at: number | null): void {
    if (!this.curve) return;
    const value = at === null ? null : valueAt(this.curve, at);
    this.detail.textContent = value === null ? this.lane.detail : said(value, this.curve.unit);
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

  private paintCurve(ctx: CanvasRenderingContext2D, view: View, palette: Palette, c: Curve): void {
    const y = (value: number) => this.top + (STEP - PAD) * (1 - (value - c.low) / (c.high - c.low));
    ctx.font = SCALE_FONT;
    for (const line of c.lines) {
      dashed(ctx, y(line.value), view.width, palette.tone(line.tone).line);
      if (line.tone === "shade") continue;
      // Its value, on the side where the curve is.
      const isHigh = line.value > (c.low + c.high) / 2;
      ctx.fillStyle = palette.colour("dim");
      ctx.fillText(`${line.value.toLocaleString("en")} ${c.unit}`, 4, y(line.value) + (isHigh ? 10 : -3));
    }
    ctx.strokeStyle = palette.colour("ink");
    ctx.lineWidth = 1.1;
    ctx.beginPath();
    let isDown = false;
    for (let i = 0; i < c.at.length; i += 1) {
      const at = c.at[i] ?? 0;
      const value = c.value[i] ?? NaN;
      if (Number.isNaN(value)) {
        isDown = false;
        continue;
      }
      if ((c.at[i + 1] ?? at) < view.from || (c.at[i - 1] ?? at) > view.to) continue;
      if (isDown) ctx.lineTo(view.x(at), y(value));
      else ctx.moveTo(view.x(at), y(value));
      isDown = true;
    }
    ctx.stroke();
    ctx.font = FONT;
    ctx.fillStyle = palette.colour("dim");
  }

  private curveAt(at: number): BarView | null {
    const value = this.curve ? valueAt(this.curve, at) : null;
    if (!this.curve || value === null) return null;
    const data: [string, string][] = [["At", `${minute(at)} UTC`], ["Value", said(value, this.curve.unit)]];
    return this.made(at, at, this.lane.label, data);
  }

  private paintTicks(ctx: CanvasRenderingContext2D, view: View, palette: Palette): void {
    const { ticks } = this;
    const span = (ticks[ticks.length - 1] ?? 0) - (ticks[0] ?? 0);
    if (!span || view.x(view.from + span / ticks.length) < TICKS_FROM) return;
    ctx.strokeStyle = palette.colour("dim");
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let i = after(ticks, view.from); i < ticks.length && (ticks[i] ?? 0) <= view.to; i += 1) {
      const x = Math.round(view.x(ticks[i] ?? 0)) + 0.5;
      ctx.moveTo(x, this.height - 6);
      ctx.lineTo(x, this.height - 1);
    }
    ctx.stroke();
  }

  private tickAt(x: number, view: View): BarView | null {
    const { ticks } = this;
    const i = after(ticks, view.at(x));
    const near = [ticks[i - 1], ticks[i]].filter((t) => t !== undefined);
    const at = near.find((t) => Math.abs(view.x(t) - x) <= TICK_REACH);
    const span = (ticks[ticks.length - 1] ?? 0) - (ticks[0] ?? 0);
    if (at === undefined || view.x(view.from + span / ticks.length) < TICKS_FROM) return null;
    const what = this.lane.ticks_title ?? "Opportunity";
    return this.made(at, at, `${what}: ${this.lane.label}`, [["At", `${minute(at)} UTC`]]);
  }

  private made(from: number, to: number, title: string, data: [string, string][]): BarView {
    const iso = (at: number) => new Date(at).toISOString();
    const bar: Bar = { start: iso(from), end: iso(to), label: "", tone: "note", title, data };
    return new BarView(bar, "bars", this.top);
  }
}

function dashed(ctx: CanvasRenderingContext2D, y: number, width: number, colour: string): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(0, Math.round(y) + 0.5);
  ctx.lineTo(width, Math.round(y) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Minutes from one to the next, in base 36, become instants. */
export function summed(text: string, start: number): number[] {
  let at = start;
  return text.split(" ").map((step) => (at += parseInt(step, 36) * 60_000));
}

function unpacked(curve: NonNullable<Lane["curve"]>, start: number): Curve {
  const at = curve.points.map(([hours]) => start + hours * HOUR);
  const value = curve.points.map(([, v]) => v ?? NaN);
  return { ...curve, from: start, at, value };
}

function after(at: number[], when: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < when) low = middle + 1;
    else high = middle;
  }
  return low;
}

function valueAt(curve: Curve, when: number): number | null {
  const i = after(curve.at, when);
  const [t0, t1] = [curve.at[i - 1], curve.at[i]];
  const [v0, v1] = [curve.value[i - 1], curve.value[i]];
  if (t0 === undefined || t1 === undefined || v0 === undefined || v1 === undefined) return null;
  const value = t1 > t0 ? v0 + ((v1 - v0) * (when - t0)) / (t1 - t0) : v1;
  return Number.isNaN(value) ? null : value;
}

function said(value: number, unit: string): string {
  const shown = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(1);
  return `${shown} ${unit}`;
}
