// Names over the globe, as text of the document: projected, hidden behind the Earth, never one over another.

import { PerspectiveCamera, Vector3 } from "three";
import { html } from "./dom";
import { EARTH_KM, type Vector } from "./sheet_path";

const LINE = 15;
const LETTER = 6.1;
const ONE_DOT = 7; // pixels: events nearer than this share a dot, and a name

export interface Label {
  kind: string;
  text: string;
  /** Where it is in the drawing's axes; null hides it. */
  at: Vector | null;
  /** Names of greater weight are placed first; a weight of nothing shows a dot without a name. */
  weight: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Named {
  element: HTMLElement;
  label: Label;
  x: number;
  y: number;
}

export class Labels {
  readonly place = html("div", "globe-labels");
  private readonly made: HTMLElement[] = [];
  private readonly projected = new Vector3();

  constructor() {
    this.place.setAttribute("aria-hidden", "true");
  }

  draw(labels: Label[], camera: PerspectiveCamera, width: number, height: number): void {
    const taken: Box[] = [];
    const named: Named[] = [];
    const order = labels.map((label, i) => ({ label, i })).sort((a, b) => b.label.weight - a.label.weight);
    while (this.made.length < labels.length) {
      const element = html("span", "globe-label");
      element.append(html("i"), html("b"));
      this.made.push(element);
      this.place.append(element);
    }
    this.made.forEach((element, i) => {
      if (i >= labels.length) element.hidden = true;
    });
    for (const { label, i } of order) {
      const element = this.made[i];
      if (!element) continue;
      element.hidden = !label.at || this.isBehind(label.at, camera);
      if (element.hidden || !label.at) continue;
      const p = this.projected.set(...label.at).project(camera);
      const [x, y] = [((p.x + 1) / 2) * width, ((1 - p.y) / 2) * height];
      if (x < 0 || y < 0 || x > width || y > height) {
        element.hidden = true;
        continue;
      }
      element.className = `globe-label k-${label.kind}`;
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      const isAt = (n: Named) => n.label.kind === "event" && Math.hypot(n.x - x, n.y - y) < ONE_DOT;
      const twin = label.kind === "event" ? named.find(isAt) : undefined;
      if (twin) {
        (element.lastElementChild as HTMLElement).hidden = true;
        twin.label.text += `, ${label.text}`;
      } else named.push({ element, label: { ...label }, x, y });
    }
    for (const { element, label, x, y } of named) this.name(element, label, x, y, width, taken);
  }

  private name(element: HTMLElement, label: Label, x: number, y: number, width: number, taken: Box[]): void {
    const name = element.lastElementChild as HTMLElement;
    const long = Math.min(label.text.length * LETTER + 6, 150);
    const sides = [
      { left: x + 7, side: "right" },
      { left: x - 7 - long, side: "left" },
    ];
    const free = sides.find(({ left }) => {
      const box = { left, right: left + long, top: y - LINE / 2, bottom: y + LINE / 2 };
      const isFree =
        left >= 0 &&
        box.right <= width &&
        !taken.some((b) => b.left < box.right && box.left < b.right && b.top < box.bottom && box.top < b.bottom);
      if (isFree && label.weight > 0) taken.push(box);
      return isFree;
    });
    name.hidden = !free || label.weight <= 0;
    if (name.hidden || !free) return;
    name.dataset["side"] = free.side;
    if (name.textContent !== label.text) name.textContent = label.text;
  }

  /** Whether the Earth, taken as a ball, lies between. */
  private isBehind(at: Vector, camera: PerspectiveCamera): boolean {
    const c = camera.position;
    const [dx, dy, dz] = [at[0] - c.x, at[1] - c.y, at[2] - c.z];
    const length = Math.hypot(dx, dy, dz);
    const along = -(c.x * dx + c.y * dy + c.z * dz) / length;
    if (along >= length) return false;
    const least = Math.sqrt(Math.max(c.lengthSq() - along ** 2, 0));
    return least < EARTH_KM - 20 && along > 0 && along < length - 60;
  }
}
