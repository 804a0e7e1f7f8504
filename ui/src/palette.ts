// The colours of the style sheet as the canvas needs them: resolved, and again when light turns dark.

import { html } from "./dom";

export interface Tone {
  line: string;
  fill: string;
}

const NAMES = [
  "ink", "dim", "paper", "sheet", "band", "rule", "rule-strong", "focus", "known", "warn", "ok", "hatching",
  "shade-fill",
] as const;
export type Name = (typeof NAMES)[number];

export class Palette {
  private readonly probe = html("i");
  private tones = new Map<string, Tone>();
  private names = new Map<Name, string>();
  private patterns = new Map<string, CanvasPattern | null>();

  constructor() {
    this.probe.hidden = true;
    document.body.append(this.probe);
    this.read();
  }

  /** Read the style sheet anew. */
  read(): void {
    this.tones.clear();
    this.patterns.clear();
    this.probe.className = "";
    for (const name of NAMES) this.names.set(name, this.resolved(`var(--${name})`));
  }

  tone(word: string): Tone {
    let found = this.tones.get(word);
    if (!found) {
      this.probe.className = `t-${word}`;
      found = { line: this.resolved("var(--tone)"), fill: this.resolved("var(--fill)") };
      this.tones.set(word, found);
    }
    return found;
  }

  colour(name: Name): string {
    return this.names.get(name) ?? "#000";
  }

  /** Hatching, single or crossed, for what must be told apart without colour. */
  hatch(isCrossed: boolean): CanvasPattern | null {
    const key = String(isCrossed);
    if (!this.patterns.has(key)) {
      const tile = html("canvas");
      tile.width = tile.height = 6;
      const ctx = tile.getContext("2d");
      if (ctx) {
        ctx.strokeStyle = this.colour("hatching");
        ctx.stroke(new Path2D(isCrossed ? "M0 6L6 0M0 0L6 6" : "M-2 2L2 -2M0 6L6 0M4 8L8 4"));
      }
      this.patterns.set(key, ctx?.createPattern(tile, "repeat") ?? null);
    }
    return this.patterns.get(key) ?? null;
  }

  private resolved(value: string): string {
    this.probe.style.color = value;
    return getComputedStyle(this.probe).color;
  }
}

/** Be told when the page turns light or dark. */
export function onScheme(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
