// Where the craft and its station are: Hermite's cubic between rows of t, r, v, and the ground beneath.
// Kilometres, in axes that stand still: those of the turning Earth as they were at lift-off.

import type { Drawing, LocalPath } from "./sheet_shape";

export type Vector = [number, number, number];

export const EARTH_KM = 6378.137;
export const POLE_KM = 6356.7523142;
const RATE = 7.292115e-5; // radians a second, WGS 84
const E2 = 1 - (POLE_KM / EARTH_KM) ** 2;

/** Index of the last row that does not begin after `t`, of all but the last. */
function row(rows: number[], width: number, t: number): number {
  let low = 0;
  let high = rows.length / width - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle * width] ?? 0) <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

function orbitAt(rows: number[], t: number): Vector {
  const k = row(rows, 7, t) * 7;
  const at = (i: number) => rows[k + i] ?? 0;
  const h = at(7) - at(0);
  const w = (t - at(0)) / h;
  const [a, b] = [(1 + 2 * w) * (1 - w) ** 2, w * (1 - w) ** 2 * h];
  const [c, d] = [w * w * (3 - 2 * w), w * w * (w - 1) * h];
  const axis = (i: number) => a * at(i) + b * at(i + 3) + c * at(i + 7) + d * at(i + 10);
  return [axis(1), axis(2), axis(3)];
}

function spans(rows: number[], t: number, width = 7): boolean {
  return t >= (rows[0] ?? Infinity) && t <= (rows[rows.length - width] ?? -Infinity);
}

/** A place between rows of t, x, y, z on straight lines; null outside them. */
export function localAt(path: LocalPath, t: number): Vector | null {
  const { rows } = path;
  if (!spans(rows, t, 4)) return null;
  const k = row(rows, 4, t) * 4;
  const at = (i: number) => rows[k + i] ?? 0;
  const w = (t - at(0)) / (at(4) - at(0));
  const axis = (i: number) => at(i) + w * (at(i + 4) - at(i));
  return [axis(1), axis(2), axis(3)];
}

/** Turn a place by the Earth's rotation of `t` seconds; forward (1) from the ground, backward (-1) to it. */
export function turned(r: Vector, t: number, sense: 1 | -1): Vector {
  const angle = sense * RATE * t;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * r[0] - s * r[1], s * r[0] + c * r[1], r[2]];
}

/** Place on or above the ellipsoid, in axes that turn with the Earth. */
export function onGround(latDeg: number, lonDeg: number, heightKm = 0): Vector {
  const [lat, lon] = [(latDeg * Math.PI) / 180, (lonDeg * Math.PI) / 180];
  const n = EARTH_KM / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
  const across = (n + heightKm) * Math.cos(lat);
  return [across * Math.cos(lon), across * Math.sin(lon), (n * (1 - E2) + heightKm) * Math.sin(lat)];
}

/** Degrees north and east and kilometres above the ellipsoid (Bowring), of axes that turn with the Earth. */
export function geodetic(r: Vector): { lat: number; lon: number; height: number } {
  const p = Math.hypot(r[0], r[1]);
  const u = Math.atan2(r[2] * EARTH_KM, p * POLE_KM);
  const ep2 = E2 / (1 - E2);
  const lat = Math.atan2(r[2] + ep2 * POLE_KM * Math.sin(u) ** 3, p - E2 * EARTH_KM * Math.cos(u) ** 3);
  const n = EARTH_KM / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
  const height = p * Math.cos(lat) + r[2] * Math.sin(lat) - EARTH_KM ** 2 / n;
  return { lat: (lat * 180) / Math.PI, lon: (Math.atan2(r[1], r[0]) * 180) / Math.PI, height };
}

export interface Place {
  r: Vector;
  phase: string;
}

export class Paths {
  constructor(readonly drawing: Drawing) {}

  /** Where the craft is, and in which phase; null before lift-off and where nobody knows. */
  craft(t: number): Place | null {
    const station = this.isDocked(t) ? this.station(t) : null;
    if (station) return { r: station, phase: "docked" };
    for (const { phase, rows } of this.drawing.arcs) {
      if (spans(rows, t)) return { r: orbitAt(rows, t), phase };
    }
    return null;
  }

  isDocked(t: number): boolean {
    const [from, to] = this.drawing.docked_s;
    return from !== undefined && to !== undefined && t >= from && t <= to;
  }

  station(t: number): Vector | null {
    const rows = this.drawing.station_rows;
    return spans(rows, t) ? orbitAt(rows, t) : null;
  }

  /** Unit vector to the Sun. */
  sun(t: number): Vector {
    const { sun, from_s, to_s } = this.drawing;
    const w = Math.min(Math.max((t - from_s) / (to_s - from_s), 0), 1);
    const axis = (i: number) => (sun[0]?.[i] ?? 0) * (1 - w) + (sun[1]?.[i] ?? 0) * w;
    const [x, y, z] = [axis(0), axis(1), axis(2)];
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
  }

  /** Whether a place is in the Sun's light: the cylinder behind a round Earth, as a word. */
  light(r: Vector, t: number): string {
    const s = this.sun(t);
    const along = r[0] * s[0] + r[1] * s[1] + r[2] * s[2];
    const across2 = r[0] ** 2 + r[1] ** 2 + r[2] ** 2 - along ** 2;
    return along < 0 && across2 < EARTH_KM ** 2 ? "shadow" : "sun";
  }
}

export function distance(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
