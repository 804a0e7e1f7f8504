// The drawing: toolbar, axis, overview, lanes, cursor line.  It draws when something has moved
// and at no other time.

import { button, html, svg } from "./dom";
import { Gestures } from "./gestures";
import { Inspector } from "./inspector";
import { type BarView, GROUP, GroupView, type LaneView } from "./lanes";
import type { Timeline } from "./shape";
import { coarseTicks, date, fineTicks, minute, parse, type Tick } from "./time";
import { View } from "./view";

const AXIS = 38;
const OVERVIEW = 12;
const ZOOM = 1.5;
const PRINT_WIDTH = 880; // CSS pixels of an A4 sheet across, less margins and labels
const NARROW = 700;

export class Chart {
  readonly view: View;
  private readonly body = html("div", "tl-body");
  private readonly axis = svg("svg", { class: "axis", height: AXIS, "aria-hidden": "true" });
  private readonly overview = svg("svg", { class: "overview", height: OVERVIEW, "aria-hidden": "true" });
  private readonly window = svg("rect", { class: "window", y: 0.5, height: OVERVIEW - 1, rx: 3 });
  private readonly marks: { from: number; to: number; rect: SVGRectElement }[] = [];
  private readonly shades: { from: number; to: number }[];
  private readonly cursor = html("div", "cursor");
  private readonly cursorTab = svg("g", { class: "cursor-tab", display: "none" });
  private readonly cursorText = svg("text", { y: 12 });
  private readonly cursorBox = svg("rect", { y: 1, height: 16, rx: 3 });
  private readonly known: number;
  private readonly knownName = svg("text", { class: "known-name", y: GROUP - 7 });
  private readonly groups: GroupView[];
  private readonly bars = new Map<Element, BarView>();
  private readonly inspector = new Inspector(() => this.current?.group.focus());
  private current: BarView | null = null;
  private cursorAt: number | null = null;
  private isAsked = false;

  constructor(place: HTMLElement, picture: Timeline) {
    this.view = new View(parse(picture.start), parse(picture.end));
    this.shades = picture.shades.map((s) => ({ from: parse(s.start), to: parse(s.end) }));
    this.known = parse(picture.known);
    this.knownName.textContent = `known ${date(this.known)}`;
    this.groups = picture.groups.map(
      (g) => new GroupView(g.title, g.lanes, this.shades.length, () => this.draw()),
    );
    this.build(place, picture);
    this.listen();
    new ResizeObserver(() => this.resize()).observe(place);
    this.resize();
    if (window.innerWidth < NARROW) {
      const first = Math.max(this.known, this.view.first);
      this.view.show(first - 20 * 86_400_000, first + this.view.width * 2 * 86_400_000);
    }
  }

  // -- building -----------------------------------------------------------------------------

  private build(place: HTMLElement, picture: Timeline): void {
    const legend = html("ul", "legend");
    for (const { tone, name } of picture.legend) {
      const item = html("li");
      item.append(html("i", `swatch t-${tone}`), html("span", "", name));
      legend.append(item);
    }
    const tools = html("div", "tools");
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Zoom");
    tools.append(
      button("\u2212", "Zoom out (-)", () => this.zoom(1 / ZOOM)),
      button("+", "Zoom in (+)", () => this.zoom(ZOOM)),
      button("All", "Show everything (0)", () => this.all()),
    );
    const bar = html("div", "toolbar");
    bar.append(legend, html("p", "hint", "Ctrl + wheel zooms, drag pans, arrow keys walk the bars"), tools);

    const head = html("div", "tl-head");
    const ruler = html("div", "ruler");
    this.cursorTab.append(this.cursorBox, this.cursorText);
    ruler.append(this.axis, this.overview);
    head.append(html("div", "corner", "UTC"), ruler);

    const defs = svg("defs");
    defs.append(pattern("hatch", "M-2 2L2 -2M0 6L6 0M4 8L8 4"), pattern("cross", "M0 6L6 0M0 0L6 6"));
    this.groups[0]?.plot.prepend(defs);
    for (const group of this.groups) {
      this.body.append(group.box);
      for (const lane of group.lanes) {
        for (const b of lane.bars) {
          this.bars.set(b.group, b);
          if (lane.lane.is_marked && b.bar.tone !== "ok") this.addMark(b);
        }
      }
    }
    this.overview.append(...this.marks.map((m) => m.rect), this.window);
    this.groups[0]?.plot.append(this.knownName);
    this.cursor.hidden = true;
    this.body.append(this.cursor);
    const hint = "Timeline: arrow keys move between bars, plus and minus zoom, 0 shows all";
    this.body.setAttribute("role", "group");
    this.body.setAttribute("aria-label", hint);
    const frame = html("div", "frame");
    frame.append(head, this.body);
    place.replaceChildren(bar, frame, this.inspector.card);
    this.setCurrent(this.groups[0]?.lanes.find((l) => l.bars.length)?.bars[0] ?? null);
  }

