// Requests that this service has answered, its meters, and the job of a cluster.

import { currentInfo, get } from '../api.js';
import { h, reconcile, show } from '../dom.js';
import { bytes, count, duration, shortTime, time } from '../format.js';
import { choice, copyButtons, searchField, selection, sinceText, table } from '../parts/controls.js';
import { addressName, functionName } from '../parts/names.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

const PAGE = 100;
const MOST_ROWS = 200;
const COLUMNS = [['At', null], ['Function', null], ['Outcome', null], ['Took', 'number'], ['Messages', 'number'], ['Request', 'number wide'], ['Reply', 'number wide'], ['Kind', 'wide'], ['Failure', 'wide']];

export class RequestsView extends View {

  #mode = null;
  #since = h('p', { class: 'since' });
  #filter = h('span');
  #outcome = null;
  #search = null;
  #body = h('tbody');
  #requestsPart = h('div', null, table('Requests', COLUMNS, this.#body, { class: 'rows stacked' }));
  #empty = h('p', { class: 'empty', hidden: true }, 'No request was answered.');
  #older = h('button', { type: 'button', hidden: true, onclick: () => this.#loadOlder() }, 'Older');
  #metersBody = h('tbody');
  #metersPart = h('div', null, table('Meters', [['Meter', null], ['Tags', null], ['Values', null]], this.#metersBody));
  #flinkPart = h('div', { class: 'flink' });
  #requests = [];
  #next = null;

