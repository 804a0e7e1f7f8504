// Lanes under one heading: labels at the left, at the right one canvas that covers what is in sight
// of them (and a margin, so that scrolling needs no drawing).

import { button, html } from "./dom";
import { BarView } from "./bars";
import { LaneView } from "./lanes";
import type { Palette } from "./palette";
import type { Group } from "./shape";
import type { Tick } from "./time";
import type { View } from "./view";

export const BAND = 22;
const MARGIN = 320;
const FOLD_FROM = 24; // lanes: longer groups begin folded

/** What lies behind every lane. */
export interface Ground {
  ticks: Tick[];
  shades: { from: number; to: number }[];
  known: number;
}

export interface Place {
  group: GroupView;
  lane: LaneView;
  top: number;
}

export class GroupView {
  readonly box = html("div", "tl-group");
  readonly plot = html("div", "plot");
  readonly lanes: LaneView[];
  readonly title: string;
  isOpen: boolean;
  height = 0;
  private readonly canvas = html("canvas");
  private readonly ctx: CanvasRenderingContext2D | null;
  private readonly fold: HTMLButtonElement;
  private tops: number[] = [];
  private drawn = { from: 0, to: 0 };

  constructor(group: Group, start: number, onFold: () => void) {
    this.title = group.title;
    this.lanes = group.lanes.map((lane) => new LaneView(lane, start));
    this.isOpen = this.lanes.length < FOLD_FROM;
    this.ctx = this.canvas.getContext("2d");
    this.canvas.setAttribute("aria-hidden", "true");
    this.fold = button(group.title, `${group.title}: ${this.lanes.length} lanes`, () => {
      this.isOpen = !this.isOpen;
      this.stack();
      onFold();
    });
    this.fold.className = "fold";
    this.fold.append(html("small", "", String(this.lanes.length)));
    const head = html("div", "group-label");
    head.append(this.fold);
    if (group.table) {
      const link = html("a", "twin-link", "table");
      link.href = `#table-${group.table}`;
      link.setAttribute("aria-label", `${group.title} as a table`);
      head.append(link);
    }
    const labels = html("div", "labels");
    labels.append(head, ...this.lanes.map((l) => l.label));
    this.plot.append(this.canvas);
    this.box.append(labels, this.plot);
    this.stack();
  }

  private stack(): void {
    this.fold.setAttribute("aria-expanded", String(this.isOpen));
    this.tops = [];
    let y = BAND;
    for (const lane of this.lanes) {
      lane.label.hidden = !this.isOpen;
      this.tops.push(y);
      if (this.isOpen) y += lane.height;
    }
    this.height = y;
    this.plot.style.height = `${y}px`;
  }

  topOf(lane: LaneView): number {
    return this.tops[this.lanes.indexOf(lane)] ?? 0;
  }

  /** The lane at a height of the plot. */
  laneAt(y: number): Place | null {
    if (!this.isOpen) return null;
    for (const [i, lane] of this.lanes.entries()) {
      const top = this.tops[i] ?? 0;
      if (y >= top && y < top + lane.height) return { group: this, lane, top };
    }
    return null;
  }

  /** What of the plot is in sight, in its own heights. */
  private sight(): { from: number; to: number } {
    const top = this.plot.getBoundingClientRect().top;
    return { from: Math.max(-top, 0), to: Math.min(window.innerHeight - top, this.height) };
  }

  /** Whether scrolling has brought into sight what is not drawn yet. */
  get isStale(): boolean {
    const { from, to } = this.sight();
    return to > from && (from < this.drawn.from || to > this.drawn.to);
  }

  paint(view: View, ground: Ground, palette: Palette, isWhole = false): void {
    const { ctx, canvas } = this;
    const seen = isWhole ? { from: 0, to: this.height } : this.sight();
    if (!ctx || seen.to + MARGIN < seen.from) return;
    const from = isWhole ? 0 : Math.max(Math.floor(seen.from - MARGIN), 0);
    const to = isWhole ? this.height : Math.min(Math.ceil(seen.to + MARGIN), this.height);
    if (to <= from) return;
    this.drawn = { from, to };
    const scale = isWhole ? 2 : window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * scale), Math.round((to - from) * scale)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${view.width}px`;
      canvas.style.height = `${to - from}px`;
    }
    canvas.style.top = `${from}px`;
    ctx.setTransform(scale, 0, 0, scale, 0, -from * scale);
    ctx.clearRect(0, from, view.width, to - from);
    ctx.direction = "ltr";
    this.paintGround(ctx, view, ground, palette);
    if (this.isOpen) {
      for (const [i, lane] of this.lanes.entries()) {
        const top = this.tops[i] ?? 0;
        if (top > to || top + lane.height < from) continue;
        ctx.save();
        ctx.translate(0, top);
        lane.paint(ctx, view, palette);
        ctx.restore();
      }
    } else {
      this.paintFolded(ctx, view, palette);
    }
    line(ctx, view.x(ground.known), this.height, palette.colour("known"), [5, 3]);
  }

  private paintGround(ctx: CanvasRenderingContext2D, view: View, ground: Ground, palette: Palette): void {
    ctx.fillStyle = palette.colour("band");
    ctx.fillRect(0, 0, view.width, BAND);
    ctx.fillStyle = palette.colour("shade-fill");
    for (const { from, to } of ground.shades) {
      const x = view.x(from);
      ctx.fillRect(x, 0, Math.max(view.x(to) - x, 0.5), this.height);
    }
    for (const isMajor of [false, true]) {
      ctx.strokeStyle = palette.colour(isMajor ? "rule-strong" : "rule");
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (const tick of ground.ticks) {
        if (tick.isMajor !== isMajor) continue;
        const x = Math.round(view.x(tick.at)) + 0.5;
        ctx.moveTo(x, 0);
        ctx.lineTo(x, this.height);
      }
      ctx.stroke();
    }
  }

  /** Folded lanes leave a trace: every bar as a thin line in the band. */
  private paintFolded(ctx: CanvasRenderingContext2D, view: View, palette: Palette): void {
    ctx.globalAlpha = 0.55;
    for (const lane of this.lanes) {
      for (const bar of lane.bars) {
        if (bar.isBehind || !bar.isIn(view)) continue;
        const { x, width } = bar.box(view);
        ctx.fillStyle = palette.tone(bar.bar.tone).line;
        ctx.fillRect(x, BAND - 8, width, 3);
      }
    }
    ctx.globalAlpha = 1;
  }

  /** Every bar, for walking. */
  *all(): Iterable<{ lane: LaneView; bar: BarView }> {
    for (const lane of this.lanes) for (const bar of lane.bars) yield { lane, bar };
  }
}

function line(ctx: CanvasRenderingContext2D, x: number, height: number, colour: string, dash: number[]): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, 0);
  ctx.lineTo(Math.round(x) + 0.5, height);
  ctx.stroke();
  ctx.setLineDash([]);
}
