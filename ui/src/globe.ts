// The globe of a flown flight; a script of its own (globe.js), so that reports without one stay small.
// It draws when it is told to, and once when its pictures are ready; it has no loop.

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  ColorManagement,
  Group,
  LinearSRGBColorSpace,
  PerspectiveCamera,
  Points,
  Scene,
  ShaderMaterial,
  WebGLRenderer,
} from "three";
import { Earth } from "./globe_earth";
import { type Label, Labels } from "./globe_labels";
import { FlownPath, ThinLine, colourOf, pathMaterials } from "./globe_path";
import { Paths, type Vector, distance, geodetic, onGround, turned } from "./sheet_path";
import type { Drawing } from "./sheet_shape";

const REVOLUTION = 5570; // seconds: of the ring and the track that are drawn
const NEAREST = 7400;
const FARTHEST = 60000;
const BESIDE = 0.75; // how far the view is off the plane of the orbit: the tangent of 37 degrees
const BESIDE_SHARE = 0.025; // of the distance of the view: craft and station nearer than that have one name
const TRACK_KM = 12; // so high above the ground that the Earth does not hide its track
const WEIGHTS = { craft: 9, station: 8, landing: 7, pad: 6, home: 5, event: 4, next: 3, site: 0, zone: 0 };

ColorManagement.enabled = false; // colours are those of the style sheet, in every line and dot

function unit(r: Vector): Vector {
  const length = Math.hypot(...r) || 1;
  return r.map((x) => x / length) as Vector;
}

/** The angle by which the Earth has turned since lift-off. */
function turnOf(t: number): number {
  const x = turned([1, 0, 0], t, 1);
  return Math.atan2(x[1], x[0]);
}

export class Globe {
  readonly view = { isFixed: false, isFollowing: true, azimuth: 0, height: 0.35, distance: 22500 };
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(36, 1, 500, 120000);
  private readonly turning = new Group();
  private readonly earth: Earth;
  private readonly labels = new Labels();
  private readonly paths: Paths;
  private readonly flown: { still: FlownPath; fixed: FlownPath };
  private readonly ring = new ThinLine(241, "#dfe7ee", 0.55);
  private readonly past = new ThinLine(181, "#ffffff", 0.7);
  private readonly future = new ThinLine(181, "#ffffff", 0.65, 140);
  private readonly dots: { still: Points; fixed: Points };
  private t = 0;
  private width = 1;
  private height = 1;

  /** Null where the browser gives no WebGL. */
  static on(place: HTMLElement, drawing: Drawing): Globe | null {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2", { antialias: true, preserveDrawingBuffer: true });
    return context ? new Globe(place, canvas, context, drawing) : null;
  }

  private constructor(
    private readonly place: HTMLElement,
    readonly canvas: HTMLCanvasElement,
    context: WebGL2RenderingContext,
    private readonly drawing: Drawing,
  ) {
    this.paths = new Paths(drawing);
    this.renderer = new WebGLRenderer({ canvas, context, antialias: true, preserveDrawingBuffer: true });
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setClearColor(new Color("#0b1017"));
    this.camera.up.set(0, 0, 1);
    this.earth = new Earth(() => this.draw(this.t), Math.min(this.renderer.capabilities.getMaxAnisotropy(), 8));
    const materials = pathMaterials();
    this.flown = {
      still: new FlownPath(this.paths, materials, false),
      fixed: new FlownPath(this.paths, materials, true),
    };
    this.dots = { still: this.eventDots(false), fixed: this.eventDots(true) };
    this.turning.add(this.earth.mesh, this.past.line, this.future.line);
    this.scene.add(this.turning, this.ring.line, this.flown.still.group, this.flown.fixed.group);
    this.scene.add(this.dots.still, this.dots.fixed);
    place.append(canvas, this.labels.place);
  }

  resize(): void {
    this.draws(this.place.clientWidth, this.place.clientHeight, Math.min(window.devicePixelRatio, 2));
  }

