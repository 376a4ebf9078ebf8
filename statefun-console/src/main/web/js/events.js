// The stream of events, read with fetch rather than EventSource: that one gives up for good when the application answers
// with an error while it restarts, and then forgets the last event's id.

import { url } from './api.js';

const SHORTEST_WAIT = 300;
const LONGEST_WAIT = 3_000;
/** The server sends a comment every 15 seconds. */
const QUIET = 40_000;
/** After this time a hidden tab gives its connection back until it is shown. */
const LONGEST_HIDDEN = 300_000;
/** Events that wait for a frame of a page that is not drawn, for example in a hidden tab. */
const MOST_WAITING = 1_000;
/** How much longer the page rests than it takes to show events, so that it answers while there are many. */
const REST = 3;
const LONGEST_REST = 1_500;
/** Events wait this long for what the user has just asked for. */
const INPUT_FIRST = 300;

const batchListeners = new Set();
const statusListeners = new Set();
let waiting = emptyBatch();
let scheduled = false;
let restUntil = 0;
let paused = false;
let lastId = '';
let boot = null;
let status = 'connecting';
let wait = SHORTEST_WAIT;
let connection = null;
let parked = false;

function emptyBatch() {
  return { events: [], more: 0, reload: false, restarted: false };
}

/**
 * Calls a function with what has happened since its last call, at most once a frame, and less often if that takes long.
 * @param {function({events: Array<Object>, more: number, reload: boolean, restarted: boolean})} listener gets the
 * events, the number of those left out, whether everything is to be read again, and whether the application was restarted
 * @returns {function()} removes the listener
 */
export function onEvents(listener) {
  batchListeners.add(listener);
  return () => batchListeners.delete(listener);
}

/** Calls a function with `connecting`, `open`, `lost` or `paused` whenever that changes, and at once. */
export function onStatus(listener) {
  statusListeners.add(listener);
  listener(shownStatus());
  return () => statusListeners.delete(listener);
}

/** Holds events back, or delivers them again and has everything read again. */
export function setPaused(value) {
  if (paused !== value) {
    paused = value;
    notifyStatus();
    if (!paused) {
      waiting = { ...emptyBatch(), reload: true };
      schedule();
    }
  }
}

export function isPaused() {
  return paused;
}

function shownStatus() {
  return paused ? 'paused' : status;
}

function notifyStatus() {
  for (const listener of statusListeners) {
    listener(shownStatus());
  }
}

/** Connects, and again whenever the connection ends. */
export async function connect() {
  // A page that the browser keeps for "back" would hold one of its few connections to the application
  addEventListener('pagehide', () => connection?.abort());
  let parking = null;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(parking);
    if (document.hidden) {
      parking = setTimeout(() => {
        parked = true;
        connection?.abort();
      }, LONGEST_HIDDEN);
    }
  });
  for (;;) {
    while (parked) {
      await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
      parked = document.hidden;
    }
    try {
      await read();
    }
    catch (ex) {
      // The application restarts, or the network is gone: tried again below
    }
    setStatus('lost');
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

function setStatus(value) {
  if (value !== status) {
    status = value;
    notifyStatus();
  }
}

async function read() {
  const controller = new AbortController();
  connection = controller;
  let timer = setTimeout(() => controller.abort(), QUIET);
  try {
    const headers = { Accept: 'text/event-stream' };
    if (lastId !== '') {
      headers['Last-Event-ID'] = lastId;
    }
    const response = await fetch(url('events'), { headers, cache: 'no-store', signal: controller.signal });
    if (!response.ok || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return;
    }
    wait = SHORTEST_WAIT;
    setStatus('open');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new Parser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), QUIET);
      parser.accept(value);
    }
  }
  finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** Parser of the format `text/event-stream`. */
class Parser {

  #rest = '';

  #name = '';

  #data = [];

  accept(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length > 0) {
        deliver(this.#name || 'message', this.#data.join('\n'));
      }
      this.#name = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') {
      this.#name = value;
    }
    else if (field === 'data') {
      this.#data.push(value);
    }
    else if (field === 'id') {
      lastId = value;
    }
    else if (field === 'retry' && /^\d+$/.test(value)) {
      wait = Math.min(Number(value), LONGEST_WAIT);
    }
  }

}

function deliver(name, text) {
  const data = JSON.parse(text);
  if (name === 'hello') {
    const restarted = boot !== null && boot !== data.boot;
    const first = boot === null;
    boot = data.boot;
    waiting.restarted ||= restarted;
    waiting.reload ||= !first && !data.resumed;
    waiting.more += data.more ?? 0;
  }
  else if (name === 'batch') {
    waiting.events.push(...data.events);
    waiting.more += data.more ?? 0;
    const excess = waiting.events.length - MOST_WAITING;
    if (excess > 0) {
      waiting.events.splice(0, excess);
      waiting.more += excess;
    }
  }
  schedule();
}

function schedule() {
  if (!scheduled) {
    scheduled = true;
    setTimeout(() => requestAnimationFrame(flush), Math.max(0, restUntil - performance.now()));
  }
}

for (const type of ['click', 'input', 'keydown', 'hashchange']) {
  addEventListener(type, () => {
    restUntil = Math.max(restUntil, performance.now() + INPUT_FIRST);
  }, { capture: true, passive: true });
}

function flush() {
  const start = performance.now();
  scheduled = false;
  if (start < restUntil) {
    schedule();
    return;
  }
  const batch = waiting;
  waiting = emptyBatch();
  if (paused && !batch.restarted) {
    return;
  }
  for (const listener of batchListeners) {
    try {
      listener(batch);
    }
    catch (ex) {
      console.error(ex);
    }
  }
  rest(start);
  // Once more with the time that the browser needs to draw the page
  setTimeout(() => rest(start));
}

function rest(start) {
  const now = performance.now();
  restUntil = Math.max(restUntil, now + Math.min(REST * (now - start), LONGEST_REST));
}
