// The drawing: toolbar, axis, overview, lanes, cursor line.  It draws when something has moved
// and at no other time.

import { button, html, svg } from "./dom";
import { Gestures } from "./gestures";
import { Inspector } from "./inspector";
import { type BarView, GroupView, type LaneView } from "./lanes";
import type { Timeline } from "./shape";
import { coarseTicks, date, fineTicks, minute, parse } from "./time";
import { View } from "./view";

const AXIS = 38;
const GROUP = 22;
const OVERVIEW = 12;
const ZOOM = 1.5;
const PRINT_WIDTH = 880; // CSS pixels of an A4 sheet across, less margins and labels
const NARROW = 700;

export class Chart {
  readonly view: View;
  readonly plot = svg("svg", { class: "plot", role: "group" });
  private readonly axis = svg("svg", { class: "axis", height: AXIS, "aria-hidden": "true" });
  private readonly overview = svg("svg", { class: "overview", height: OVERVIEW, "aria-hidden": "true" });
  private readonly window = svg("rect", { class: "window", y: 0.5, height: OVERVIEW - 1, rx: 3 });
  private readonly marks: { from: number; to: number; rect: SVGRectElement }[] = [];
  private readonly grid = svg("g", { class: "grid" });
  private readonly shades: { from: number; to: number; rect: SVGRectElement }[];
  private readonly cursor = svg("line", { class: "cursor", y1: 0, display: "none" });
  private readonly cursorTab = svg("g", { class: "cursor-tab", display: "none" });
  private readonly cursorText = svg("text", { y: 12 });
  private readonly cursorBox = svg("rect", { y: 1, height: 16, rx: 3 });
  private readonly known: { at: number; line: SVGLineElement; name: SVGTextElement };
  private readonly labels = html("div", "labels");
  private readonly groups: GroupView[];
  private readonly bars = new Map<Element, BarView>();
  private readonly inspector = new Inspector(() => this.current?.group.focus());
  private current: BarView | null = null;
  private cursorAt: number | null = null;
  private height = 0;
  private isAsked = false;

  constructor(place: HTMLElement, picture: Timeline) {
    this.view = new View(parse(picture.start), parse(picture.end));
    this.groups = picture.groups.map((g) => new GroupView(g.title, g.lanes, () => this.stack()));
    this.shades = picture.shades.map((s) => ({
      from: parse(s.start),
      to: parse(s.end),
      rect: svg("rect", { class: `shade-all t-${s.tone}`, y: 0 }),
    }));
    this.known = {
      at: parse(picture.known),
      line: svg("line", { class: "known", y1: 0 }),
      name: svg("text", { class: "known-name", y: 15 }),
    };
    this.known.name.textContent = `known ${date(this.known.at)}`;
    this.plot.setAttribute("aria-label", "Timeline: arrow keys move between bars, plus and minus zoom, 0 shows all");
    this.build(place, picture);
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.plot.parentElement ?? place);
    this.resize();
    if (window.innerWidth < NARROW) {
      const first = Math.max(this.known.at, this.view.first);
      this.view.show(first - 20 * 86_400_000, first + this.view.width * 2 * 86_400_000);
    }
    this.stack();
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
    bar.append(legend, html("p", "hint", "Ctrl + wheel zooms at the pointer, drag pans, arrow keys walk the bars"), tools);

    const head = html("div", "tl-head");
    const ruler = html("div", "ruler");
    this.cursorTab.append(this.cursorBox, this.cursorText);
    ruler.append(this.axis, this.overview);
    head.append(html("div", "corner", "UTC"), ruler);

    const defs = svg("defs");
    defs.append(pattern("hatch", "M-2 2L2 -2M0 6L6 0M4 8L8 4"), pattern("cross", "M0 6L6 0M0 0L6 6"));
    this.plot.append(defs, ...this.shades.map((s) => s.rect), this.grid);
    for (const group of this.groups) {
      this.labels.append(group.label);
      this.plot.append(group.band);
      for (const lane of group.lanes) {
        this.labels.append(lane.label);
        this.plot.append(lane.group);
        for (const b of lane.bars) {
          this.bars.set(b.group, b);
          if (lane.lane.is_marked && b.bar.tone !== "ok") this.addMark(b);
        }
      }
    }
    this.overview.append(...this.marks.map((m) => m.rect), this.window);
    this.plot.append(this.known.line, this.known.name, this.cursor);
    const body = html("div", "tl-body");
    const field = html("div", "field");
    field.append(this.plot);
    body.append(this.labels, field);
    const frame = html("div", "frame");
    frame.append(head, body);
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
    for (const svgBox of [this.axis, this.overview, this.plot]) svgBox.setAttribute("width", String(view.width));
    for (const group of this.groups) {
      group.band.setAttribute("width", String(view.width));
      if (group.isOpen) for (const lane of group.lanes) lane.place(view);
    }
    for (const { from, to, rect } of this.shades) {
      rect.setAttribute("x", view.x(from).toFixed(1));
      rect.setAttribute("width", Math.max(view.x(to) - view.x(from), 0.5).toFixed(1));
      rect.setAttribute("height", String(this.height));
    }
    this.drawAxis();
    const x = view.x(this.known.at);
    this.known.line.setAttribute("x1", x.toFixed(1));
    this.known.line.setAttribute("x2", x.toFixed(1));
    this.known.name.setAttribute("x", (x + 4).toFixed(1));
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