  /** Lay a plain picture of that size over it: a printer may take the canvas as it was before. */
  toPaper(width: number, height: number): void {
    this.draws(width, height, 2);
    const copy = document.createElement("canvas");
    copy.className = "on-paper";
    [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
    copy.getContext("2d")?.drawImage(this.canvas, 0, 0);
    this.canvas.before(copy);
  }

  fromPaper(): void {
    for (const copy of this.place.querySelectorAll(".on-paper")) copy.remove();
    this.resize();
  }

  private draws(width: number, height: number, pixelRatio: number): void {
    this.width = Math.max(width, 1);
    this.height = Math.max(height, 1);
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(this.width, this.height, false);
    this.camera.aspect = this.width / this.height;
    this.camera.updateProjectionMatrix();
    this.flown.still.resize(this.width, this.height);
    this.draw(this.t);
  }

  turn(dx: number, dy: number): void {
    this.view.isFollowing = false;
    this.view.azimuth -= dx;
    this.view.height = Math.min(Math.max(this.view.height + dy, -1.5), 1.5);
    this.draw(this.t);
  }

  zoom(factor: number): void {
    this.view.distance = Math.min(Math.max(this.view.distance / factor, NEAREST), FARTHEST);
    this.draw(this.t);
  }

  draw(t: number): void {
    this.t = t;
    const { isFixed } = this.view;
    const shown = (r: Vector) => (isFixed ? turned(r, t, -1) : r);
    const craft = this.paths.craft(t);
    this.turning.rotation.z = isFixed ? 0 : turnOf(t);
    this.earth.light(...shown(this.paths.sun(t)));
    this.flown.still.group.visible = this.dots.still.visible = !isFixed;
    this.flown.fixed.group.visible = this.dots.fixed.visible = isFixed;
    (isFixed ? this.flown.fixed : this.flown.still).show(t);
    this.tracks(t, isFixed);
    this.look(craft ? shown(craft.r) : shown(turned(this.padKm(), t, 1)), t);
    this.renderer.render(this.scene, this.camera);
    this.labels.draw(this.names(t, shown), this.camera, this.width, this.height);
  }

  dispose(): void {
    this.renderer.dispose();
    this.place.replaceChildren();
  }

  private padKm(): Vector {
    const pad = this.drawing.spots.find((s) => s.kind === "pad");
    return pad ? onGround(pad.lat, pad.lon) : [7000, 0, 0];
  }

  /** The normal of the station's orbit, as it is shown. */
  private normal(t: number): Vector {
    const { from_s, station_rows: rows } = this.drawing;
    const last = rows[rows.length - 7] ?? 0;
    const at = Math.min(Math.max(t, from_s + 1), last - 1);
    const [a, b] = [this.paths.station(at - 1), this.paths.station(at + 1)];
    if (!a || !b) return [0, 0, 1];
    const n: Vector = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    return this.view.isFixed ? turned(n, t, -1) : n;
  }

  /** From beside the orbit's plane, so that the ring is a ring, with the craft in front. */
  private look(at: Vector, t: number): void {
    const { view } = this;
    if (view.isFollowing) {
      const up = unit(at);
      const away = unit(this.normal(t));
      const from = up.map((x, i) => x + BESIDE * (away[i] ?? 0)) as Vector;
      view.azimuth = Math.atan2(from[1], from[0]);
      view.height = Math.atan2(from[2], Math.hypot(from[0], from[1]));
    }
    const across = view.distance * Math.cos(view.height);
    this.camera.position.set(
      across * Math.cos(view.azimuth),
      across * Math.sin(view.azimuth),
      view.distance * Math.sin(view.height),
    );
    this.camera.lookAt(0, 0, 0);
    this.camera.updateMatrixWorld();
  }

  /** The station's ring, and a revolution of track on the ground behind and ahead of the craft. */
  private tracks(t: number, isFixed: boolean): void {
    this.ring.set((share) => {
      const at = t + (share - 0.5) * REVOLUTION;
      const r = this.paths.station(at) ?? null;
      return r && (isFixed ? turned(r, at, -1) : r);
    });
    const below = (at: number) => {
      const r = this.paths.craft(at)?.r ?? this.paths.station(at);
      if (!r) return null;
      const { lat, lon } = geodetic(turned(r, at, -1));
      return onGround(lat, lon, TRACK_KM);
    };
    const first = this.drawing.arcs[0]?.rows[0] ?? 0;
    this.past.set((share) => {
      const at = t - (1 - share) * REVOLUTION;
      return at < first && t >= first ? null : below(at);
    });
    this.future.set((share) => below(t + share * REVOLUTION));
  }

  private names(t: number, shown: (r: Vector) => Vector): Label[] {
    const { drawing } = this;
    const craft = this.paths.craft(t);
    const station = this.paths.station(t);
    const ground = (lat: number, lon: number) => shown(turned(onGround(lat, lon, 5), t, 1));
    const isBeside = craft && station && distance(craft.r, station) < this.view.distance * BESIDE_SHARE;
    const found: Label[] = drawing.spots.map((s) => ({
      kind: s.kind,
      text: s.name,
      at: s.kind === "landing" && t < drawing.to_s - 1 ? null : ground(s.lat, s.lon),
      weight: WEIGHTS[s.kind],
    }));
    found.push(
      {
        kind: "craft",
        text: isBeside ? `${drawing.craft}, ${drawing.station}` : drawing.craft,
        at: craft && shown(craft.r),
        weight: WEIGHTS.craft,
      },
      {
        kind: "station",
        text: drawing.station,
        at: station && !isBeside ? shown(station) : null,
        weight: WEIGHTS.station,
      },
    );
    for (const m of drawing.marks) {
      const r = this.paths.craft(m.t)?.r;
      const isNear = Math.abs(m.t - t) < REVOLUTION / 3;
      const isSaid = found.some((l) => l.text === m.name && l.kind === "event");
      if (!r || !isNear || isSaid || Math.abs(m.t - t) < 1) continue;
      const at = this.view.isFixed ? turned(r, m.t, -1) : r;
      found.push({ kind: "event", text: m.name, at, weight: m.t <= t ? WEIGHTS.event : WEIGHTS.next });
    }
    return found;
  }

  /** Dots where something happened. */
  private eventDots(isFixed: boolean): Points {
    const places: number[] = [];
    const colours: number[] = [];
    const colour = new Color();
    for (const m of this.drawing.marks) {
      const place = this.paths.craft(m.t);
      if (!place) continue;
      places.push(...(isFixed ? turned(place.r, m.t, -1) : place.r));
      colour.set(m.kind === "burn" ? "#ffffff" : colourOf(place.phase));
      colours.push(colour.r, colour.g, colour.b);
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(new Float32Array(places), 3));
    geometry.setAttribute("color", new BufferAttribute(new Float32Array(colours), 3));
    const material = new ShaderMaterial({
      vertexShader: `
        attribute vec3 color;
        varying vec3 tint;
        uniform float size;
        void main() {
          tint = color;
          gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
          gl_PointSize = size;
        }`,
      fragmentShader: `
        varying vec3 tint;
        void main() {
          float r = length(gl_PointCoord - 0.5);
          if (r > 0.5) discard;
          gl_FragColor = vec4(r > 0.34 ? vec3(0.04, 0.06, 0.09) : tint, 1.0);
        }`,
      uniforms: { size: { value: 8 * Math.min(window.devicePixelRatio, 2) } },
    });
    const made = new Points(geometry, material);
    made.frustumCulled = false;
    return made;
  }
}
