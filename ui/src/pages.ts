// Pages of the report as tabs.  Each has an address of its own (#timeline): a tab is a link, Back works,
// and an address inside a page (#table-flights) shows the page it lies in.  Without this script all
// pages lie under one another.

import { html } from "./dom";

export interface Page {
  /** Called each time the page comes into sight, and when it goes. */
  shown?(): void;
  hidden?(): void;
}

type Mount = (place: HTMLElement) => Page | void;

interface Entry {
  id: string;
  place: HTMLElement;
  link: HTMLAnchorElement;
  mount: Mount;
  page: Page | null;
}

const ORDER = ["timeline", "flights", "stability", "manifest", "tables"];
const entries: Entry[] = [];
let current: Entry | null = null;

/**
 * Add a page.  `mount` is called once, when the page is first shown, with the place to draw in:
 * `#drawing-<id>` inside the section `#page-<id>` (or the section, made here if the document has none).
 */
export function register(id: string, title: string, mount: Mount = () => {}): void {
  const place = document.getElementById(`page-${id}`) ?? html("section", "page");
  place.id = `page-${id}`;
  place.setAttribute("aria-label", title);
  if (!place.isConnected) document.querySelector("main")?.append(place);
  place.hidden = true;
  const link = html("a", "tab", title);
  link.href = `#${id}`;
  entries.push({ id, place, link, mount, page: null });
}

/** The data that the document carries for a page (`<script type="application/json" id="data-ID">`). */
export function dataOf<T>(id: string): T | null {
  const text = document.getElementById(`data-${id}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

function find(): { entry: Entry | undefined; target: HTMLElement | null } {
  const name = decodeURIComponent(location.hash.slice(1));
  const named = entries.find((e) => e.id === name);
  if (named) return { entry: named, target: null };
  const target = name ? document.getElementById(name) : null;
  return { entry: entries.find((e) => e.place.contains(target)) ?? ((name && current) || entries[0]), target };
}

function show(): void {
  const { entry, target } = find();
  if (!entry) return;
  if (entry !== current) {
    for (const other of entries) {
      other.place.hidden = other !== entry;
      if (other === entry) other.link.setAttribute("aria-current", "page");
      else other.link.removeAttribute("aria-current");
    }
    document.documentElement.dataset["page"] = entry.id;
    current?.page?.hidden?.();
    current = entry;
    entry.page ??= entry.mount(document.getElementById(`drawing-${entry.id}`) ?? entry.place) ?? {};
    entry.page.shown?.();
    entry.link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  if (target) {
    target.closest("details")?.setAttribute("open", "");
    target.scrollIntoView({ block: "start" });
  }
}

/** Build the row of tabs and show what the address names; call it after the last `register`. */
export function start(): void {
  const rank = (e: Entry) => (ORDER.includes(e.id) ? ORDER.indexOf(e.id) : ORDER.length);
  entries.sort((a, b) => rank(a) - rank(b));
  const tabs = html("nav", "tabs");
  tabs.setAttribute("aria-label", "Pages");
  tabs.append(...entries.map((e) => e.link));
  document.querySelector("main")?.before(tabs);
  window.addEventListener("hashchange", show);
  show();
}
