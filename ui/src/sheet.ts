// The page of flights: a list, one sheet at a time, and for a flown flight its globe, clock, inset and plots.

import { button, html } from "./dom";
import type { Globe } from "./globe";
import { Inset } from "./inset";
import type { Page } from "./pages";
import { Clock, missionTime, utc } from "./sheet_clock";
import { Paths, distance, geodetic, turned } from "./sheet_path";
import { contactPlots, spreadPlots } from "./sheet_plots";
import type { Drawing, Mark } from "./sheet_shape";

// The class comes from a script of its own, which only documents with a globe carry.
declare global {
  var crossflightGlobe: { Globe: typeof Globe } | undefined;
}

const PHASES = ["ascent", "rendezvous", "approach", "docked", "return"];
const TURN = 0.09; // radians a key
const DRAG = 0.0055; // radians a pixel at the usual distance
const ON_PAPER = [480, 280] as const; // pixels of the globe, as sheet.css prints it
const STEP_S = 10; // over which the speed that is shown is taken

export function flightsPage(page: HTMLElement, drawings: Record<string, Drawing>): Page {
  const sheets = Array.from(document.querySelectorAll<HTMLElement>("#page-flights .flight-sheet"));
  const list = html("nav", "flight-list");
  list.setAttribute("aria-label", "Flights");
  const flown = new Map<HTMLElement, FlownSheet>();
  const links = sheets.map((sheet) => {
    const link = html("a", "flight-link");
    link.href = `#${sheet.id}`;
    const name = html("b", "", sheet.querySelector("h2")?.textContent ?? "");
    name.dir = "auto";
    link.append(name, html("small", "", sheet.dataset["when"] ?? ""));
    const isFlown = drawings[sheet.id] !== undefined;
    link.classList.toggle("flown", isFlown);
    if (isFlown) link.title = "Flown";
    return link;
  });
  list.append(...links);
  if (sheets.length > 1) page.replaceChildren(list);
  else page.remove();
  let current: HTMLElement | undefined;

  const choose = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const named = sheets.find((s) => s.contains(target));
    const found = named ?? sheets.find((s) => drawings[s.id]) ?? sheets[0];
    if (!found) return;
    if (found !== current) {
      if (current) flown.get(current)?.rest();
      current = found;
      sheets.forEach((sheet, i) => {
        sheet.hidden = sheet !== found;
        if (sheet === found) links[i]?.setAttribute("aria-current", "true");
        else links[i]?.removeAttribute("aria-current");
      });
      links[sheets.indexOf(found)]?.scrollIntoView({ block: "nearest", inline: "nearest" });
      const drawing = drawings[found.id];
      const place = found.querySelector<HTMLElement>(".flight-drawing");
      if (drawing && place && !flown.has(found)) flown.set(found, new FlownSheet(place, drawing));
      flown.get(found)?.wake();
    }
    if (target && target !== found && named) target.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", choose);
  return {
    shown: choose,
    hidden: () => current && flown.get(current)?.rest(),
  };
}

class FlownSheet {
  private readonly paths: Paths;
  private readonly clock: Clock;
  private readonly inset: Inset | null;
  private globe: Globe | null = null;
  private readonly box = html("div", "globe-box");
  private readonly facts = new Map<string, HTMLElement>();
  private isAsked = false;

  constructor(
    place: HTMLElement,
    private readonly drawing: Drawing,
  ) {
    this.paths = new Paths(drawing);
    this.clock = new Clock(drawing);
    this.inset = drawing.inset && new Inset(drawing.inset);
    const top = html("div", "flown-top");
    const left = html("div", "globe-side");
    left.append(this.box, this.readout(), this.legend());
    const right = html("div", "near-side");
    if (this.inset) right.append(this.inset.place);
    if (drawing.contacts) {
      const contacts = html("div", "plot-pair");
      contacts.append(...contactPlots(drawing.contacts));
      right.append(contacts);
    }
    top.append(left, ...(right.childElementCount ? [right] : []));
    const plots = html("div", "plot-row");
    if (drawing.spread) plots.append(...spreadPlots(drawing.spread));
    place.replaceChildren(this.clock.bar, top, ...(plots.childElementCount ? [plots] : []));
    void this.begin();
    this.clock.subscribe(() => this.ask());
    place.addEventListener("keydown", (e) => {
      if (e.target instanceof HTMLButtonElement && e.key === " ") return;
      if (this.clock.key(e)) e.preventDefault();
    });
    new ResizeObserver(() => this.globe?.resize()).observe(this.box);
    window.addEventListener("beforeprint", () => this.box.clientWidth && this.globe?.toPaper(...ON_PAPER));
    window.addEventListener("afterprint", () => this.globe?.fromPaper());
    this.clock.go(0, false);
  }

