// What stretch of time is shown, and how it moves.

import { DAY } from "./time";

const SHORTEST = DAY / 4;

export class View {
  from: number;
  to: number;
  width = 1;

  constructor(
    readonly first: number,
    readonly last: number,
  ) {
    this.from = first;
    this.to = last;
  }

  x(at: number): number {
    return ((at - this.from) / (this.to - this.from)) * this.width;
  }

  at(x: number): number {
    return this.from + (x / this.width) * (this.to - this.from);
  }

  show(from: number, to: number): void {
    const span = Math.min(Math.max(to - from, SHORTEST), this.last - this.first);
    const start = Math.min(Math.max(from, this.first), this.last - span);
    this.from = start;
    this.to = start + span;
  }

  /** Zoom by a factor (above 1: closer) with the instant at `x` kept where it is. */
  zoom(factor: number, x: number): void {
    const centre = this.at(x);
    const span = Math.min(Math.max((this.to - this.from) / factor, SHORTEST), this.last - this.first);
    const from = centre - (x / this.width) * span;
    this.show(from, from + span);
  }

  pan(dx: number): void {
    const shift = (dx / this.width) * (this.to - this.from);
    this.show(this.from + shift, this.to + shift);
  }

  all(): void {
    this.show(this.first, this.last);
  }

  get isAll(): boolean {
    return this.to - this.from >= this.last - this.first;
  }
}
