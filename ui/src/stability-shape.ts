// What the stability page reads; see src/crossflight/report/stability_shape.py.

export interface Key {
  tone: string;
  name: string;
}

export interface Mark {
  tone: string;
  title: string;
  data: [string, string][];
}

export interface Eras {
  start: string;
  end: string;
  rows: {
    label: string;
    blocks: (Mark & { start: string; end: string; name: string; share: number; text: string })[];
    spans: [string, string][];
  }[];
}

export interface Terms {
  segments: Key[];
  rows: (Mark & {
    name: string;
    is_same_traffic: boolean;
    uncovered: number[];
    expected: [] | [number, number, number];
    months: number;
  })[];
}

export interface Endurance {
  start: string;
  end: string;
  rows: {
    provider: string;
    tone: string;
    text: string;
    slopes: (Mark & { start: string; end: string; days: number | null; days_end: number | null })[];
  }[];
}

export interface Singles {
  legend: Key[];
  rows: { kind: string; items: Mark[] }[];
}

export interface Slips {
  most: number;
  rows: (Mark & { flight: string; days: number; is_open: boolean })[];
}

export interface Stability {
  panels: { id: string; title: string; note: string; tables: string[] }[];
  drawings: { eras?: Eras; terms?: Terms; endurance?: Endurance; singles?: Singles; slips?: Slips };
}
