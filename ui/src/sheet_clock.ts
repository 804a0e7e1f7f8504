// The clock of a flight: any speed, steps, events; it draws nothing by itself and rests when it stands.

import * as cursor from "./cursor";
import { button, html, svg } from "./dom";
import type { Drawing, Mark } from "./sheet_shape";
import { parse } from "./time";

type Heard = (t: number) => void;

const STEP = 10; // seconds, by key
const FASTEST = 4; // powers of ten
const POWER = 0.35; // hours between events shrink so far on the slider
const WIDTH = 1000;

const KEYS =
  "Space plays and pauses, comma and full stop step ten seconds, N and P go to events, " +
  "square brackets change the speed";

/** Time on the slider: each gap between events by a power of its length, so that minutes can be reached. */
class Scale {
  private readonly at: number[];
  private readonly x: number[] = [0];

  constructor(from: number, to: number, marks: Mark[]) {
    const inside = marks.map((m) => m.t).filter((t) => t > from && t < to);
    this.at = Array.from(new Set([from, ...inside, to])).sort((a, b) => a - b);
    for (let i = 1; i < this.at.length; i += 1) {
      this.x.push((this.x[i - 1] ?? 0) + ((this.at[i] ?? 0) - (this.at[i - 1] ?? 0)) ** POWER);
    }
    const whole = this.x[this.x.length - 1] || 1;
    this.x = this.x.map((x) => (x / whole) * WIDTH);
  }

  toX(t: number): number {
    return this.between(this.at, this.x, t);
  }

  toTime(x: number): number {
    return this.between(this.x, this.at, x);
  }

  private between(from: number[], to: number[], value: number): number {
    let k = 0;
    while (k < from.length - 2 && (from[k + 1] ?? Infinity) <= value) k += 1;
    const [a, b] = [from[k] ?? 0, from[k + 1] ?? 1];
    const w = Math.min(Math.max((value - a) / (b - a), 0), 1);
    return (to[k] ?? 0) + w * ((to[k + 1] ?? 0) - (to[k] ?? 0));
  }
}

export function utc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

export function missionTime(t: number): string {
  const s = Math.round(Math.abs(t));
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const days = Math.floor(s / 86400);
  return `${t < 0 ? "\u2212" : "+"}${days ? `${days} d ` : ""}${clock}`;
}

export class Clock {
  readonly bar = html("div", "clock");
  t: number;
  isPlaying = false;
  speed = 60;
  private readonly heard = new Set<Heard>();
  private readonly liftoff: number;
  private readonly scale: Scale;
  private readonly slider = html("input");
  private readonly play: HTMLButtonElement;
  private readonly pace = html("input");
  private readonly paceName = html("output", "clock-pace");
  private readonly now = html("output", "clock-now");
  private last = 0;

  constructor(private readonly drawing: Drawing) {
    this.liftoff = parse(drawing.liftoff_utc);
    this.t = 0;
    this.scale = new Scale(drawing.from_s, drawing.to_s, drawing.marks);
    this.play = button("\u25b6", "Play", () => this.toggle());
    this.play.className = "clock-play";
    this.build();
    cursor.subscribe((at, source) => {
      if (source === this || at === null) return;
      const t = (at - this.liftoff) / 1000;
      if (t >= drawing.from_s && t <= drawing.to_s && this.bar.isConnected) this.go(t, false);
    });
  }

  subscribe(heard: Heard): void {
    this.heard.add(heard);
  }

  /** UTC in milliseconds of a mission time. */
  ms(t: number): number {
    return this.liftoff + t * 1000;
  }

  go(t: number, isOwn = true): void {
    this.t = Math.min(Math.max(t, this.drawing.from_s), this.drawing.to_s);
    if (isOwn) cursor.set(this.ms(this.t), this);
    this.tell();
  }

  pause(): void {
    this.isPlaying = false;
    this.play.textContent = "\u25b6";
    this.play.setAttribute("aria-label", "Play");
    this.play.title = "Play (space)";
  }

  toggle(): void {
    if (this.isPlaying) return this.pause();
    if (this.t >= this.drawing.to_s) this.t = this.drawing.from_s;
    this.isPlaying = true;
    this.play.textContent = "\u275a\u275a";
    this.play.setAttribute("aria-label", "Pause");
    this.play.title = "Pause (space)";
    this.last = performance.now();
    requestAnimationFrame((now) => this.run(now));
  }

