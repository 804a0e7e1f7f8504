// The one instant that all pictures point at, in milliseconds of UTC since 1970, or null for none.

type Heard = (at: number | null, source: unknown) => void;

const listeners = new Set<Heard>();
let now: number | null = null;

export function get(): number | null {
  return now;
}

/** Move the cursor; `source` lets a picture know its own moves. */
export function set(at: number | null, source: unknown = null): void {
  if (at === now) return;
  now = at;
  for (const heard of listeners) heard(at, source);
}

/** Be told of every move; the answer ends it. */
export function subscribe(heard: Heard): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}
