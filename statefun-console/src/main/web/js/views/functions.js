// All functions, as a list or as the graph of what has flowed between them.

import { get } from '../api.js';
import { h, reconcile, show } from '../dom.js';
import { count, rate, shortTime } from '../format.js';
import { choice, copyButtons, searchField, sinceText, table } from '../parts/controls.js';
import { drawGraph } from '../parts/graph.js';
import { functionName, typeName } from '../parts/names.js';
import { View } from '../parts/view.js';
import { adjust, link } from '../router.js';

const COLUMNS = [['Function', null], ['Accepts', 'wide'], ['States', 'wide'], ['Instances', 'number'], ['Waiting', 'number'],
  ['Delayed', 'number wide'], ['Rate', 'number'], ['Handled', 'number wide'], ['Failed', 'number']];

export class FunctionsView extends View {

  #since = h('p', { class: 'since' });
  #body = h('tbody');
  #empty = h('p', { class: 'empty', hidden: true }, 'No function matches.');
  #list = h('div', null, table('Functions', COLUMNS, this.#body, { class: 'rows functions' }), this.#empty);
  #graph = h('div', { class: 'graph' });
  #mode = null;
  #search = null;
  #functions = [];
  #drawn = null;

  build() {
    this.#mode = choice('Show functions as', [['list', 'List'], ['graph', 'Graph']], this.#shown, (shown) => {
      adjust({ show: shown === 'list' ? null : shown });
      this.route.query.set('show', shown);
      this.reload();
    });
    this.#search = searchField('Filter functions', this.route.query.get('text') ?? '', (text) => {
      adjust({ text });
      this.#render();
    });
    this.append(
        h('div', { class: 'view-head' }, h('h1', null, 'Functions'), this.#mode, this.#search,
            copyButtons(() => this.#shown === 'graph' ? ['functions/graph'] : ['functions'])),
        this.#since, this.#list, this.#graph);
  }

  get #shown() {
    return this.route.query.get('show') === 'graph' ? 'graph' : 'list';
  }

  routed(route) {
    this.#search.value = route.query.get('text') ?? '';
    super.routed(route);
    this.#mode.select(this.#shown);
  }

  concerns(event) {
    return event.kind === 'message' || event.kind === 'failure' || event.kind === 'timer';
  }

  async load() {
    const graph = this.#shown === 'graph';
    this.#list.hidden = graph;
    this.#graph.hidden = !graph;
    this.#search.hidden = graph;
    if (graph) {
      const data = await get('functions/graph', null, this.signal);
      show(this.#since, sinceText(data.since));
      const form = JSON.stringify(data.nodes) + JSON.stringify(data.edges.map(({ from, to, kind, type }) => [from, to, kind, type]));
      drawGraph(this.#graph, data, form === this.#drawn);
      this.#drawn = form;
    }
    else {
      const data = await get('functions', null, this.signal);
      show(this.#since, sinceText(data.since));
      this.#functions = data.functions;
      this.#render();
    }
  }

  #render() {
    const text = this.#search.value.trim().toLowerCase();
    const shown = this.#functions.filter((item) => text === '' || searchable(item).includes(text));
    reconcile(this.#body, shown, (item) => item.type, () => h('tr', { 'data-row': true }), null);
    for (const item of shown) {
      this.#fill(this.#body.sfRows.get(item.type), item);
    }
    this.#empty.hidden = shown.length > 0;
  }

  #fill(row, item) {
    const form = JSON.stringify(item);
    if (row.sfForm === form) {
      return;
    }
    row.sfForm = form;
    const failed = item.messages.retried + item.messages.skipped + item.messages['dead-letter'];
    const name = row.querySelector('a[data-main]');
    const cells = [
      h('td', null, name === null && functionName(item.type, { 'data-main': true })),
      h('td', { class: 'wide' }, item.handlers.map((handler, index) => [index > 0 && ', ', typeName(handler.messageType)])),
      h('td', { class: 'wide' }, item.states.length === 0 ? h('span', { class: 'muted' }, '–') : item.states.map((state) => state.name).join(', ')),
      h('td', { class: 'number' }, count(item.instances ?? NaN)),
      h('td', { class: 'number' }, count(item.waiting ?? NaN)),
      h('td', { class: 'number wide' }, count(item.delayed ?? NaN)),
      h('td', { class: 'number' }, rate(item.rate)),
      h('td', { class: 'number wide' }, count(item.messages.handled)),
      h('td', { class: 'number' }, failed === 0 ? '0' : h('a', { class: 'bad-text', href: link('failures', null, { type: item.type }), title: item.lastFailure === null ? null
          : item.lastFailure.text + ', ' + shortTime(item.lastFailure.at) }, count(failed)))
    ];
    // Keeps the link, which may have the focus
    cells.forEach((cell, index) => {
      if (name !== null && index === 0) {
        return;
      }
      row.children[index] === undefined ? row.append(cell) : row.children[index].replaceWith(cell);
    });
  }

}

function searchable(item) {
  return [item.type, ...item.handlers.map((handler) => handler.messageType), ...item.states.map((state) => state.name)].join('\n').toLowerCase();
}

customElements.define('sf-functions-view', FunctionsView);
