// One bar of a lane: where it lies and how it is painted.

import { fit, textWidth } from "./dom";
import type { Palette } from "./palette";
import type { Bar, Lane } from "./shape";
import { parse } from "./time";
import type { View } from "./view";

export const ROW = 19;
export const STEP = 36;
export const PAD = 4;
export const FONT = "11px system-ui, sans-serif";
export const BOLD = "600 11px system-ui, sans-serif";
const BAR = 16;
const LEAST = 3; // pixels: a bar of an hour can still be seen and hit
const EDGE = 3;
const GAP = 4; // between a bar and a name beside it
const HATCHED = new Set(["bad", "worst", "shade"]);
const ALARMS = new Set(["bad", "worst", "warn"]);

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class BarView {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
  readonly isBehind: boolean;
  /** From when on its row is taken again. */
  freeTo = Infinity;
  private readonly limit: number | null;
  private readonly texts: string[];
  private readonly baseline: number;

  constructor(
    readonly bar: Bar,
    private readonly kind: Lane["kind"],
    top: number,
  ) {
    this.from = parse(bar.start);
    this.to = parse(bar.end);
    this.limit = bar.limit === undefined ? null : parse(bar.limit);
    const level = bar.level ?? 1;
    const full = kind === "steps" ? STEP - PAD : BAR;
    this.height = Math.max(full * level, kind === "steps" && level === 0 ? 1 : 2);
    const row = top + (bar.row ?? 0) * ROW;
    this.y = row + full - this.height;
    this.texts = bar.short === undefined ? [bar.label] : [bar.label, bar.short];
    this.isBehind = bar.tone === "shade" || bar.tone === "ghost";
    const isInside = this.height >= 13;
    this.baseline = kind === "steps" ? this.y + (isInside ? 12 : -3) : row + 12;
  }

  box(view: View): Box {
    const x = Math.max(view.x(this.from), -20);
    const right = Math.min(Math.max(view.x(this.to), x + LEAST), view.width + 20);
    return { x, y: this.y, width: Math.max(right - x, 0), height: this.height };
  }

  isIn(view: View): boolean {
    return this.to >= view.from && this.from <= view.to;
  }

  /** Whether a point of the lane is on it, with a little slack for thin ones. */
  has(x: number, y: number, view: View): boolean {
    if (!this.isIn(view)) return false;
    const box = this.box(view);
    const slack = box.width < 8 ? 3 : 0;
    const top = this.kind === "steps" ? 0 : box.y;
    return x >= box.x - slack && x <= box.x + box.width + slack && y >= top && y <= box.y + box.height;
  }

  paint(ctx: CanvasRenderingContext2D, view: View, palette: Palette): void {
    const { bar, kind } = this;
    const isLimitIn = this.limit !== null && this.limit >= view.from && this.from <= view.to;
    if (!this.isIn(view) && !isLimitIn) return;
    const { x, y, width, height } = this.box(view);
    const tone = palette.tone(bar.tone);
    if (bar.tone === "ghost") {
      ctx.setLineDash([3, 2]);
      ctx.strokeStyle = tone.line;
      ctx.lineWidth = 1;
      ctx.strokeRect(x + 0.5, y + 0.5, Math.max(width - 1, 1), height - 1);
      ctx.setLineDash([]);
      return;
    }
    ctx.fillStyle = tone.fill;
    ctx.fillRect(x, y, width, height);
    if (bar.is_hatched || HATCHED.has(bar.tone)) {
      ctx.fillStyle = palette.hatch(bar.tone === "worst") ?? tone.fill;
      ctx.fillRect(x, y, width, height);
    }
    if (kind !== "state" || bar.tone === "era") {
      ctx.strokeStyle = tone.line;
      ctx.lineWidth = 0.75;
      if (bar.is_open) ctx.setLineDash([3, 2]);
      ctx.strokeRect(x + 0.4, y + 0.4, Math.max(width - 0.8, 0), Math.max(height - 0.8, 0));
      if (bar.is_open) ctx.setLineDash([]);
    }
    if (kind === "bars" && bar.tone !== "shade" && (bar.level ?? 1) === 1) {
      ctx.fillStyle = tone.line;
      ctx.fillRect(x, y, Math.min(EDGE, width), height);
    }
    if (this.limit !== null) this.paintLimit(ctx, view, palette, x + width);
    const start = Math.max(x, 0) + (kind === "bars" ? 6 : 4);
    const room = Math.min(x + width, view.width) - start - 2;
    const font = ALARMS.has(bar.tone) ? BOLD : FONT;
    ctx.font = font;
    if (kind === "bars" && !this.isBehind && this.paintBeside(ctx, view, palette, x + width, room, font)) return;
    if (room < 7) return;
    const shown = fit(this.texts, room, font);
    if (!shown) return;
    const isQuiet = bar.tone === "shade" || (kind === "steps" && this.height < 13);
    const isGood = kind === "state" && bar.tone === "ok";
    ctx.fillStyle = isGood ? tone.line : palette.colour(isQuiet ? "dim" : "ink");
    ctx.fillText(shown, start, this.baseline);
  }

  /** The name to the right of a bar that is too short for it, where there is room; true if it is there. */
  private paintBeside(
    ctx: CanvasRenderingContext2D,
    view: View,
    palette: Palette,
    right: number,
    inside: number,
    font: string,
  ): boolean {
    if (right < 0 || this.texts.some((text) => textWidth(text, font) <= inside)) return false;
    const left = (this.limit === null ? right : Math.max(right, view.x(this.limit))) + GAP;
    const room = Math.min(view.x(this.freeTo), view.width) - left - GAP;
    const shown = this.texts.find((text) => text && textWidth(text, font) <= room);
    if (!shown) return false;
    ctx.fillStyle = palette.colour("ink");
    ctx.fillText(shown, left, this.baseline);
    return true;
  }

  private paintLimit(ctx: CanvasRenderingContext2D, view: View, palette: Palette, right: number): void {
    const x = view.x(this.limit ?? 0);
    const middle = this.y + this.height / 2;
    const isOver = x < right - 1;
    ctx.strokeStyle = isOver ? palette.colour("warn") : palette.tone(this.bar.tone).line;
    ctx.lineWidth = isOver ? 2.5 : 1.25;
    if (!isOver) ctx.setLineDash([2, 2]);
    ctx.beginPath();
    if (x > right) {
      ctx.moveTo(right, middle);
      ctx.lineTo(x, middle);
    }
    ctx.moveTo(x, this.y + 2);
    ctx.lineTo(x, this.y + this.height - 2);
    ctx.stroke();
    ctx.setLineDash([]);
  }
}
