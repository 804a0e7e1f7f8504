// A flown flight as the document carries it; see src/crossflight/report/flight_shape.py.

export interface Mark {
  kind: "event" | "burn" | "contact" | "landing";
  name: string;
  note: string;
  light: string;
  t: number;
}

export interface Spot {
  kind: "pad" | "site" | "zone" | "home" | "landing";
  name: string;
  lat: number;
  lon: number;
}

export interface LocalPath {
  sample: number;
  rows: number[];
}

export interface InsetData {
  port: string;
  port_m: number[];
  axis: number[];
  ellipsoid_m: number[];
  sphere_m: number;
  corridor_deg: number;
  corridor_foot_m: number;
  flown: LocalPath;
  sampled: LocalPath[];
  stages: Mark[];
}

export interface ContactDots {
  limits: string;
  closing_from_m_s: number | null;
  closing_to_m_s: number | null;
  lateral_m_s: number | null;
  lateral_cm: number | null;
  is_sampled: boolean;
  rows: number[];
}

export interface Spread {
  n: number;
  n_docked: number;
  median_utc: string;
  late_s: number[];
  dv_m_s: number[];
}

export interface Drawing {
  liftoff_utc: string;
  from_s: number;
  to_s: number;
  docked_s: number[];
  craft: string;
  station: string;
  arcs: { phase: string; rows: number[] }[];
  station_rows: number[];
  sun: number[][];
  marks: Mark[];
  spots: Spot[];
  inset: InsetData | null;
  contacts: ContactDots | null;
  spread: Spread | null;
}