  wake(): void {
    this.globe?.resize();
    this.ask();
  }

  rest(): void {
    this.clock.pause();
  }

  /** Have the globe made; the sheet is there before it. */
  private async begin(): Promise<void> {
    await globeScript();
    this.globe = globalThis.crossflightGlobe?.Globe.on(this.box, this.drawing) ?? null;
    if (this.globe) this.operate(this.globe);
    else this.box.append(html("p", "no-globe", NO_WEBGL));
    this.globe?.resize();
  }

  /** Draw once, at the next frame. */
  private ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.globe?.draw(this.clock.t);
      this.inset?.draw(this.clock.t);
      this.read(this.clock.t);
    });
  }

  // -- what is said in words ------------------------------------------------------------------

  private readout(): HTMLElement {
    const list = html("dl", "readout");
    for (const name of ["UTC", "Mission time", "Phase", "Height", "Below", "Inertial speed", "To the station", "Light", "Last", "Next"]) {
      const row = html("div");
      const value = html("dd", "", "\u2013");
      value.dir = "auto";
      this.facts.set(name, value);
      row.append(html("dt", "", name), value);
      row.className = name === "Last" || name === "Next" ? "wide" : "";
      list.append(row);
    }
    return list;
  }

  private say(name: string, text: string): void {
    const place = this.facts.get(name);
    if (place && place.textContent !== text) place.textContent = text;
  }

  private read(t: number): void {
    const craft = this.paths.craft(t);
    const station = this.paths.station(t);
    const around = this.clock.around();
    this.say("UTC", utc(this.clock.ms(t)));
    this.say("Mission time", missionTime(t));
    this.say("Phase", craft?.phase ?? (t < 0 ? "before lift-off" : "\u2013"));
    if (craft) {
      const { lat, lon, height } = geodetic(turned(craft.r, t, -1));
      this.say("Height", `${Math.max(height, 0).toFixed(height < 100 ? 1 : 0)} km`);
      this.say("Below", `${degrees(lat, "N", "S")} ${degrees(lon, "E", "W")}`);
      this.say("Light", this.paths.light(craft.r, t));
      const before = this.paths.craft(t - STEP_S);
      const after = before ? craft : this.paths.craft(t + STEP_S);
      const other = before ?? craft;
      this.say("Inertial speed", after ? `${(distance(other.r, after.r) / STEP_S).toFixed(2)} km/s` : "\u2013");
    } else for (const name of ["Height", "Below", "Light", "Inertial speed"]) this.say(name, "\u2013");
    const isDocked = craft?.phase === "docked";
    const range = craft && station ? distance(craft.r, station) : null;
    // The paths of the globe are good to a kilometre; closer than that the inset knows better.
    const far = range === null ? "\u2013" : range < 2 ? "less than 2 km" : `${Math.round(range).toLocaleString("en")} km`;
    this.say("To the station", isDocked ? "docked" : far);
    this.say("Last", around.before ? said(around.before) : "\u2013");
    this.say("Next", around.after ? `${around.after.name} in ${missionTime(around.after.t - t).slice(1)}` : "\u2013");
  }

  private legend(): HTMLElement {
    const list = html("ul", "globe-legend");
    const used = new Set(this.drawing.arcs.map((a) => a.phase));
    if (this.drawing.docked_s.length) used.add("docked");
    for (const phase of PHASES.filter((p) => used.has(p))) {
      const item = html("li", "", phase);
      item.prepend(html("i", `phase k-${phase}`));
      list.append(item);
    }
    const burn = html("li", "", "burn");
    burn.prepend(html("i", "phase k-burn"));
    const track = html("li", "", "ground track, a revolution back and ahead");
    track.prepend(html("i", "phase k-track"));
    const credit = html("li", "credit", "Earth: NASA Blue Marble and city lights, public domain. Drawn with three.js.");
    list.append(burn, track, credit);
    return list;
  }

  // -- how the globe is moved -----------------------------------------------------------------

  private operate(globe: Globe): void {
    const { canvas } = globe;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute(
      "aria-label",
      "Globe with the flown path; arrow keys turn it, plus and minus zoom, F follows the craft. Its table is below.",
    );
    const tools = html("div", "globe-tools");
    const follow = toggle("Follow", "Keep the craft in sight (F)", true, (isOn) => {
      globe.view.isFollowing = isOn;
      this.ask();
    });
    const stand = toggle("Earth stands", "Let the Earth stand still and the orbits turn", false, (isOn) => {
      globe.view.isFixed = isOn;
      this.ask();
    });
    tools.append(
      stand,
      follow,
      button("\u2212", "Farther away (minus)", () => globe.zoom(1 / 1.3)),
      button("+", "Closer (plus)", () => globe.zoom(1.3)),
    );
    this.box.append(tools);
    const turn = (dx: number, dy: number) => {
      globe.turn(dx, dy);
      follow.setAttribute("aria-pressed", "false");
    };
    canvas.addEventListener("keydown", (e) => {
      const acts: Record<string, () => void> = {
        ArrowLeft: () => turn(TURN, 0),
        ArrowRight: () => turn(-TURN, 0),
        ArrowUp: () => turn(0, TURN),
        ArrowDown: () => turn(0, -TURN),
        "+": () => globe.zoom(1.3),
        "=": () => globe.zoom(1.3),
        "-": () => globe.zoom(1 / 1.3),
        f: () => follow.click(),
      };
      const act = e.ctrlKey || e.metaKey || e.altKey ? undefined : acts[e.key];
      if (!act) return;
      e.preventDefault();
      act();
    });
    this.drag(canvas, globe, turn);
  }

  private drag(canvas: HTMLCanvasElement, globe: Globe, turn: (dx: number, dy: number) => void): void {
    const down = new Map<number, { x: number; y: number }>();
    canvas.addEventListener("pointerdown", (e) => {
      down.set(e.pointerId, { x: e.clientX, y: e.clientY });
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener("pointermove", (e) => {
      const before = down.get(e.pointerId);
      if (!before) return;
      const other = Array.from(down).find(([id]) => id !== e.pointerId)?.[1];
      if (other) {
        const was = Math.hypot(before.x - other.x, before.y - other.y);
        const is = Math.hypot(e.clientX - other.x, e.clientY - other.y);
        if (was > 8 && is > 8) globe.zoom(is / was);
      } else {
        const scale = DRAG * Math.min(globe.view.distance / 22500, 1.4);
        turn((e.clientX - before.x) * scale, (e.clientY - before.y) * scale);
      }
      down.set(e.pointerId, { x: e.clientX, y: e.clientY });
    });
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (e) => down.delete(e.pointerId));
    }
    canvas.addEventListener(
      "wheel",
      (e) => {
        // A plain wheel scrolls the page, as over the timeline.
        if (!e.ctrlKey && !e.metaKey) return;
        e.preventDefault();
        globe.zoom(Math.exp(-e.deltaY * 0.002));
      },
      { passive: false },
    );
  }
}

let asked: Promise<void> | null = null;

/** Unpack and run the script that draws the Earth, once; the document's policy knows its hash. */
function globeScript(): Promise<void> {
  const unpack = async () => {
    const packed = atob(document.getElementById("globe-script")?.textContent ?? "");
    const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = html("script");
    script.textContent = await new Response(stream).text();
    document.body.append(script);
  };
  asked ??= unpack();
  return asked;
}

const NO_WEBGL =
  "This browser draws no WebGL, so there is no globe. The clock, the approach and the plots work without it, " +
  "and the table Path below has every place of the flight in numbers.";

function toggle(text: string, label: string, isOn: boolean, act: (isOn: boolean) => void): HTMLButtonElement {
  const made = button(text, label, () => {
    const next = made.getAttribute("aria-pressed") !== "true";
    made.setAttribute("aria-pressed", String(next));
    act(next);
  });
  made.setAttribute("aria-pressed", String(isOn));
  return made;
}

function said(mark: Mark): string {
  return mark.note ? `${mark.name}, ${mark.note}` : mark.name;
}

function degrees(value: number, plus: string, minus: string): string {
  return `${Math.abs(value).toFixed(1)}\u00b0 ${value < 0 ? minus : plus}`;
}
