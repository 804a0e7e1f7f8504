// Wheel, drag and pinch over the plot.  A plain wheel scrolls the page: only with Ctrl (or a
// pinch on a touchpad, which browsers report so) does it zoom, with Shift or sideways it pans.

interface Acts {
  zoom(factor: number, x: number): void;
  pan(dx: number): void;
  hover(x: number | null): void;
}

const SLACK = 4; // pixels a click may wander

export class Gestures {
  isDragging = false;
  wasDragged = false;
  private readonly down = new Map<number, PointerEvent>();

  constructor(
    private readonly plot: HTMLElement,
    private readonly axis: SVGSVGElement,
    private readonly acts: Acts,
  ) {
    plot.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    plot.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || this.x(e.clientX) < 0) return;
      this.down.set(e.pointerId, e);
      this.wasDragged = false;
    });
    plot.addEventListener("pointermove", (e) => this.move(e));
    for (const name of ["pointerup", "pointercancel"] as const) {
      plot.addEventListener(name, (e) => {
        this.down.delete(e.pointerId);
        if (this.down.size === 0) {
          this.isDragging = false;
          plot.classList.remove("dragging");
        }
      });
    }
    plot.addEventListener("pointerleave", () => acts.hover(null));
  }

  private x(clientX: number): number {
    return clientX - this.axis.getBoundingClientRect().left;
  }

  private wheel(e: WheelEvent): void {
    if (this.x(e.clientX) < 0) return;
    const scale = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (e.ctrlKey || e.metaKey) {
      e.preventDefault();
      this.acts.zoom(Math.exp(-e.deltaY * scale * 0.0025), this.x(e.clientX));
    } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      e.preventDefault();
      this.acts.pan((e.deltaX || e.deltaY) * scale);
    }
  }

  private move(e: PointerEvent): void {
    const before = this.down.get(e.pointerId);
    const x = this.x(e.clientX);
    this.acts.hover(x < 0 ? null : x);
    if (!before) return;
    if (this.down.size === 2) {
      const other = Array.from(this.down.values()).find((p) => p.pointerId !== e.pointerId);
      if (other) {
        const was = Math.abs(before.clientX - other.clientX);
        const is = Math.abs(e.clientX - other.clientX);
        if (was > 8 && is > 8) this.acts.zoom(is / was, this.x((e.clientX + other.clientX) / 2));
      }
      this.wasDragged = true;
      this.down.set(e.pointerId, e);
      return;
    }
    const dx = e.clientX - before.clientX;
    if (!this.isDragging && Math.abs(dx) < SLACK) return;
    if (!this.isDragging) {
      this.isDragging = this.wasDragged = true;
      this.plot.setPointerCapture(e.pointerId);
      this.plot.classList.add("dragging");
    }
    this.acts.pan(-dx);
    this.down.set(e.pointerId, e);
  }
}
