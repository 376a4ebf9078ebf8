// One function: its instances, what it accepts and keeps, and its messages.

import { currentInfo, get } from '../api.js';
import { h, reconcile, setText, show } from '../dom.js';
import { count, isoDuration, rate } from '../format.js';
import { copyButtons, searchField, sinceText, table } from '../parts/controls.js';
import { mark, typeName } from '../parts/names.js';
import { fits, Summaries } from '../parts/summaries.js';
import { View } from '../parts/view.js';
import { adjust, instanceLink, link } from '../router.js';

const PAGE = 25;
const LATEST = 50;

export class FunctionView extends View {

  #head = h('div', { class: 'view-head' });
  #facts = h('dl', { class: 'facts' });
  #body = h('tbody');
  #search = null;
  #pages = h('div', { class: 'pages' });
  #noInstance = h('p', { class: 'empty' }, 'No instance matches.');
  #instances = h('section');
  #declared = h('section');
  #messages = new Summaries('Latest messages of the function', { most: LATEST, empty: 'No message was recorded.' });
  #since = h('span', { class: 'muted' });
  #before = [];
  #declaredForm = null;

  build() {
    this.#search = searchField('Ids that begin with', this.route.query.get('prefix') ?? '', (prefix) => {
      adjust({ prefix, after: null });
      this.route.query.set('prefix', prefix);
      this.route.query.delete('after');
      this.#before = [];
      this.#loadInstances().catch((ex) => this.signal.aborted || this.failed(ex));
    });
    show(this.#instances, h('div', { class: 'section-head' }, h('h2', null, 'Instances with a state or a message'), this.#search, this.#pages),
        table('Instances', [['Id', null], ['States', 'number'], ['Waiting', 'number'], ['Delayed', 'number'], ['', null]], this.#body, { class: 'rows' }), this.#noInstance);
    this.append(this.#head, this.#facts,
        h('div', { class: 'columns' }, this.#instances, this.#declared),
        h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'Messages'), this.#since,
            h('a', { class: 'quiet', href: link('messages', null, { type: this.#type }), 'data-all': true }, 'All with filters')), this.#messages.element));
  }

  get #type() {
    return this.route.query.get('type') ?? '';
  }

  routed(route) {
    if (route.query.get('type') !== this.#type) {
      this.#before = [];
    }
    this.#search.value = route.query.get('prefix') ?? '';
    super.routed(route);
  }

  events(batch) {
    const own = batch.events.filter((event) => event.kind === 'message' && event.message.address.type === this.#type).map((event) => event.message);
    if (own.length > 0) {
      this.#messages.merge(own, (summary) => fits(summary, { type: this.#type }));
    }
    if (own.length > 0 || batch.more > 0) {
      this.reloadSoon();
    }
  }

  async load() {
    this.querySelector('[data-all]').href = link('messages', null, { type: this.#type });
    const [{ functions }, { invocations }] = await Promise.all([
      get('functions', null, this.signal),
      get('invocations', { type: this.#type, limit: LATEST }, this.signal),
      this.#loadInstances().catch((ex) => {
        if (ex.status !== 501) {
          throw ex;
        }
        this.#instances.hidden = true;
      })]);
    const own = functions.find((item) => item.type === this.#type);
    this.#showHead(own);
    this.#messages.show(invocations);
    setText(this.#since, sinceText(currentInfo()?.recording.since));
  }

  async #loadInstances() {
    const type = this.#type;
    const prefix = this.route.query.get('prefix') ?? '';
    const after = this.route.query.get('after') ?? '';
    const page = await get('instances', { type, prefix, after, limit: PAGE }, this.signal);
    if (prefix !== (this.route.query.get('prefix') ?? '') || after !== (this.route.query.get('after') ?? '')) {
      return;
    }
    reconcile(this.#body, page.instances, (item) => item.id, (item) => this.#row(item), (row, item) => this.#fill(row, item));
    this.#noInstance.hidden = page.instances.length > 0;
    this.#showPages(after, page.next, page.total);
  }

  #row(item) {
    const address = { type: this.#type, id: item.id };
    const row = h('tr', { 'data-row': true },
        h('td', null, h('a', { 'data-main': true, class: 'instance-id', href: instanceLink(address) }, item.id)),
        h('td', { class: 'number' }), h('td', { class: 'number' }), h('td', { class: 'number' }), h('td'));
    this.#fill(row, item);
    return row;
  }

  #fill(row, item) {
    const texts = [null, count(item.states), count(item.waiting), count(item.delayed), item.inFlight ? 'running' : ''];
    texts.forEach((text, index) => {
      if (text !== null && row.children[index].textContent !== text) {
        row.children[index].textContent = text;
      }
    });
  }

  #showPages(after, next, total) {
    const step = (to) => {
      adjust({ after: to });
      if (to) {
        this.route.query.set('after', to);
      }
      else {
        this.route.query.delete('after');
      }
      this.#loadInstances().catch((ex) => this.signal.aborted || this.failed(ex));
    };
    show(this.#pages, h('span', { class: 'muted' }, count(total)),
        h('button', { type: 'button', 'aria-label': 'Previous instances', disabled: after === '', onclick: () => step(this.#before.pop() ?? null) }, '‹ Previous'),
        h('button', { type: 'button', 'aria-label': 'Next instances', disabled: next === null, onclick: () => {
          this.#before.push(after);
          step(next);
        } }, 'Next ›'));
  }

  #showHead(own) {
    if (own === undefined) {
      show(this.#head, h('h1', null, mark(this.#type), this.#type));
      show(this.#facts, h('div', null, h('dd', null, 'This service has no such function.')));
      show(this.#declared);
      return;
    }
    const form = JSON.stringify([own.type, own.handlers, own.states]);
    if (form !== this.#declaredForm) {
      this.#declaredForm = form;
      show(this.#head, h('h1', null, mark(own.type), own.type), h('a', { class: 'button', href: link('send', null, { function: own.type }) }, 'Send a message'),
          copyButtons(() => ['instances', { type: own.type, prefix: this.#search.value }]));
      show(this.#declared, handlers(own), states(own));
    }
    const failed = own.messages.retried + own.messages.skipped + own.messages['dead-letter'];
    show(this.#facts, fact('Declared by', own.declaredBy), fact('Instances', own.instances === null ? '–' : count(own.instances)),
        fact('Waiting', count(own.waiting ?? NaN)), fact('In flight', count(own.inFlight ?? NaN)), fact('Delayed', count(own.delayed ?? NaN)), fact('Rate', rate(own.rate)),
        fact('Handled', count(own.messages.handled)),
        fact('Failed', failed === 0 ? '0' : h('a', { class: 'bad-text', href: link('failures', null, { type: own.type }) }, count(failed))));
  }

}

function fact(name, value) {
  return h('div', null, h('dt', null, name), h('dd', null, value));
}

function handlers(own) {
  return [h('h2', null, 'Handlers'), own.handlers.length === 0 ? h('p', { class: 'empty' }, 'None is known.') : h('ul', { class: 'declared' }, own.handlers.map((handler) => h('li', null,
      h('div', null, h('strong', null, typeName(handler.messageType)), handler.replyTypes.length > 0 && h('span', { class: 'muted' }, ' replies with ', handler.replyTypes.map((type, index) => [index > 0 && ', ', typeName(type)]))),
      h('div', { class: 'muted code' }, handler.method ?? handler.javaType))))];
}

function states(own) {
  return [h('h2', null, 'States'), own.states.length === 0 ? h('p', { class: 'empty' }, 'It keeps none.') : h('ul', { class: 'declared' }, own.states.map((state) => h('li', null,
      h('div', null, h('strong', null, state.name), ' ', typeName(state.type)),
      h('div', { class: 'muted' }, state.expiration === 'never' ? 'does not expire' : 'expires ' + isoDuration(state.timeToLive) + ' ' + state.expiration.replace('-', ' the last ')))))];
}

customElements.define('sf-function-view', FunctionView);