  private addMark(b: BarView): void {
    const rect = svg("rect", { class: `t-${b.bar.tone}`, y: 3, height: OVERVIEW - 6 });
    this.marks.push({ from: b.from, to: b.to, rect });
  }

  // -- drawing ------------------------------------------------------------------------------

  /** Ask for one drawing at the next frame. */
  draw(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => this.drawNow());
  }

  private drawNow(): void {
    this.isAsked = false;
    const { view } = this;
    for (const strip of [this.axis, this.overview]) strip.setAttribute("width", String(view.width));
    const ticks = this.drawAxis();
    for (const group of this.groups) group.place(view, ticks, this.shades, this.known);
    this.knownName.setAttribute("x", (view.x(this.known) + 4).toFixed(1));
    const whole = view.last - view.first;
    const onWhole = (at: number) => ((at - view.first) / whole) * view.width;
    this.window.setAttribute("x", (onWhole(view.from) + 0.5).toFixed(1));
    this.window.setAttribute("width", Math.max(onWhole(view.to) - onWhole(view.from) - 1, 8).toFixed(1));
    for (const { from, to, rect } of this.marks) {
      rect.setAttribute("x", onWhole(Math.max(from, view.first)).toFixed(1));
      rect.setAttribute("width", Math.max(onWhole(to) - onWhole(from), 1.5).toFixed(1));
    }
    this.drawCursor();
  }

  /** Draws the axis; returns the ticks that run through every lane. */
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
    this.axis.replaceChildren(...made, this.cursorTab);
    return [...fine, ...coarse.map((t) => ({ ...t, isMajor: true }))];
  }

  private drawCursor(): void {
    const isShown = this.cursorAt !== null && this.cursorAt >= this.view.from && this.cursorAt <= this.view.to;
    this.cursorTab.setAttribute("display", isShown ? "inline" : "none");
    this.cursor.hidden = !isShown;
    if (this.cursorAt === null || !isShown) return;
    const x = this.view.x(this.cursorAt);
    this.cursor.style.left = `${(x + this.axis.getBoundingClientRect().left - this.body.getBoundingClientRect().left).toFixed(1)}px`;
    this.cursorText.textContent = minute(this.cursorAt);
    const width = 104;
    const left = Math.min(Math.max(x - width / 2, 0), this.view.width - width);
    this.cursorBox.setAttribute("x", left.toFixed(1));
    this.cursorBox.setAttribute("width", String(width));
    this.cursorText.setAttribute("x", (left + width / 2).toFixed(1));
  }

  private resize(): void {
    const width = this.axis.parentElement?.clientWidth ?? 0;
    if (width > 0) this.view.width = width;
    this.draw();
  }

  // -- moving -------------------------------------------------------------------------------

  zoom(factor: number, x?: number): void {
    const middle = this.current && this.current.to >= this.view.from && this.current.from <= this.view.to;
    const at = middle && this.current ? (this.current.from + this.current.to) / 2 : this.view.at(this.view.width / 2);
    const centre = Math.min(Math.max(this.view.x(at), 0), this.view.width);
    this.view.zoom(factor, x ?? centre);
    this.moved();
  }

  pan(dx: number): void {
    this.view.pan(dx);
    this.moved();
  }

  all(): void {
    this.view.all();
    this.moved();
  }

  private moved(): void {
    if (!this.inspector.isPinned) this.inspector.close();
    this.draw();
  }

  private listen(): void {
    const gestures = new Gestures(this.body, this.axis, {
      zoom: (factor, x) => this.zoom(factor, x),
      pan: (dx) => this.pan(dx),
      hover: (x) => {
        this.cursorAt = x === null ? null : this.view.at(x);
        this.draw();
      },
    });
    this.body.addEventListener("pointerover", (e) => {
      const bar = this.barOf(e.target);
      if (this.inspector.isPinned || gestures.isDragging || e.pointerType === "touch") return;
      if (bar) this.inspect(bar, false);
      else this.inspector.close();
    });
    this.body.addEventListener("pointerleave", () => {
      if (!this.inspector.isPinned) this.inspector.close();
    });
    this.body.addEventListener("click", (e) => {
      if (gestures.wasDragged) return;
      const bar = this.barOf(e.target);
      if (!bar) return this.inspector.close();
      this.setCurrent(bar);
      bar.group.focus({ preventScroll: true });
      this.inspect(bar, true);
    });
    this.body.addEventListener("focusin", (e) => {
      const bar = this.barOf(e.target);
      if (!bar) return;
      this.setCurrent(bar);
      this.cursorAt = bar.from;
      this.draw();
      if (!this.inspector.isPinned && bar.group.matches(":focus-visible")) this.inspect(bar, false);
    });
    this.body.addEventListener("focusout", () => {
      if (!this.inspector.isPinned) this.inspector.close();
    });
    this.body.addEventListener("keydown", (e) => this.key(e));
    this.inspector.card.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.leave();
    });
    document.addEventListener("pointerdown", (e) => {
      const target = e.target instanceof Node ? e.target : null;
      const isInside = this.body.contains(target) || this.inspector.card.contains(target);
      if (!isInside) this.inspector.close();
    });
    const jump = (e: PointerEvent) => {
      if (!(e.buttons & 1)) return;
      const x = e.clientX - this.overview.getBoundingClientRect().left;
      const at = this.view.first + (x / this.view.width) * (this.view.last - this.view.first);
      const half = (this.view.to - this.view.from) / 2;
      this.view.show(at - half, at + half);
      this.moved();
    };
    this.overview.addEventListener("pointerdown", (e) => {
      this.overview.setPointerCapture(e.pointerId);
      jump(e);
    });
    this.overview.addEventListener("pointermove", jump);
    const scrolled = () => {
      if (!this.inspector.isPinned && this.inspector.card.contains(document.activeElement) === false) {
        this.inspector.close();
      }
    };
    window.addEventListener("wheel", scrolled, { passive: true });
    window.addEventListener("beforeprint", () => this.forPrint());
    window.addEventListener("afterprint", () => this.resize());
  }

  /** A sheet of paper shows everything, in its own width. */
  private forPrint(): void {
    this.inspector.close();
    const { from, to } = this.view;
    this.view.width = PRINT_WIDTH;
    this.view.all();
    this.cursorAt = null;
    this.drawNow();
    window.addEventListener("afterprint", () => this.view.show(from, to), { once: true, capture: true });
  }

  // -- bars ---------------------------------------------------------------------------------

  private barOf(target: EventTarget | null): BarView | undefined {
    const found = target instanceof Element ? target.closest(".bar") : null;
    return found ? this.bars.get(found) : undefined;
  }

  private setCurrent(bar: BarView | null): void {
    this.current?.group.setAttribute("tabindex", "-1");
    this.current = bar;
    bar?.group.setAttribute("tabindex", "0");
  }

  private inspect(bar: BarView, pin: boolean): void {
    this.inspector.show(bar.bar, (bar.group.querySelector(".body") ?? bar.group).getBoundingClientRect(), pin);
  }

  private leave(): void {
    this.inspector.close();
    this.current?.group.focus();
  }

  private go(bar: BarView | undefined): void {
    if (!bar) return;
    const { view } = this;
    if (bar.to < view.from || bar.from > view.to) {
      const half = (view.to - view.from) / 2;
      view.show(bar.from - half, bar.from + half);
      this.drawNow();
    }
    this.inspector.close();
    bar.group.focus();
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || !this.barOf(e.target)) return;
    const step = this.view.width / 5;
    const acts: Record<string, () => void> = {
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      "0": () => this.all(),
      ArrowLeft: () => (e.shiftKey ? this.pan(-step) : this.beside(-1)),
      ArrowRight: () => (e.shiftKey ? this.pan(step) : this.beside(1)),
      ArrowUp: () => this.across(-1),
      ArrowDown: () => this.across(1),
      Home: () => this.go(this.current?.lane.bars[0]),
      End: () => this.go(this.current?.lane.bars[this.current.lane.bars.length - 1]),
      Enter: () => this.current && this.inspect(this.current, true),
      " ": () => this.current && this.inspect(this.current, true),
      Escape: () => this.leave(),
    };
    const act = acts[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  }

  private beside(step: number): void {
    if (!this.current) return;
    const { bars } = this.current.lane;
    this.go(bars[bars.indexOf(this.current) + step]);
  }

  private across(step: number): void {
    if (!this.current) return;
    const lanes: LaneView[] = this.groups.filter((g) => g.isOpen).flatMap((g) => g.lanes);
    const from = this.current;
    let i = lanes.indexOf(from.lane) + step;
    while (lanes[i] && lanes[i]?.bars.length === 0) i += step;
    const middle = (Math.max(from.from, this.view.from) + Math.min(from.to, this.view.to)) / 2;
    this.go(lanes[i]?.nearest(middle));
  }
}

function pattern(id: string, path: string): SVGPatternElement {
  const made = svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" });
  made.append(svg("path", { d: path, class: "hatching" }));
  return made;
}

function axisText(text: string, x: number, y: number, kind: string): SVGTextElement {
  const made = svg("text", { x: x.toFixed(1), y, class: kind });
  made.textContent = text;
  return made;
}
