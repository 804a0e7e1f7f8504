// Lines of the globe: the flown path in the colours of its phases, what is past of it, rings and tracks.

import { BufferAttribute, BufferGeometry, Color, Group, Line, LineBasicMaterial, LineDashedMaterial } from "three";
import { Line2 } from "three/addons/lines/Line2.js";
import { LineGeometry } from "three/addons/lines/LineGeometry.js";
import { LineMaterial } from "three/addons/lines/LineMaterial.js";
import { type Paths, type Vector, turned } from "./sheet_path";

const STEP = 20; // seconds between points of the flown path

export const COLOURS: Record<string, string> = {
  ascent: "#f0a830",
  rendezvous: "#5bb8f5",
  approach: "#4fd6a4",
  docked: "#c9d3dd",
  return: "#ff7d5c",
};

export function colourOf(phase: string): string {
  return COLOURS[phase] ?? "#b9a4f0";
}

interface Point {
  t: number;
  r: Vector;
  phase: string;
}

/** One piece of the flown path without a gap: faint as a whole, bright as far as it is past. */
class Piece {
  readonly group = new Group();
  private readonly past: Line2;

  constructor(
    private readonly points: Point[],
    materials: { faint: LineMaterial; bright: LineMaterial },
    private readonly isFixed: boolean,
  ) {
    const whole = new Line2(this.geometry(), materials.faint);
    this.past = new Line2(this.geometry(), materials.bright);
    for (const line of [whole, this.past]) line.frustumCulled = false;
    this.group.add(whole, this.past);
  }

  private geometry(): LineGeometry {
    const made = new LineGeometry();
    const colour = new Color();
    const at = (p: Point) => (this.isFixed ? turned(p.r, p.t, -1) : p.r);
    made.setPositions(this.points.flatMap(at));
    made.setColors(
      this.points.flatMap((p) => {
        colour.set(colourOf(p.phase));
        return [colour.r, colour.g, colour.b];
      }),
    );
    return made;
  }

  show(t: number): void {
    const n = this.points.findIndex((p) => p.t > t);
    const count = n < 0 ? this.points.length - 1 : Math.max(n - 1, 0);
    this.past.geometry.instanceCount = count;
    this.past.visible = count > 0;
  }
}

export class FlownPath {
  readonly group = new Group();
  private readonly pieces: Piece[];
  private readonly tail: Line2;
  private readonly points: Point[] = [];

  constructor(
    private readonly paths: Paths,
    private readonly materials: { faint: LineMaterial; bright: LineMaterial },
    private readonly isFixed: boolean,
  ) {
    const runs: Point[][] = [];
    for (const { phase, rows } of paths.drawing.arcs) {
      const [from, to] = [rows[0] ?? 0, rows[rows.length - 7] ?? 0];
      const n = Math.max(Math.ceil((to - from) / STEP), 1);
      const run: Point[] = [];
      for (let i = 0; i <= n; i += 1) {
        const t = from + ((to - from) * i) / n;
        const place = paths.craft(t);
        if (place) run.push({ t, r: place.r, phase });
      }
      const before = runs[runs.length - 1];
      const joint = before?.[before.length - 1];
      if (before && joint && Math.abs(joint.t - from) < 1) before.push(...run);
      else runs.push(run);
    }
    this.pieces = runs.filter((run) => run.length > 1).map((run) => new Piece(run, materials, isFixed));
    this.points = runs.flat();
    this.tail = new Line2(new LineGeometry(), materials.bright);
    this.tail.frustumCulled = false;
    this.group.add(...this.pieces.map((p) => p.group), this.tail);
  }

  /** Bright up to an instant, the last bit up to the craft itself. */
  show(t: number): void {
    for (const piece of this.pieces) piece.show(t);
    const place = this.paths.craft(t);
    const before = [...this.points].reverse().find((p) => p.t <= t);
    this.tail.visible = place !== null && place.phase !== "docked" && before !== undefined && t - before.t < STEP;
    if (!this.tail.visible || !place || !before) return;
    const ends = [
      this.isFixed ? turned(before.r, before.t, -1) : before.r,
      this.isFixed ? turned(place.r, t, -1) : place.r,
    ];
    const colour = new Color(colourOf(place.phase));
    const geometry = new LineGeometry();
    geometry.setPositions(ends.flat());
    geometry.setColors([colour.r, colour.g, colour.b, colour.r, colour.g, colour.b]);
    this.tail.geometry.dispose();
    this.tail.geometry = geometry;
  }

  resize(width: number, height: number): void {
    for (const material of Object.values(this.materials)) material.resolution.set(width, height);
  }
}

export function pathMaterials(): { faint: LineMaterial; bright: LineMaterial } {
  const common = { vertexColors: true, transparent: true };
  return {
    faint: new LineMaterial({ ...common, linewidth: 1.4, opacity: 0.42 }),
    bright: new LineMaterial({ ...common, linewidth: 3, opacity: 1 }),
  };
}

/** A thin line whose points are set anew at each drawing. */
export class ThinLine {
  readonly line: Line;
  private readonly places: BufferAttribute;

  constructor(
    private readonly n: number,
    colour: string,
    opacity: number,
    dashKm = 0,
  ) {
    this.places = new BufferAttribute(new Float32Array(n * 3), 3);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", this.places);
    const options = { color: colour, opacity, transparent: true };
    const material = dashKm
      ? new LineDashedMaterial({ ...options, dashSize: dashKm, gapSize: dashKm })
      : new LineBasicMaterial(options);
    this.line = new Line(geometry, material);
    this.line.frustumCulled = false;
  }

  /** Points at equal steps from 0 to 1; the line ends where there is none. */
  set(at: (share: number) => Vector | null): void {
    let n = 0;
    for (let i = 0; i < this.n; i += 1) {
      const place = at(i / (this.n - 1));
      if (place) this.places.setXYZ(n++, ...place);
    }
    this.line.geometry.setDrawRange(0, n);
    this.places.needsUpdate = true;
    this.line.visible = n > 1;
    if (this.line.material instanceof LineDashedMaterial) this.line.computeLineDistances();
  }
}