  build() {
    const set = (name) => (value) => {
      adjust({ [name]: value });
      this.route.query.set(name, value);
      this.reload();
    };
    this.#mode = choice('Show', [['', 'Requests'], ['meters', 'Meters'], ...(currentInfo()?.flink ? [['flink', 'Flink job']] : [])], this.#shown, (shown) => {
      set('show')(shown);
    });
    this.#outcome = choice('Outcome', [['', 'All'], ['failed', 'Failed']], this.route.query.get('only') ?? '', set('only'));
    this.#search = searchField('Search', this.route.query.get('text') ?? '', (text) => {
      adjust({ text });
      this.route.query.set('text', text);
      this.#render();
      this.#renderMeters();
    });
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Requests'), this.#mode, this.#outcome, this.#filter, this.#search,
        copyButtons(() => this.#shown === '' ? ['requests', this.#filters] : [this.#shown])),
    this.#since, this.#requestsPart, this.#empty, h('div', { class: 'pages' }, this.#older), this.#metersPart, this.#flinkPart);
    get('functions').then(({ functions }) => show(this.#filter, selection('Function', [['', 'All functions'], ...functions.map(({ type }) => [type, type])],
        this.route.query.get('function') ?? '', set('function')))).catch(() => null);
  }

  get #shown() {
    const shown = this.route.query.get('show');
    return shown === 'meters' || shown === 'flink' ? shown : '';
  }

  get #filters() {
    return { function: this.route.query.get('function') ?? '' };
  }

  #meters = [];

  events(batch) {
    if (this.#shown !== '') {
      if (batch.events.length > 0) {
        this.reloadSoon();
      }
      return;
    }
    const fresh = batch.events.filter((event) => event.kind === 'request').map((event) => event.request);
    if (fresh.length > 0) {
      const known = new Set(this.#requests.map((request) => request.seq));
      const own = this.#filters.function;
      this.#requests = [...fresh.filter((request) => !known.has(request.seq) && (own === '' || request.function === own)), ...this.#requests].sort((a, b) => b.seq - a.seq).slice(0, MOST_ROWS);
      this.#next = this.#requests.length === MOST_ROWS ? this.#requests.at(-1).seq : this.#next;
      this.#render();
    }
    if (batch.more > 0 && fresh.length < PAGE) {
      this.reloadSoon();
    }
  }

  async load() {
    const shown = this.#shown;
    this.#mode.select(shown);
    for (const [part, own] of [[this.#requestsPart, ''], [this.#metersPart, 'meters'], [this.#flinkPart, 'flink']]) {
      part.hidden = own !== shown;
    }
    for (const part of [this.#since, this.#outcome, this.#filter]) {
      part.hidden = shown !== '';
    }
    this.#older.hidden = true;
    this.#empty.hidden = true;
    if (shown === 'meters') {
      this.#meters = (await get('meters', null, this.signal)).meters;
      this.#renderMeters();
    }
    else if (shown === 'flink') {
      this.#renderFlink(await get('flink', null, this.signal));
    }
    else {
      const page = await get('requests', { ...this.#filters, limit: PAGE }, this.signal);
      show(this.#since, sinceText(page.since));
      this.#requests = page.requests;
      this.#next = page.next;
      this.#render();
    }
  }

  async #loadOlder() {
    try {
      const page = await get('requests', { ...this.#filters, before: this.#next, limit: PAGE }, this.signal);
      this.#requests = [...this.#requests, ...page.requests];
      this.#next = page.next;
      this.#render();
    }
    catch (ex) {
      this.failed(ex);
    }
  }

  #render() {
    if (this.#shown !== '') {
      return;
    }
    const text = (this.route.query.get('text') ?? '').toLowerCase();
    const failedOnly = this.route.query.get('only') === 'failed';
    const shown = this.#requests.filter((request) => (!failedOnly || request.failure !== null)
        && (text === '' || [request.function, request.id, request.outcome, request.failure].join('\n').toLowerCase().includes(text)));
    reconcile(this.#body, shown, (request) => String(request.seq), requestRow, null);
    this.#empty.hidden = shown.length > 0;
    this.#older.hidden = this.#next === null;
  }

  #renderMeters() {
    const text = (this.route.query.get('text') ?? '').toLowerCase();
    const shown = this.#meters.filter((meter) => text === '' || JSON.stringify(meter).toLowerCase().includes(text));
    show(this.#metersBody, shown.map((meter) => h('tr', null, h('td', { class: 'code' }, meter.name),
        h('td', null, Object.entries(meter.tags).map(([key, value]) => [h('span', { class: 'chip' }, key + '=' + value), ' '])),
        h('td', null, Object.entries(meter.values).map(([key, value]) => [h('span', { class: 'meter-value' }, h('span', { class: 'muted' }, key + ' '), Number(value.toPrecision(6))), ' '])))));
  }

  #renderFlink(flink) {
    show(this.#flinkPart, h('p', null, flink.url + ': ', flink.reachable ? h('span', { class: 'outcome outcome-good' }, 'reachable') : h('span', { class: 'outcome outcome-bad' }, 'not reachable'),
        flink.version && ' Flink ' + flink.version, flink.error && ' ' + flink.error),
    h('p', { class: 'muted' }, 'States, mailboxes and timers are inside of the cluster, where the console can\'t see them.'),
    flink.jobs.map((job) => h('div', { class: 'card' }, h('div', { class: 'card-head' }, h('strong', null, job.name), h('span', { class: ['outcome', job.state === 'RUNNING' ? 'outcome-good' : 'outcome-bad'] }, job.state),
        h('span', { class: 'muted' }, 'started ' + shortTime(job.startedAt) + ', ' + duration(job.durationMillis))),
    job.checkpoints && h('p', null, count(job.checkpoints.completed) + ' checkpoints, ' + count(job.checkpoints.failed) + ' failed' + (job.checkpoints.latestAt === null ? '' : ', the latest at ' + shortTime(job.checkpoints.latestAt))),
    job.exception && h('pre', { class: 'stack', role: 'group', tabindex: '0', 'aria-label': 'Exception of the job' }, job.exception))));
  }

}

function requestRow(request) {
  return h('tr', { 'data-row': request.seq },
      h('td', { class: 'c-time' }, time(request.at)),
      h('td', { class: 'c-address' }, request.id === null ? functionName(request.function, { 'data-main': true }) : addressName({ type: request.function, id: request.id }, { 'data-main': true })),
      h('td', null, h('span', { class: ['outcome', request.failure === null ? 'outcome-good' : 'outcome-bad'] }, request.outcome)),
      h('td', { class: 'number' }, request.durationMillis === null ? '' : duration(request.durationMillis)),
      h('td', { class: 'number' }, count(request.messages)),
      h('td', { class: 'number wide' }, bytes(request.requestBytes)), h('td', { class: 'number wide' }, bytes(request.replyBytes)),
      h('td', { class: 'wide' }, request.kind), h('td', { class: 'wide bad-text' }, request.failure));
}

customElements.define('sf-requests-view', RequestsView);
