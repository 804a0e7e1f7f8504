// The card that shows everything about a bar: it follows pointer and focus, a click pins it.

import { button, html } from "./dom";
import type { Bar } from "./shape";

export class Inspector {
  readonly card = html("aside", "card");
  isPinned = false;
  private readonly swatch = html("i", "swatch");
  private readonly title = html("h3");
  private readonly list = html("dl");
  private readonly link = html("a", "card-link", "Sheet of this flight");
  private readonly sheets = new Map<string, string>();

  constructor(onClose: () => void) {
    this.card.hidden = true;
    this.card.setAttribute("aria-label", "Details");
    this.card.setAttribute("role", "region");
    this.card.setAttribute("aria-live", "polite");
    const top = html("div", "card-top");
    const close = button("\u00d7", "Close details (Esc)", () => {
      this.close();
      onClose();
    });
    close.className = "card-close";
    top.append(this.swatch, this.title, close);
    this.card.append(top, this.list, this.link);
    for (const sheet of document.querySelectorAll(".flight-sheet")) {
      this.sheets.set(sheet.querySelector("h2")?.textContent ?? "", sheet.id);
    }
  }

  get isShown(): boolean {
    return !this.card.hidden;
  }

  show(bar: Pick<Bar, "tone" | "title" | "data"> & { label?: string }, anchor: DOMRect, pin: boolean): void {
    this.isPinned = pin;
    this.card.classList.toggle("pinned", pin);
    this.swatch.setAttribute("class", `swatch t-${bar.tone}`);
    this.title.textContent = bar.title;
    this.title.dir = "auto";
    this.list.replaceChildren(
      ...bar.data.map(([name, value]) => {
        const row = html("div");
        const shown = html("dd", "", value);
        shown.dir = "auto";
        row.append(html("dt", "", name), shown);
        return row;
      }),
    );
    const sheet = this.sheets.get(bar.label ?? "");
    this.link.hidden = sheet === undefined;
    this.link.href = `#${sheet ?? ""}`;
    this.card.hidden = false;
    this.place(anchor);
  }

  close(): void {
    this.isPinned = false;
    this.card.hidden = true;
  }

  /** Below the bar if there is room, else above; on a narrow page the style sheet makes it a sheet. */
  private place(anchor: DOMRect): void {
    const style = this.card.style;
    if (window.innerWidth < 700) {
      style.left = style.top = "";
      return;
    }
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const room = document.documentElement.clientWidth - width - 12;
    const left = Math.max(Math.min(Math.max(anchor.left, 8), room), 8);
    const below = anchor.bottom + 8;
    const above = anchor.top - height - 8;
    const top = below + height < window.innerHeight ? below : Math.max(above, 8);
    style.left = `${left + window.scrollX}px`;
    style.top = `${top + window.scrollY}px`;
  }
}
