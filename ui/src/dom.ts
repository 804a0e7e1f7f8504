// Small makers of elements.  Text only ever goes in as text.

const SVG = "http://www.w3.org/2000/svg";

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = html("button", "", text);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", act);
  return made;
}

const context = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

/** Width in CSS pixels of a text in the bars' font. */
export function textWidth(text: string, font: string): number {
  const key = font + text;
  let width = widths.get(key);
  if (width === undefined) {
    if (context) context.font = font;
    width = context ? context.measureText(text).width : text.length * 6;
    widths.set(key, width);
  }
  return width;
}

/** The longest of the given texts that fits, else the last one clipped, else nothing. */
export function fit(texts: string[], room: number, font: string): string {
  for (const text of texts) if (textWidth(text, font) <= room) return text;
  const last = texts[texts.length - 1] ?? "";
  if (room < 22) return "";
  let keep = Math.min(last.length, Math.floor(room / 4));
  while (keep > 1 && textWidth(last.slice(0, keep) + "\u2026", font) > room) keep -= 1;
  return keep > 1 ? last.slice(0, keep) + "\u2026" : "";
}
