// Base of the views: loads its data, again when events say that it has changed, and shows errors.

import { currentInfo, Problem } from '../api.js';
import { h, show } from '../dom.js';
import { onEvents } from '../events.js';

/** Shortest pause before the same data is read again, so that a busy application isn't read all the time. */
const PAUSE = 700;
/** How much longer the pause is than a read takes. */
const REST = 3;

export class View extends HTMLElement {

  #controller = null;
  #stop = null;
  #loading = false;
  #again = false;
  #timer = null;
  #took = 0;
  #message = h('div', { class: 'view-message', role: 'alert', hidden: true });

  /** Route of the view; set before it is connected, and whenever it changes. */
  route = null;

  connectedCallback() {
    if (this.#stop === null) {
      this.#controller = new AbortController();
      if (this.childElementCount === 0) {
        this.build();
        this.prepend(this.#message);
      }
      this.#stop = onEvents((batch) => this.#accept(batch));
      this.reload();
    }
  }

  disconnectedCallback() {
    // Moved, rather than removed
    if (!this.isConnected && this.#stop !== null) {
      this.#controller.abort();
      this.#stop();
      this.#stop = null;
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  /** Signal that aborts requests of the view once it is left. */
  get signal() {
    return this.#controller.signal;
  }

  /** Creates the elements. */
  build() {
  }

  /** Reads and shows the data. */
  async load() {
  }

  /** Handles events. By default everything is read again if one of them concerns the view. */
  events(batch) {
    if (batch.more > 0 || batch.events.some((event) => this.concerns(event))) {
      this.reloadSoon();
    }
  }

  /** Whether an event changes what the view shows. */
  concerns() {
    return false;
  }

  /** Shows another route of the same view. */
  routed(route) {
    this.route = route;
    this.reload();
  }

  /** Reads again now, or right after the read that is under way. */
  async reload() {
    if (this.#stop === null) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#loading) {
      this.#again = true;
      return;
    }
    this.#loading = true;
    const signal = this.signal;
    const start = performance.now();
    try {
      await this.load();
      this.setAttribute('data-loaded', '');
      this.message(null);
    }
    catch (ex) {
      if (!signal.aborted) {
        this.failed(ex);
      }
    }
    finally {
      this.#loading = false;
      this.#took = performance.now() - start;
      if (this.#again) {
        this.#again = false;
        this.reload();
      }
    }
  }

  /** Reads again in a moment, once for all calls until then. */
  reloadSoon() {
    if (this.#timer === null && this.#stop !== null) {
      this.#timer = setTimeout(() => this.reload(), Math.max(PAUSE, REST * this.#took));
    }
  }

  /** Shows that the data could not be read. */
  failed(ex) {
    if (!(ex instanceof Problem)) {
      console.error(ex);
    }
    this.message(ex.status === 501 ? unavailable(ex) : ex.message, ex.status === 501 ? 'note' : 'error');
  }

  /** Shows a message above the view, or none. */
  message(text, kind = 'error') {
    this.#message.hidden = text === null;
    this.#message.className = 'view-message view-message-' + kind;
    show(this.#message, text);
  }

  /** Writes are possible. */
  get writable() {
    return currentInfo()?.readOnly === false;
  }

  #accept(batch) {
    if (batch.reload || batch.restarted) {
      this.reload();
    }
    else {
      this.events(batch);
    }
  }

}

function unavailable(problem) {
  return 'Not available here. ' + problem.message;
}
