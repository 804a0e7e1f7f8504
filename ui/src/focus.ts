// Where the keyboard is: canvas bars cannot hold the focus, so one button lies over the current one
// and says its name.

import type { BarView } from "./bars";
import { html } from "./dom";
import type { GroupView } from "./group";
import type { LaneView } from "./lanes";
import { date } from "./time";
import type { View } from "./view";

export interface Target {
  group: GroupView;
  lane: LaneView;
  bar: BarView;
}

export class Focus {
  readonly ring = html("button", "bar-focus");
  target: Target | null = null;
  onFocus: (isByKey: boolean) => void = () => {};

  constructor() {
    this.ring.type = "button";
    this.ring.addEventListener("focus", () => this.say());
  }

  static nameOf(lane: LaneView, bar: BarView): string {
    return `${lane.lane.label}: ${bar.bar.title}, ${date(bar.from)} to ${date(bar.to)}`;
  }

  set(target: Target): void {
    this.target = target;
    this.ring.setAttribute("aria-label", Focus.nameOf(target.lane, target.bar));
  }

  /** Lay the ring over the bar; out of sight it waits at the side. */
  place(view: View): void {
    const { target, ring } = this;
    if (!target) return;
    const { group, lane, bar } = target;
    const box = bar.box(view);
    const left = Math.min(Math.max(box.x, 0), view.width);
    const right = Math.min(Math.max(box.x + box.width, left), view.width);
    ring.classList.toggle("away", !bar.isIn(view) || !group.isOpen);
    const top = group.box.offsetTop + (group.isOpen ? group.topOf(lane) + box.y : 0);
    ring.style.left = `calc(var(--label) + ${left.toFixed(1)}px)`;
    ring.style.width = `${Math.max(right - left, 2).toFixed(1)}px`;
    ring.style.top = `${top}px`;
    ring.style.height = `${box.height}px`;
  }

  /** Take the focus, and say where it is even if it was here already. */
  take(): void {
    if (document.activeElement === this.ring) this.say();
    else this.ring.focus({ preventScroll: true });
  }

  /** Take the focus back after a card was closed: nothing is said again. */
  takeBack(): void {
    const { onFocus } = this;
    this.onFocus = () => {};
    this.ring.focus({ preventScroll: true });
    this.onFocus = onFocus;
  }

  private say(): void {
    this.onFocus(this.ring.matches(":focus-visible"));
  }
}
