// The clock of the runtime, which may be ahead of the browser's.

let skew = 0;
let current = null;
const listeners = new Set();

/** Now, in the time of the runtime, in milliseconds since the epoch. */
export function now() {
  return Date.now() + skew;
}

/** Takes the clock that the server has reported; null if there is none. */
export function setClock(clock) {
  current = clock;
  skew = clock === null || clock === undefined ? 0 : Date.parse(clock.time) - Date.now();
  if (Math.abs(skew) < 1000) {
    skew = 0;
  }
  for (const listener of listeners) {
    listener(current);
  }
}

/** The clock that the server has reported last. */
export function currentClock() {
  return current;
}

/** Calls a function with each report of the clock, and at once. */
export function onClock(listener) {
  listeners.add(listener);
  listener(current);
  return () => listeners.delete(listener);
}
