// Records that functions have sent to egresses. Looks at them only: clients of the playground still get each.

import { currentInfo, get } from '../api.js';
import { h, reconcile, show } from '../dom.js';
import { count, time } from '../format.js';
import { copyButtons, searchField, selection, sinceText } from '../parts/controls.js';
import { addressName, messageName, typeName } from '../parts/names.js';
import { headerList, payloadBlock, payloadLine } from '../parts/payload.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

const PAGE = 100;
const MOST_RECORDS = 200;

export class EgressView extends View {

  #since = h('p', { class: 'since' });
  #choice = h('span');
  #search = null;
  #list = h('ol', { class: 'records' });
  #empty = h('p', { class: 'empty', hidden: true }, 'No record was sent.');
  #older = h('button', { type: 'button', hidden: true, onclick: () => this.#loadOlder() }, 'Older');
  #records = [];
  #next = null;
  #egressForm = null;

  build() {
    this.#search = searchField('Search records', this.route.query.get('text') ?? '', (text) => this.#set('text', text));
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Egress'), this.#choice, this.#search, copyButtons(() => ['egress', this.#filters])),
        this.#since,
        this.#list, this.#empty, h('div', { class: 'pages' }, this.#older));
  }

  #set(name, value) {
    adjust({ [name]: value });
    this.route.query.set(name, value);
    this.reload();
  }

  get #filters() {
    const { query } = this.route;
    return { egress: query.get('egress') ?? '', text: query.get('text') ?? '' };
  }

  events(batch) {
    const { egress, text } = this.#filters;
    const records = batch.events.filter((event) => event.kind === 'egress').map((event) => event.record);
    const fresh = records.filter((record) => (egress === '' || record.egress === egress) && (text === '' || JSON.stringify(record).toLowerCase().includes(text.toLowerCase())));
    if (fresh.length > 0) {
      const known = new Set(this.#records.map((record) => record.seq));
      this.#records = [...fresh.filter((record) => !known.has(record.seq)), ...this.#records].sort((a, b) => b.seq - a.seq).slice(0, MOST_RECORDS);
      this.#next = this.#records.length === MOST_RECORDS ? this.#records.at(-1).seq : this.#next;
      this.#show();
    }
    if (records.length > 0 || batch.more > 0) {
      this.reloadSoon();
    }
  }

  async load() {
    const page = await get('egress', { ...this.#filters, limit: PAGE }, this.signal);
    const egresses = JSON.stringify(page.egresses) + this.#filters.egress;
    if (egresses !== this.#egressForm && !this.#choice.contains(document.activeElement)) {
      this.#egressForm = egresses;
      show(this.#choice, selection('Egress', [['', 'All egresses'], ...page.egresses.map((item) => [item.egress, item.egress + ' (' + count(item.count) + ')'])],
          this.#filters.egress, (value) => this.#set('egress', value)));
    }
    show(this.#since, sinceText(currentInfo()?.recording.since), ' Looking here takes no record away from those who read the egress.');
    this.#records = page.records;
    this.#next = page.next;
    this.#show();
  }

  async #loadOlder() {
    try {
      const page = await get('egress', { ...this.#filters, before: this.#next, limit: PAGE }, this.signal);
      this.#records = [...this.#records, ...page.records];
      this.#next = page.next;
      this.#show();
    }
    catch (ex) {
      this.failed(ex);
    }
  }

  #show() {
    reconcile(this.#list, this.#records, (record) => String(record.seq), (record) => this.#record(record), null);
    this.#older.hidden = this.#next === null;
    this.#empty.hidden = this.#records.length > 0;
  }

  #record(record) {
    const content = h('div', { class: 'record-content' });
    const details = h('details', { class: 'record', ontoggle: () => {
      if (details.open && content.childElementCount === 0) {
        show(content, h('p', { class: 'record-source' }, 'Sent by ', addressName(record.address), record.messageId !== null && [' while ', messageName(record.messageId), ' was handled']),
            payloadBlock(record.payload, 'Record'), headerList(record.headers));
      }
    } }, h('summary', null, h('span', { class: 'muted record-time' }, time(record.at)), h('span', { class: 'record-egress' }, record.egress),
        record.topic !== null && h('span', { class: 'chip' }, record.topic), record.key !== null && h('span', { class: 'muted' }, 'key ' + record.key),
        h('span', { class: 'record-payload' }, typeName(record.payload.type), ' ', payloadLine(record.payload))), content);
    return h('li', null, details);
  }

}

customElements.define('sf-egress-view', EgressView);
