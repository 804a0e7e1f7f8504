// The last two kilometres in the station's local frame: two projections, one scale each way.

import { button, html, svg } from "./dom";
import type { InsetData, LocalPath } from "./sheet_shape";
import { type Vector, localAt } from "./sheet_path";

const REACHES = [2200, 600, 250, 60]; // metres from the middle to the edge
const SIDE = 460;
const CORRIDOR_M = 240;

interface Plane {
  name: string;
  right: string;
  up: string;
  x(r: Vector): number;
  y(r: Vector): number;
}

// Ahead is to the right as on a flight controller's screen; down is down.
const PLANES: Plane[] = [
  { name: "from the side", right: "ahead (V-bar)", up: "down (R-bar)", x: (r) => r[0], y: (r) => r[2] },
  { name: "from above", right: "ahead (V-bar)", up: "across, right of the track", x: (r) => r[0], y: (r) => r[1] },
];

export class Inset {
  readonly place = html("figure", "inset");
  private reach = 0;
  private plane = 0;
  private readonly drawing = svg("svg", { class: "inset-drawing", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img" });
  private readonly craft = svg("g", { class: "inset-craft" });
  private readonly caption = html("figcaption");
  private readonly sideButton: HTMLButtonElement;
  private t = 0;

  constructor(private readonly data: InsetData) {
    const tools = html("div", "inset-tools");
    this.sideButton = button("", "Look from the side or from above", () => {
      this.plane = (this.plane + 1) % PLANES.length;
      this.build();
    });
    tools.append(
      button("\u2212", "Show more of the approach", () => this.zoom(-1)),
      button("+", "Show less, closer to the port", () => this.zoom(1)),
      this.sideButton,
    );
    this.craft.append(svg("circle", { r: 9, class: "halo" }), svg("circle", { r: 4 }));
    const box = html("div", "inset-box");
    box.append(this.drawing, tools);
    this.place.append(box, this.caption);
    this.build();
  }

  /** Move the craft; true if it is on the way. */
  draw(t: number): boolean {
    this.t = t;
    const at = localAt(this.data.flown, t);
    const [x, y] = at ? this.at(at) : [-99, -99];
    this.craft.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    this.craft.setAttribute("display", at ? "inline" : "none");
    const { rows } = this.data.flown;
    const last: Vector = [rows[rows.length - 3] ?? 0, rows[rows.length - 2] ?? 0, rows[rows.length - 1] ?? 0];
    const isAfter = t > (rows[rows.length - 4] ?? 0);
    const away = at ?? (isAfter ? last : null);
    const port = this.data.port_m;
    const range = away && Math.hypot(...away.map((v, i) => v - (port[i] ?? 0)));
    this.caption.textContent =
      `Local frame of the station, ${PLANES[this.plane]?.name ?? ""}. ` +
      (at && range !== null ? `${metres(range)} from ${this.data.port}.` : isAfter ? "The approach is over." : "Not yet on the approach.");
    return at !== null;
  }

  private zoom(way: 1 | -1): void {
    this.reach = Math.min(Math.max(this.reach + way, 0), REACHES.length - 1);
    this.build();
  }

  private get metresAcross(): number {
    return REACHES[this.reach] ?? 1;
  }

  private get middle(): Vector {
    const [x, y, z] = this.data.port_m;
    return this.reach > 1 ? [x ?? 0, y ?? 0, z ?? 0] : [0, 0, 0];
  }

  private at(r: Vector): [number, number] {
    const plane = PLANES[this.plane];
    if (!plane) return [0, 0];
    const scale = SIDE / 2 / this.metresAcross;
    const middle = this.middle;
    return [SIDE / 2 + (plane.x(r) - plane.x(middle)) * scale, SIDE / 2 + (plane.y(r) - plane.y(middle)) * scale];
  }

  private build(): void {
    const plane = PLANES[this.plane];
    if (!plane) return;
    this.sideButton.textContent = this.plane ? "From the side" : "From above";
    const { data } = this;
    const scale = SIDE / 2 / this.metresAcross;
    const [cx, cy] = this.at([0, 0, 0]);
    const [a, b, c] = data.ellipsoid_m;
    const made: SVGElement[] = [...this.grid()];
    made.push(
      svg("ellipse", { cx, cy, rx: (a ?? 0) * scale, ry: ((this.plane ? b : c) ?? 0) * scale, class: "ellipsoid" }),
      svg("circle", { cx, cy, r: data.sphere_m * scale, class: "sphere" }),
      this.corridor(),
    );
    for (const path of data.sampled) made.push(this.line(path, "sampled"));
    made.push(this.line(data.flown, "flown"), ...this.stages());
    const [px, py] = this.at([data.port_m[0] ?? 0, data.port_m[1] ?? 0, data.port_m[2] ?? 0]);
    made.push(svg("rect", { x: px - 3, y: py - 3, width: 6, height: 6, class: "port" }));
    made.push(text(plane.right + " \u2192", SIDE - 8, SIDE - 8, "end", "axis-name"));
    made.push(text("\u2193 " + plane.up, 8, SIDE - 8, "start", "axis-name"));
    made.push(...this.names(cx, cy, scale));
    this.drawing.replaceChildren(...made, this.craft);
    this.drawing.setAttribute(
      "aria-label",
      `The approach to ${data.port} ${plane.name}, ${metres(this.metresAcross)} to each side; its table is below`,
    );
    this.draw(this.t);
  }

  /** The corridor as far as it is told: from the port to a little outside the sphere. */
  private corridor(): SVGPathElement {
    const { data } = this;
    const [ax, ay, az] = data.axis;
    const axis: Vector = [ax ?? 0, ay ?? 0, az ?? 0];
    const out = (distance: number, side: number): Vector => {
      const half = data.corridor_foot_m + distance * Math.tan((data.corridor_deg * Math.PI) / 180);
      // Across the axis within the plane that is shown.
      const across: Vector = this.plane ? [-axis[1], axis[0], 0] : [-axis[2], 0, axis[0]];
      const length = Math.hypot(...across);
      if (length < 1e-6) across[this.plane ? 0 : 2] = 1;
      const unit = length < 1e-6 ? across : (across.map((v) => v / length) as Vector);
      return axis.map((v, i) => (data.port_m[i] ?? 0) + v * distance + side * half * (unit[i] ?? 0)) as Vector;
    };
    const corners = [out(0, -1), out(CORRIDOR_M, -1), out(CORRIDOR_M, 1), out(0, 1)].map((r) => this.at(r));
    const lookedInto = Math.hypot(axis[0], this.plane ? axis[1] : axis[2]) < 0.05;
    const made = svg("path", { class: "corridor" });
    const path = lookedInto ? "" : `M${corners.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
    made.setAttribute("d", path);
    return made;
  }

  private line(path: LocalPath, kind: string): SVGPolylineElement {
    const points: string[] = [];
    for (let i = 0; i + 3 < path.rows.length; i += 4) {
      const [x, y] = this.at([path.rows[i + 1] ?? 0, path.rows[i + 2] ?? 0, path.rows[i + 3] ?? 0]);
      points.push(`${x.toFixed(1)},${y.toFixed(1)}`);
    }
    return svg("polyline", { class: `path-${kind}`, points: points.join(" ") });
  }

  private stages(): SVGElement[] {
    const made: SVGElement[] = [];
    const taken: [number, number][] = [];
    for (const stage of this.data.stages) {
      const r = localAt(this.data.flown, stage.t);
      if (!r) continue;
      const [x, y] = this.at(r);
      if (x < 0 || y < 0 || x > SIDE || y > SIDE) continue;
      made.push(svg("circle", { cx: x, cy: y, r: 3, class: "stage" }));
      if (taken.some(([a, b]) => Math.abs(a - x) < 90 && Math.abs(b - y) < 13)) continue;
      taken.push([x, y]);
      const isRight = x > SIDE * 0.68;
      made.push(text(stage.name.replace(/-/g, " "), x + (isRight ? -7 : 7), y + 4, isRight ? "end" : "start", "stage-name"));
    }
    return made;
  }

  private names(cx: number, cy: number, scale: number): SVGElement[] {
    const made: SVGElement[] = [];
    const [a] = this.data.ellipsoid_m;
    const sphere = this.data.sphere_m * scale;
    if (sphere > 14 && sphere < SIDE) {
      // On the side from which nobody comes.
      const isFromAbove = (this.plane ? this.data.axis[1] ?? 0 : this.data.axis[2] ?? 0) < -0.5;
      const y = isFromAbove ? cy + sphere + 14 : cy - sphere - 5;
      made.push(text(`keep-out sphere ${metres(this.data.sphere_m)}`, cx, y, "middle", "sphere-name"));
    }
    if ((a ?? 0) * scale < SIDE) made.push(text("approach ellipsoid", cx, 16 + cy - 1000 * scale, "middle", "ellipsoid-name"));
    return made;
  }

  private grid(): SVGElement[] {
    const step = niceStep(this.metresAcross / 2.2);
    const made: SVGElement[] = [];
    const [cx, cy] = this.at(this.middle);
    const scale = SIDE / 2 / this.metresAcross;
    for (let k = -4; k <= 4; k += 1) {
      const [x, y] = [cx + k * step * scale, cy + k * step * scale];
      const kind = k === 0 ? "grid zero" : "grid";
      if (x > 0 && x < SIDE) made.push(svg("line", { x1: x, x2: x, y1: 0, y2: SIDE, class: kind }));
      if (y > 0 && y < SIDE) made.push(svg("line", { x1: 0, x2: SIDE, y1: y, y2: y, class: kind }));
      if (k && x > 30 && x < SIDE - 30) made.push(text(metres(k * step), x, 14, "middle", "grid-name"));
    }
    return made;
  }
}

function niceStep(about: number): number {
  const unit = 10 ** Math.floor(Math.log10(about));
  const found = [1, 2, 5].filter((k) => k * unit <= about).pop() ?? 1;
  return found * unit;
}

function metres(value: number): string {
  const sign = value < 0 ? "\u2212" : "";
  const size = Math.abs(value);
  return size >= 1000 ? `${sign}${Number((size / 1000).toFixed(2))} km` : `${sign}${Number(size.toFixed(size < 10 ? 1 : 0))} m`;
}

function text(value: string, x: number, y: number, anchor: string, kind: string): SVGTextElement {
  const made = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, class: kind });
  made.textContent = value;
  return made;
}
