// The axis with its two rows of ticks, the overview under it, and the cursor's time.

import { html, svg } from "./dom";
import { coarseTicks, fineTicks, type Tick } from "./time";
import type { View } from "./view";

const AXIS = 38;
const OVERVIEW = 12;
const TAB = 104;

export class Ruler {
  readonly box = html("div", "ruler");
  readonly axis = svg("svg", { class: "axis", height: AXIS, "aria-hidden": "true" });
  onJump: (at: number) => void = () => {};
  private readonly overview = svg("svg", { class: "overview", height: OVERVIEW, "aria-hidden": "true" });
  private readonly window = svg("rect", { class: "window", y: 0.5, height: OVERVIEW - 1, rx: 3 });
  private readonly marks: { from: number; to: number; rect: SVGRectElement }[];
  private readonly tab = svg("g", { class: "cursor-tab", display: "none" });
  private readonly tabText = svg("text", { y: 12 });
  private readonly tabBox = svg("rect", { y: 1, height: 16, rx: 3, width: TAB });

  constructor(
    private readonly view: View,
    marks: { from: number; to: number; tone: string }[],
  ) {
    this.marks = marks.map(({ from, to, tone }) => ({
      from,
      to,
      rect: svg("rect", { class: `t-${tone}`, y: 3, height: OVERVIEW - 6 }),
    }));
    this.tab.append(this.tabBox, this.tabText);
    this.overview.append(...this.marks.map((m) => m.rect), this.window);
    this.box.append(this.axis, this.overview);
    const jump = (e: PointerEvent) => {
      if (!(e.buttons & 1)) return;
      const x = e.clientX - this.overview.getBoundingClientRect().left;
      this.onJump(view.first + (x / view.width) * (view.last - view.first));
    };
    this.overview.addEventListener("pointerdown", (e) => {
      this.overview.setPointerCapture(e.pointerId);
      jump(e);
    });
    this.overview.addEventListener("pointermove", jump);
  }

  /** Draw; returns the ticks that run through every lane. */
  draw(): Tick[] {
    const { view } = this;
    for (const strip of [this.axis, this.overview]) strip.setAttribute("width", String(view.width));
    const whole = view.last - view.first;
    const onWhole = (at: number) => ((at - view.first) / whole) * view.width;
    this.window.setAttribute("x", (onWhole(view.from) + 0.5).toFixed(1));
    this.window.setAttribute("width", Math.max(onWhole(view.to) - onWhole(view.from) - 1, 8).toFixed(1));
    for (const { from, to, rect } of this.marks) {
      rect.setAttribute("x", onWhole(Math.max(from, view.first)).toFixed(1));
      rect.setAttribute("width", Math.max(onWhole(to) - onWhole(from), 1.5).toFixed(1));
    }
    return this.drawAxis();
  }

  /** Show an instant in the axis, or none. */
  point(at: number | null, text: string): void {
    this.tab.setAttribute("display", at === null ? "none" : "inline");
    if (at === null) return;
    this.tabText.textContent = text;
    const left = Math.min(Math.max(this.view.x(at) - TAB / 2, 0), this.view.width - TAB);
    this.tabBox.setAttribute("x", left.toFixed(1));
    this.tabText.setAttribute("x", (left + TAB / 2).toFixed(1));
  }

  private drawAxis(): Tick[] {
    const { view } = this;
    const made: SVGElement[] = [];
    const fine = fineTicks(view.from, view.to, view.width);
    fine.forEach((tick, i) => {
      const x = view.x(tick.at);
      const next = fine[i + 1];
      const room = (next ? view.x(next.at) : x + 60) - x;
      made.push(svg("line", { x1: x, x2: x, y1: 19, y2: AXIS, class: "minor" }));
      if (x >= -1 && room > 18) made.push(axisText(tick.label, x + 3, 32, "fine"));
    });
    const coarse = coarseTicks(view.from, view.to, view.width);
    coarse.forEach((tick, i) => {
      const x = view.x(tick.at);
      const next = coarse[i + 1];
      const end = next ? view.x(next.at) : view.width;
      if (end < 0) return;
      made.push(svg("line", { x1: x, x2: x, y1: 0, y2: AXIS, class: "major" }));
      const left = Math.max(x, 0) + 4;
      if (end - left > tick.label.length * 7) made.push(axisText(tick.label, left, 14, "coarse"));
    });
    this.axis.replaceChildren(...made, this.tab);
    return [...fine, ...coarse.map((t) => ({ ...t, isMajor: true }))];
  }
}

function axisText(text: string, x: number, y: number, kind: string): SVGTextElement {
  const made = svg("text", { x: x.toFixed(1), y, class: kind });
  made.textContent = text;
  return made;
}