  private drawAxis(): void {
    const { view } = this;
    const made: SVGElement[] = [];
    const lines: SVGElement[] = [];
    const fine = fineTicks(view.from, view.to, view.width);
    fine.forEach((tick, i) => {
      const x = view.x(tick.at);
      const next = fine[i + 1];
      const room = (next ? view.x(next.at) : x + 60) - x;
      lines.push(svg("line", { x1: x, x2: x, y1: 0, y2: this.height, class: tick.isMajor ? "major" : "minor" }));
      made.push(svg("line", { x1: x, x2: x, y1: 19, y2: AXIS, class: "minor" }));
      if (x >= -1 && room > 18) made.push(axisText(tick.label, x + 3, 32, "fine"));
    });
    const coarse = coarseTicks(view.from, view.to, view.width);
    coarse.forEach((tick, i) => {
      const x = view.x(tick.at);
      const next = coarse[i + 1];
      const end = next ? view.x(next.at) : view.width;
      if (end < 0) return;
      lines.push(svg("line", { x1: x, x2: x, y1: 0, y2: this.height, class: "major" }));
      made.push(svg("line", { x1: x, x2: x, y1: 0, y2: AXIS, class: "major" }));
      const left = Math.max(x, 0) + 4;
      if (end - left > tick.label.length * 7) made.push(axisText(tick.label, left, 14, "coarse"));
    });
    this.grid.replaceChildren(...lines);
    this.axis.replaceChildren(...made, this.cursorTab);
  }

  private drawCursor(): void {
    const isShown = this.cursorAt !== null && this.cursorAt >= this.view.from && this.cursorAt <= this.view.to;
    for (const part of [this.cursor, this.cursorTab]) part.setAttribute("display", isShown ? "inline" : "none");
    if (this.cursorAt === null || !isShown) return;
    const x = this.view.x(this.cursorAt);
    this.cursor.setAttribute("x1", x.toFixed(1));
    this.cursor.setAttribute("x2", x.toFixed(1));
    this.cursor.setAttribute("y2", String(this.height));
    this.cursorText.textContent = minute(this.cursorAt);
    const width = 104;
    const left = Math.min(Math.max(x - width / 2, 0), this.view.width - width);
    this.cursorBox.setAttribute("x", left.toFixed(1));
    this.cursorBox.setAttribute("width", String(width));
    this.cursorText.setAttribute("x", (left + width / 2).toFixed(1));
  }

  /** Stack the lanes again after a group has been folded or unfolded. */
  private stack(): void {
    let y = 0;
    for (const group of this.groups) {
      group.band.setAttribute("y", String(y));
      y += GROUP;
      for (const lane of group.lanes) {
        lane.label.hidden = !group.isOpen;
        lane.group.setAttribute("display", group.isOpen ? "inline" : "none");
        if (!group.isOpen) continue;
        lane.group.setAttribute("transform", `translate(0 ${y})`);
        y += lane.height;
      }
    }
    this.height = y;
    this.plot.setAttribute("height", String(y));
    this.known.line.setAttribute("y2", String(y));
    this.draw();
  }

  private resize(): void {
    const width = this.plot.parentElement?.clientWidth ?? 0;
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
    const gestures = new Gestures(this.plot, {
      zoom: (factor, x) => this.zoom(factor, x),
      pan: (dx) => this.pan(dx),
      hover: (x) => {
        this.cursorAt = x === null ? null : this.view.at(x);
        this.draw();
      },
    });
    this.plot.addEventListener("pointerover", (e) => {
      const bar = this.barOf(e.target);
      if (this.inspector.isPinned || gestures.isDragging || e.pointerType === "touch") return;
      if (bar) this.inspect(bar, false);
      else this.inspector.close();
    });
    this.plot.addEventListener("pointerleave", () => {
      if (!this.inspector.isPinned) this.inspector.close();
    });
    this.plot.addEventListener("click", (e) => {
      if (gestures.wasDragged) return;
      const bar = this.barOf(e.target);
      if (!bar) return this.inspector.close();
      this.setCurrent(bar);
      bar.group.focus({ preventScroll: true });
      this.inspect(bar, true);
    });
    this.plot.addEventListener("focusin", (e) => {
      const bar = this.barOf(e.target);
      if (!bar) return;
      this.setCurrent(bar);
      this.cursorAt = bar.from;
      this.draw();
      if (!this.inspector.isPinned && bar.group.matches(":focus-visible")) this.inspect(bar, false);
    });
    this.plot.addEventListener("focusout", () => {
      if (!this.inspector.isPinned) this.inspector.close();
    });
    this.plot.addEventListener("keydown", (e) => this.key(e));
    this.inspector.card.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.leave();
    });
    document.addEventListener("pointerdown", (e) => {
      const target = e.target instanceof Node ? e.target : null;
      const isInside = this.plot.contains(target) || this.inspector.card.contains(target);
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
    if (e.ctrlKey || e.metaKey || e.altKey) return;
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
