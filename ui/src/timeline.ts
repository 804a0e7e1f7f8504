// The drawing: toolbar, axis, overview, groups of lanes, cursor line.  It draws when something has
// moved and at no other time.

import * as cursor from "./cursor";
import type { BarView } from "./bars";
import { button, html } from "./dom";
import { Focus } from "./focus";
import { Gestures } from "./gestures";
import { type Ground, GroupView, type Place } from "./group";
import { Inspector } from "./inspector";
import type { LaneView } from "./lanes";
import { onScheme, Palette } from "./palette";
import { Ruler } from "./ruler";
import type { Timeline } from "./shape";
import { DAY, date, minute, parse } from "./time";
import { View } from "./view";

const ZOOM = 1.5;
const PRINT_WIDTH = 880; // CSS pixels of an A4 sheet across, less margins and labels
const NARROW = 700;

export class Chart {
  readonly view: View;
  private readonly palette = new Palette();
  private readonly body = html("div", "tl-body");
  private readonly ruler: Ruler;
  private readonly line = html("div", "cursor");
  private readonly knownName = html("div", "known-name");
  private readonly ground: Ground;
  private readonly groups: GroupView[];
  private readonly plots = new Map<Element, GroupView>();
  private readonly inspector = new Inspector(() => this.focus.takeBack());
  private readonly focus = new Focus();
  private hovered: BarView | null = null;
  private readonly legends: { legend: HTMLElement; tones: Set<string> }[] = [];
  private isAsked = false;

  constructor(place: HTMLElement, picture: Timeline) {
    this.view = new View(parse(picture.start), parse(picture.end));
    const shades = picture.shades.map((s) => ({ from: parse(s.start), to: parse(s.end) }));
    this.ground = { shades, known: parse(picture.known), ticks: [] };
    this.knownName.textContent = `known ${date(this.ground.known)}`;
    this.groups = picture.groups.map((g) => new GroupView(g, this.view.first, () => this.folded()));
    this.ruler = new Ruler(this.view, this.marks());
    this.build(place, picture);
    this.listen(place);
    this.resize();
    this.folded();
    if (window.innerWidth < NARROW) {
      const first = Math.max(this.ground.known, this.view.first);
      this.view.show(first - 20 * DAY, first + this.view.width * 2 * DAY);
    }
  }

  // -- building -----------------------------------------------------------------------------

  private build(place: HTMLElement, picture: Timeline): void {
    const legends = html("div", "legends");
    for (const heading of new Set(picture.legend.map((k) => k.of))) {
      const legend = html("ul", "legend");
      legend.append(html("li", "of", heading));
      for (const { tone, name } of picture.legend.filter((k) => k.of === heading)) {
        const item = html("li");
        item.append(html("i", `swatch t-${tone}`), html("span", "", name));
        legend.append(item);
      }
      legends.append(legend);
      const tones = new Set(picture.legend.filter((k) => k.of === heading).map((k) => k.tone));
      this.legends.push({ legend, tones });
    }
    const tools = html("div", "tools");
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Zoom");
    tools.append(
      button("\u2212", "Zoom out (-)", () => this.zoom(1 / ZOOM)),
      button("+", "Zoom in (+)", () => this.zoom(ZOOM)),
      button("All", "Show everything (0)", () => this.all()),
    );
    const bar = html("div", "toolbar");
    bar.append(legends, html("p", "hint", "Ctrl + wheel zooms, drag pans, arrow keys walk the bars"));
    const head = html("div", "tl-head");
    const corner = html("div", "corner");
    corner.append(html("span", "", "UTC"), tools);
    head.append(corner, this.ruler.box);
    for (const group of this.groups) {
      this.body.append(group.box);
      this.plots.set(group.plot, group);
    }
    this.groups[0]?.plot.append(this.knownName);
    this.line.hidden = true;
    this.body.append(this.line, this.focus.ring);
    this.body.setAttribute("role", "group");
    this.body.setAttribute("aria-label", "Timeline: arrow keys walk the bars, plus and minus zoom, 0 shows all");
    // For whoever drives the page from outside: where the first bar is drawn whose name holds a text.
    Object.assign(this.body, { locate: (text: string) => this.locate(text) });
    const frame = html("div", "frame");
    frame.append(head, this.body);
    place.replaceChildren(bar, frame, this.inspector.card);
    const group = this.groups.find((g) => g.isOpen && g.lanes.some((l) => l.bars.length));
    const lane = group?.lanes.find((l) => l.bars.length);
    if (group && lane?.bars[0]) this.focus.set({ group, lane, bar: lane.bars[0] });
  }

  /** The legend tells of what is open. */
  private folded(): void {
    const open = this.groups.filter((g) => g.isOpen).flatMap((g) => Array.from(g.all()));
    const shown = new Set(open.map(({ bar }) => bar.bar.tone));
    for (const { legend, tones } of this.legends) legend.hidden = !Array.from(tones).some((t) => shown.has(t));
    this.draw();
  }

