// The clock, and all timers and delayed messages by due time.

import { change, get } from '../api.js';
import { currentClock, now, onClock, setClock } from '../clock.js';
import { h, setText, show } from '../dom.js';
import { counted, isoDuration, isoMillis, millis, shortTime } from '../format.js';
import { actionButton, copyButtons, selection } from '../parts/controls.js';
import { timerTable } from '../parts/timers.js';
import { toast } from '../parts/toast.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

const STEPS = [['PT1M', '+1 min'], ['PT1H', '+1 h'], ['P1D', '+1 d']];
const UNITS = [['PT#S', 'seconds'], ['PT#M', 'minutes'], ['PT#H', 'hours'], ['P#D', 'days']];
const PAGE = 100;

export class TimersView extends View {

  #clock = h('div', { class: 'clock' });
  #time = h('span', { class: 'clock-time' });
  #offset = h('span', { class: 'muted' });
  #controls = h('div', { class: 'clock-controls' });
  #total = h('span', { class: 'muted' });
  #table = timerTable('Timers and delayed messages', () => this.reload());
  #empty = h('p', { class: 'empty' }, 'No timer and no delayed message.');
  #more = h('button', { type: 'button', hidden: true, onclick: () => this.#loadMore() }, 'Later ones');
  #type = h('span');
  #timers = [];
  #next = null;
  #ticking = null;
  #offClock = null;
  #controlsForm = null;

  build() {
    this.#clock.append(this.#time, this.#offset, this.#controls);
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Timers and clock'), this.#type, copyButtons(() => ['timers', { type: this.route.query.get('type') }])),
        this.#clock, h('div', { class: 'section-head' }, h('h2', null, 'Timers'), this.#total), this.#table.element, this.#empty, h('div', { class: 'pages' }, this.#more));
    get('functions').then(({ functions }) => show(this.#type, selection('Function', [['', 'All functions'], ...functions.map(({ type }) => [type, type])],
        this.route.query.get('type') ?? '', (type) => {
          adjust({ type });
          this.route.query.set('type', type);
          this.reload();
        }))).catch(() => null);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ticking ??= setInterval(() => this.#tick(), 1000);
    this.#offClock ??= onClock(() => this.#showClock());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (!this.isConnected) {
      clearInterval(this.#ticking);
      this.#ticking = null;
      this.#offClock?.();
      this.#offClock = null;
    }
  }

  concerns(event) {
    return event.kind === 'timer' || event.kind === 'clock' || event.kind === 'message' && (event.message.outcome === 'delayed' || event.message.due !== null);
  }

  async load() {
    const [clock, page] = await Promise.all([get('clock', null, this.signal).catch((ex) => {
      if (ex.status === 501) {
        return null;
      }
      throw ex;
    }), get('timers', { type: this.route.query.get('type'), limit: PAGE }, this.signal)]);
    setClock(clock);
    this.#timers = page.timers;
    this.#show(page);
  }

  async #loadMore() {
    this.#more.disabled = true;
    try {
      const page = await get('timers', { type: this.route.query.get('type'), after: this.#next, limit: PAGE }, this.signal);
      this.#timers = [...this.#timers, ...page.timers];
      this.#show(page);
    }
    catch (ex) {
      this.failed(ex);
    }
    finally {
      this.#more.disabled = false;
    }
  }

  #show(page) {
    this.#next = page.next;
    this.#more.hidden = page.next === null;
    setText(this.#total, page.total === 0 ? '' : counted(page.total, 'pending', 'pending'));
    this.#table.show(this.#timers);
    this.#table.element.hidden = this.#timers.length === 0;
    this.#empty.hidden = this.#timers.length > 0;
    this.#showClock();
  }

  #tick() {
    const clock = currentClock();
    if (clock !== null) {
      setText(this.#time, clock.mode === 'manual' ? shortTime(clock.time) : shortTime(new Date(now()).toISOString()));
    }
    this.#table.tick(this.#timers);
  }

  #showClock() {
    const clock = currentClock();
    this.#clock.hidden = clock === null;
    if (clock === null) {
      return;
    }
    const ahead = isoMillis(clock.offset);
    setText(this.#offset, clock.mode === 'real' ? 'the real time' : ahead > 0 ? isoDuration(clock.offset) + ' ahead of the real time' : 'equal to the real time');
    const movable = clock.movable && this.writable;
    const form = movable + ' ' + (this.#timers.length > 0) + clock.mode;
    if (form !== this.#controlsForm) {
      this.#controlsForm = form;
      show(this.#controls, movable ? this.#buttons() : h('span', { class: 'muted' }, clock.mode === 'real' ? 'Set statefun.local-runtime.clock to ahead to move it forward.' : 'It can\'t be moved here.'));
    }
    this.#tick();
  }

  #buttons() {
    const amount = h('input', { type: 'number', min: '1', max: '9999', value: '10', 'aria-label': 'Amount' });
    const unit = h('select', { 'aria-label': 'Unit' }, UNITS.map(([value, text]) => h('option', { value, selected: text === 'minutes' }, text)));
    return [
      this.#timers.length > 0 && actionButton('To the next timer', () => this.#toNext(), { class: 'primary', 'data-action': 'next' }),
      STEPS.map(([by, text]) => actionButton(text, () => this.#advance(by), { 'aria-label': 'Move the clock forward by ' + isoDuration(by), 'data-by': by })),
      h('form', { class: 'inline', onsubmit: (event) => {
        event.preventDefault();
        this.#advance(unit.value.replace('#', String(Number(amount.value)))).catch((ex) => toast(ex.message, 'error'));
      } }, amount, unit, h('button', { type: 'submit' }, 'Move forward'))
    ];
  }

  async #toNext() {
    // The time of the runtime may be a little behind what is extrapolated here
    const clock = await get('clock');
    const due = this.#timers.map((timer) => millis(timer.due)).filter((at) => at > millis(clock.time));
    if (due.length > 0) {
      await this.#advance('PT' + ((Math.min(...due) - millis(clock.time)) / 1000).toFixed(3) + 'S');
    }
  }

  async #advance(by) {
    const clock = await change('POST', 'clock/advance', { by });
    setClock(clock);
    toast('Moved the clock forward by ' + isoDuration(by));
    this.reload();
  }

}

customElements.define('sf-timers-view', TimersView);
