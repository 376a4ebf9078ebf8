// Table of message summaries, bounded and updated in place.

import { h, reconcile, setText, show } from '../dom.js';
import { duration, shortTime, time } from '../format.js';
import { addressName, messageName, noEffects, outcomeName, typeName } from './names.js';
import { table } from './controls.js';

/** Rows that a table has at most; what is older is read by page. */
export const MOST_ROWS = 100;

export class Summaries {

  #body = h('tbody');
  #withAddress;
  #withCaller;
  #empty;
  #most;
  #rows = [];

  constructor(label, { address = true, caller = true, compact = false, most = MOST_ROWS, empty = 'No messages' } = {}) {
    this.#most = most;
    this.#withAddress = address;
    this.#withCaller = caller && !compact;
    this.#empty = h('p', { class: 'empty' }, empty);
    const columns = [['Message', 'c-id'], ['Accepted', 'c-time'], ...(address ? [['To', 'c-address']] : []), ['Payload', 'c-text'],
      ...(this.#withCaller ? [['From', 'c-caller wide']] : []), ['Outcome', 'c-outcome'], ['Took', 'c-took number']];
    this.element = h('div', { class: ['summaries', compact && 'compact'] }, table(label, columns, this.#body, { class: 'rows' }), this.#empty);
  }

  get items() {
    return this.#rows;
  }

  /** Shows summaries in the order given. */
  show(summaries) {
    this.#rows = summaries.slice(0, this.#most);
    this.#render();
  }

  /** Adds summaries at the end, for a further page. */
  add(summaries) {
    const known = new Set(this.#rows.map((summary) => summary.id));
    this.#rows = [...this.#rows, ...summaries.filter((summary) => !known.has(summary.id))];
    this.#render();
  }

  /**
   * Takes new and changed summaries: known rows change in their place, others are put on top.
   * @returns {number} of new ones
   */
  merge(summaries, matches) {
    const at = new Map(this.#rows.map((summary, index) => [summary.id, index]));
    const fresh = new Map();
    for (const summary of summaries) {
      const index = at.get(summary.id);
      if (index !== undefined) {
        if (summary.seq >= this.#rows[index].seq) {
          this.#rows[index] = summary;
        }
      }
      else if (matches(summary)) {
        fresh.set(summary.id, summary);
      }
    }
    const news = [...fresh.values()].sort((a, b) => b.seq - a.seq);
    if (news.length > 0) {
      this.#rows = [...news, ...this.#rows].slice(0, this.#most);
    }
    this.#render();
    return news.length;
  }

  #render() {
    reconcile(this.#body, this.#rows, (summary) => String(summary.id), (summary) => this.#create(summary), (row, summary) => this.#update(row, summary));
    this.#empty.hidden = this.#rows.length > 0;
  }

  #create(summary) {
    const row = h('tr', { 'data-row': summary.id },
        h('td', { class: 'c-id' }, messageName(summary.id, { 'data-main': true })),
        h('td', { class: 'c-time', title: summary.acceptedAt }, time(summary.acceptedAt)),
        this.#withAddress && h('td', { class: 'c-address' }, addressName(summary.address)),
        h('td', { class: 'c-text' }, summary.timer !== null && h('span', { class: 'chip' }, 'timer ' + summary.timer), typeName(summary.type), ' ',
            h('span', { class: 'preview' }, summary.text), h('span', { class: 'failure-line' })),
        this.#withCaller && h('td', { class: 'c-caller wide' }, summary.caller === null ? h('span', { class: 'muted' }, 'outside') : addressName(summary.caller)),
        h('td', { class: 'c-outcome' }),
        h('td', { class: 'c-took number' }));
    this.#update(row, summary);
    return row;
  }

  #update(row, summary) {
    if (row.sfSeq === summary.seq) {
      return;
    }
    row.sfSeq = summary.seq;
    show(row.querySelector('.c-outcome'), outcomeName(summary.outcome), summary.attempts > 1 && h('span', { class: 'muted', title: summary.attempts + ' attempts' }, ' ×' + summary.attempts),
        summary.outcome === 'done' && summary.effects + summary.states === 0 && [' ', noEffects()]);
    setText(row.querySelector('.c-took'), summary.outcome === 'delayed' ? shortTime(summary.due)
        : summary.durationMillis === null ? '' : duration(summary.durationMillis));
    setText(row.querySelector('.failure-line'), summary.failure);
  }

}

/** Whether a summary fits the filters of a list. */
export function fits(summary, { type, id, outcome, text }) {
  return (!type || summary.address.type === type) && (!id || summary.address.id === id) && (!outcome || outcomeFits(summary.outcome, outcome))
      && (!text || textOf(summary).includes(text.toLowerCase()));
}

const OPEN = ['delayed', 'waiting', 'running', 'retrying'];

function outcomeFits(actual, filter) {
  return filter.split(',').some((part) => part === actual || part === 'open' && OPEN.includes(actual));
}

function textOf(summary) {
  return [summary.id, summary.address.type, summary.address.id, summary.type, summary.text, summary.failure].join('\n').toLowerCase();
}
