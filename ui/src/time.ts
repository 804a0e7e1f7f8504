// Instants are milliseconds since 1970 in UTC; texts are read and written in UTC only.

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
const DAYS_FROM = 2.2; // pixels a day from which ticks count days: ten of them hold a label
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function parse(text: string): number {
  return Date.parse(text);
}

export function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}

export function date(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export interface Tick {
  at: number;
  label: string;
  isMajor: boolean;
}

function months(from: number, to: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  const first = new Date(from);
  let year = first.getUTCFullYear();
  let month = Math.floor(first.getUTCMonth() / step) * step;
  for (;;) {
    const at = Date.UTC(year, month, 1);
    if (at > to) return ticks;
    const inYear = ((month % 12) + 12) % 12;
    ticks.push({ at, label: step === 12 ? "" : MONTHS[inYear] ?? "", isMajor: inYear === 0 });
    month += step;
  }
}

function days(from: number, to: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  for (let at = Math.floor(from / DAY) * DAY; at <= to; at += DAY) {
    const day = new Date(at).getUTCDate();
    const isFirst = day === 1;
    // Steps count from the first of the month; the last one before the next month is dropped.
    if (isFirst || ((day - 1) % step === 0 && (step === 1 || day <= 31 - step / 2))) {
      ticks.push({ at, label: String(day), isMajor: isFirst });
    }
  }
  return ticks;
}

function hours(from: number, to: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  const width = step * HOUR;
  for (let at = Math.floor(from / width) * width; at <= to; at += width) {
    const isMidnight = at % DAY === 0;
    ticks.push({ at, label: `${String(new Date(at).getUTCHours()).padStart(2, "0")}h`, isMajor: isMidnight });
  }
  return ticks;
}

/** Fine ticks with labels that fit, from years down to hours. */
export function fineTicks(from: number, to: number, width: number): Tick[] {
  const perDay = (width / (to - from)) * DAY;
  const monthStep = [1, 3, 6, 12].find((m) => m * 30.4 * perDay >= 30);
  if (perDay < DAYS_FROM) return months(from, to, monthStep ?? 12);
  const dayStep = [1, 2, 5, 10].find((d) => d * perDay >= 22);
  if (perDay < 120) return days(from, to, dayStep ?? 10);
  const hourStep = [1, 3, 6, 12].find((h) => (h / 24) * perDay >= 34);
  return hours(from, to, hourStep ?? 12);
}

/** The upper row of the axis: years, months or days, each with its full name. */
export function coarseTicks(from: number, to: number, width: number): Tick[] {
  const perDay = (width / (to - from)) * DAY;
  if (perDay < DAYS_FROM) {
    return months(from, to, 12).map((t) => ({ ...t, label: String(new Date(t.at).getUTCFullYear()) }));
  }
  if (perDay < 120) {
    return months(from, to, 1).map((t) => ({ ...t, label: `${t.label} ${new Date(t.at).getUTCFullYear()}` }));
  }
  return days(from, to, 1).map((t) => ({ ...t, label: date(t.at) }));
}