  /** What the overview shows: everything that is not well in lanes that say so. */
  private marks(): { from: number; to: number; tone: string }[] {
    return this.groups.flatMap((g) =>
      Array.from(g.all())
        .filter(({ lane, bar }) => lane.lane.is_marked && bar.bar.tone !== "ok")
        .map(({ bar }) => ({ from: bar.from, to: bar.to, tone: bar.bar.tone })),
    );
  }

  // -- drawing ------------------------------------------------------------------------------

  /** Ask for one drawing at the next frame. */
  draw(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => this.drawNow());
  }

  private drawNow(isWhole = false): void {
    this.isAsked = false;
    this.ground.ticks = this.ruler.draw();
    for (const group of this.groups) group.paint(this.view, this.ground, this.palette, isWhole);
    const x = this.view.x(this.ground.known);
    this.knownName.hidden = x < -60 || x > this.view.width;
    this.knownName.style.left = `${x + 4}px`;
    this.focus.place(this.view);
    this.drawCursor();
  }

  private drawCursor(): void {
    const at = cursor.get();
    const isShown = at !== null && at >= this.view.from && at <= this.view.to;
    this.line.hidden = !isShown;
    this.ruler.point(isShown ? at : null, at === null ? "" : minute(at));
    for (const group of this.groups) for (const lane of group.lanes) lane.follow(at);
    if (isShown) this.line.style.left = `calc(var(--label) + ${this.view.x(at).toFixed(1)}px)`;
  }

  private resize(): void {
    const width = this.ruler.box.clientWidth;
    if (width === 0) return; // on a page that is not shown
    this.view.width = width;
    this.draw();
  }

  // -- moving -------------------------------------------------------------------------------

  zoom(factor: number, x?: number): void {
    const { view } = this;
    const bar = this.focus.target?.bar;
    const middle = bar?.isIn(view) ? (bar.from + bar.to) / 2 : view.at(view.width / 2);
    view.zoom(factor, x ?? Math.min(Math.max(view.x(middle), 0), view.width));
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

  private listen(place: HTMLElement): void {
    const gestures = new Gestures(this.body, this.ruler.axis, {
      zoom: (factor, x) => this.zoom(factor, x),
      pan: (dx) => this.pan(dx),
      hover: (x) => cursor.set(x === null ? null : this.view.at(x), this),
    });
    cursor.subscribe(() => this.drawCursor());
    this.ruler.onJump = (at) => {
      const half = (this.view.to - this.view.from) / 2;
      this.view.show(at - half, at + half);
      this.moved();
    };
    this.body.addEventListener("pointermove", (e) => {
      if (this.inspector.isPinned || gestures.isDragging || e.pointerType === "touch") return;
      this.hover(this.under(e));
    });
    this.body.addEventListener("pointerleave", () => this.hover(null));
    this.body.addEventListener("click", (e) => {
      if (gestures.wasDragged || !(e.target instanceof Element) || !e.target.closest(".plot")) return;
      const found = this.under(e);
      if (!found) return this.inspector.close();
      if (found.place.lane.bars.includes(found.bar)) {
        this.focus.set({ group: found.place.group, lane: found.place.lane, bar: found.bar });
        this.focus.place(this.view);
        this.focus.take();
      }
      this.inspect(found.place, found.bar, true);
    });
    this.focus.onFocus = (isByKey) => {
      const target = this.focus.target;
      if (!target) return;
      cursor.set(target.bar.from, this);
      if (isByKey && !this.inspector.isPinned) this.inspect(this.placeOf(target), target.bar, false);
    };
    this.body.addEventListener("focusout", () => {
      if (!this.inspector.isPinned) this.inspector.close();
    });
    this.focus.ring.addEventListener("keydown", (e) => this.key(e));
    this.inspector.card.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.leave();
    });
    document.addEventListener("pointerdown", (e) => {
      const target = e.target instanceof Node ? e.target : null;
      if (!this.body.contains(target) && !this.inspector.card.contains(target)) this.inspector.close();
    });
    const scrolled = () => {
      if (!this.inspector.isPinned) this.inspector.close();
      if (this.groups.some((g) => g.isStale)) this.draw();
    };
    window.addEventListener("scroll", scrolled, { passive: true });
    window.addEventListener("resize", () => this.resize());
    new ResizeObserver(() => this.resize()).observe(place);
    onScheme(() => {
      this.palette.read();
      this.draw();
    });
    window.addEventListener("beforeprint", () => this.forPrint());
  }

  /** A sheet of paper shows everything, light, in its own width. */
  private forPrint(): void {
    if (!this.ruler.box.clientWidth) return;
    this.inspector.close();
    const root = document.documentElement;
    const before = { from: this.view.from, to: this.view.to, theme: root.dataset["theme"] };
    cursor.set(null, this);
    root.dataset["theme"] = "light";
    this.palette.read();
    this.view.width = PRINT_WIDTH;
    this.view.all();
    this.drawNow(true);
    const restore = () => {
      if (before.theme === undefined) delete root.dataset["theme"];
      else root.dataset["theme"] = before.theme;
      this.palette.read();
      this.view.show(before.from, before.to);
      this.resize();
    };
    window.addEventListener("afterprint", restore, { once: true });
  }

  // -- bars ---------------------------------------------------------------------------------

  private under(e: MouseEvent): { place: Place; bar: BarView; x: number } | null {
    const plot = e.target instanceof Element ? e.target.closest(".plot") : null;
    const group = plot ? this.plots.get(plot) : undefined;
    if (!plot || !group) return null;
    const box = plot.getBoundingClientRect();
    const x = e.clientX - box.left;
    const place = group.laneAt(e.clientY - box.top);
    const bar = place?.lane.hit(x, e.clientY - box.top - place.top, this.view);
    return place && bar ? { place, bar, x } : null;
  }

  private hover(found: { place: Place; bar: BarView } | null): void {
    if (this.inspector.isPinned) return;
    this.body.classList.toggle("pointing", found !== null);
    if (!found) {
      this.hovered = null;
      return this.inspector.close();
    }
    const isSame = this.hovered?.bar.title === found.bar.bar.title && this.hovered.from === found.bar.from;
    if (isSame && this.inspector.isShown) return;
    this.hovered = found.bar;
    this.inspect(found.place, found.bar, false);
  }

  private placeOf({ group, lane }: { group: GroupView; lane: LaneView }): Place {
    return { group, lane, top: group.topOf(lane) };
  }

  private rect(place: Place, bar: BarView): DOMRect {
    const plot = place.group.plot.getBoundingClientRect();
    const box = bar.box(this.view);
    const x = Math.max(box.x, 0);
    return new DOMRect(plot.left + x, plot.top + place.top + box.y, box.x + box.width - x, box.height);
  }

  private inspect(place: Place, bar: BarView, pin: boolean): void {
    this.inspector.show(bar.bar, this.rect(place, bar), pin);
  }

  private locate(text: string): object | null {
    for (const group of this.groups) {
      for (const { lane, bar } of group.all()) {
        const name = Focus.nameOf(lane, bar);
        if (!name.includes(text)) continue;
        const { x, y, width, height } = this.rect(this.placeOf({ group, lane }), bar);
        return { name, tone: bar.bar.tone, x, y, width, height };
      }
    }
    return null;
  }

  // -- keyboard -----------------------------------------------------------------------------

  private leave(): void {
    this.inspector.close();
    this.focus.takeBack();
  }

  private go(group: GroupView | undefined, lane: LaneView | undefined, bar: BarView | undefined): void {
    if (!group || !lane || !bar) return;
    const { view } = this;
    if (!bar.isIn(view)) {
      const half = (view.to - view.from) / 2;
      view.show(bar.from - half, bar.from + half);
      this.draw();
    }
    this.inspector.close();
    this.focus.set({ group, lane, bar });
    this.focus.place(view);
    this.focus.take();
    this.focus.ring.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private key(e: KeyboardEvent): void {
    const target = this.focus.target;
    if (e.ctrlKey || e.metaKey || e.altKey || !target) return;
    const { group, lane, bar } = target;
    const step = this.view.width / 5;
    const beside = (by: number) => this.go(group, lane, lane.bars[lane.bars.indexOf(bar) + by]);
    const acts: Record<string, () => void> = {
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      "0": () => this.all(),
      ArrowLeft: () => (e.shiftKey ? this.pan(-step) : beside(-1)),
      ArrowRight: () => (e.shiftKey ? this.pan(step) : beside(1)),
      ArrowUp: () => this.across(-1),
      ArrowDown: () => this.across(1),
      Home: () => this.go(group, lane, lane.bars[0]),
      End: () => this.go(group, lane, lane.bars[lane.bars.length - 1]),
      Enter: () => this.inspect(this.placeOf(target), bar, true),
      " ": () => this.inspect(this.placeOf(target), bar, true),
      Escape: () => this.leave(),
    };
    const act = acts[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  }

  private across(step: number): void {
    const target = this.focus.target;
    if (!target) return;
    const open = this.groups.filter((g) => g.isOpen);
    const lanes = open.flatMap((group) => group.lanes.map((lane) => ({ group, lane })));
    let i = lanes.findIndex((l) => l.lane === target.lane) + step;
    while (lanes[i]?.lane.bars.length === 0) i += step;
    const { view } = this;
    const middle = (Math.max(target.bar.from, view.from) + Math.min(target.bar.to, view.to)) / 2;
    const next = lanes[i];
    this.go(next?.group, next?.lane, next?.lane.nearest(middle));
  }
}
