// The part of the picture that the drawing reads; see src/crossflight/report/shape.py.

export interface Bar {
  start: string;
  end: string;
  label: string;
  tone: string;
  title: string;
  data: [string, string][];
  short?: string;
  row?: number;
  level?: number;
  limit?: string;
  is_open?: boolean;
  is_hatched?: boolean;
}

export interface Head {
  start: string;
  end: string;
  label: string;
}

export interface Lane {
  label: string;
  detail: string;
  kind: "bars" | "steps" | "state" | "curve";
  rows: number;
  bars: Bar[];
  heads?: Head[];
  level_line?: number;
  is_marked?: boolean;
  curve?: {
    unit: string;
    low: number;
    high: number;
    lines: { value: number; tone: string }[];
    points: [number, number | null][];
  };
  ticks?: string;
  ticks_title?: string;
  is_continued?: boolean;
}

export interface Group {
  id: string;
  title: string;
  table?: string;
  lanes: Lane[];
}

export interface Timeline {
  start: string;
  end: string;
  known: string;
  legend: { tone: string; name: string; of: string }[];
  groups: Group[];
  shades: { start: string; end: string; tone: string }[];
}