  key(e: KeyboardEvent): boolean {
    if (e.ctrlKey || e.metaKey || e.altKey) return false;
    const acts: Record<string, () => void> = {
      " ": () => this.toggle(),
      ",": () => this.go(this.t - STEP),
      ".": () => this.go(this.t + STEP),
      n: () => this.toEvent(1),
      p: () => this.toEvent(-1),
      "[": () => this.faster(-1),
      "]": () => this.faster(1),
    };
    const act = acts[e.key];
    act?.();
    return act !== undefined;
  }

  /** The last event that has happened, and the next. */
  around(): { before: Mark | null; after: Mark | null } {
    const { marks } = this.drawing;
    const next = marks.findIndex((m) => m.t > this.t + 0.05);
    const before = next < 0 ? marks[marks.length - 1] : marks[next - 1];
    return { before: before ?? null, after: (next < 0 ? null : marks[next]) ?? null };
  }

  private toEvent(way: 1 | -1): void {
    const { marks } = this.drawing;
    const found =
      way > 0 ? marks.find((m) => m.t > this.t + 0.5) : [...marks].reverse().find((m) => m.t < this.t - 0.5);
    this.pause();
    if (found) this.go(found.t);
  }

  private faster(way: 1 | -1): void {
    this.pace.value = String(Math.min(Math.max(Number(this.pace.value) + way * 0.25, 0), FASTEST));
    this.paced();
  }

  private paced(): void {
    const raw = 10 ** Number(this.pace.value);
    const unit = 10 ** Math.floor(Math.log10(raw));
    this.speed = Math.max(Math.round(raw / unit) * unit, 1);
    this.paceName.textContent = `${this.speed.toLocaleString("en")}\u00d7`;
    this.pace.setAttribute("aria-valuetext", `${this.speed} times`);
  }

  private run(now: number): void {
    if (!this.isPlaying) return;
    if (this.bar.offsetParent === null) return this.pause();
    const t = this.t + ((now - this.last) / 1000) * this.speed;
    this.last = now;
    this.go(t);
    if (this.t >= this.drawing.to_s) this.pause();
    else requestAnimationFrame((next) => this.run(next));
  }

  private tell(): void {
    this.slider.value = this.scale.toX(this.t).toFixed(2);
    const said = `${utc(this.ms(this.t))} UTC`;
    this.slider.setAttribute("aria-valuetext", said);
    this.now.textContent = `${said}   ${missionTime(this.t)}`;
    for (const heard of this.heard) heard(this.t);
  }

  private build(): void {
    const { slider, pace } = this;
    Object.assign(slider, { type: "range", min: "0", max: String(WIDTH), step: "any" });
    slider.setAttribute("aria-label", "Time of the flight");
    slider.addEventListener("input", () => {
      this.pause();
      this.go(this.scale.toTime(Number(slider.value)));
    });
    slider.addEventListener("keydown", (e) => {
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[e.key];
      if (!way) return;
      e.preventDefault();
      this.go(this.t + way * (e.shiftKey ? 60 : STEP));
    });
    Object.assign(pace, { type: "range", min: "0", max: String(FASTEST), step: "0.05", value: "1.78" });
    pace.setAttribute("aria-label", "Speed of the clock");
    pace.addEventListener("input", () => this.paced());
    this.paced();
    const left = html("div", "clock-left");
    left.append(
      button("\u2758\u25c0", "Previous event (P)", () => this.toEvent(-1)),
      this.play,
      button("\u25b6\u2758", "Next event (N)", () => this.toEvent(1)),
    );
    const right = html("label", "clock-speed", "Speed");
    right.append(pace, this.paceName);
    const middle = html("div", "clock-track");
    middle.append(this.ticks(), slider);
    this.bar.append(left, this.now, right, middle);
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", `Clock: ${KEYS}`);
    this.play.title = "Play (space)";
  }

  private ticks(): SVGSVGElement {
    const made = svg("svg", { class: "clock-ticks", viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none" });
    made.setAttribute("aria-hidden", "true");
    for (const m of this.drawing.marks) {
      const x = this.scale.toX(m.t).toFixed(1);
      made.append(svg("line", { x1: x, x2: x, y1: m.kind === "burn" ? 5 : 0, y2: 10, class: `tick k-${m.kind}` }));
    }
    return made;
  }
}
