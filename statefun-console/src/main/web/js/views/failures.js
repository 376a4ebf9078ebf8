// Failed messages, dead letters, and what would have failed a cluster's job; each can be sent again.

import { change, get } from '../api.js';
import { h, reconcile, show } from '../dom.js';
import { count, relative, shortTime, time } from '../format.js';
import { actionButton, choice, copyButtons, copyMessageCommand, openDialog, searchField } from '../parts/controls.js';
import { failureBlock } from '../parts/message.js';
import { editor, field, headerEditor } from '../parts/message-form.js';
import { addressName, messageName } from '../parts/names.js';
import { headerList, payloadBlock } from '../parts/payload.js';
import { toast } from '../parts/toast.js';
import { View } from '../parts/view.js';
import { adjust, flowLink, go } from '../router.js';

const KINDS = [['', 'All'], ['failure', 'Failures'], ['dead-letter', 'Dead letters'], ['job-failure', 'Job failures']];
const NAMES = { 'failure': 'failure', 'dead-letter': 'dead letter', 'job-failure': 'job failure' };
const PAGE = 100;

export class FailuresView extends View {

  #kind = null;
  #search = null;
  #kept = h('p', { class: 'since' });
  #list = h('ol', { class: 'cards' });
  #empty = h('p', { class: 'empty', hidden: true }, 'Nothing has failed.');
  #older = h('button', { type: 'button', hidden: true, onclick: () => this.#loadOlder() }, 'Older');
  #failures = [];
  #next = null;

  build() {
    const set = (name) => (value) => {
      adjust({ [name]: value });
      this.route.query.set(name, value);
      this.reload();
    };
    this.#kind = choice('Kind', KINDS, this.route.query.get('kind') ?? '', set('kind'));
    this.#search = searchField('Search failures', this.route.query.get('text') ?? '', set('text'));
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Failures and dead letters'), this.#kind, this.#search, copyButtons(() => ['failures', this.#filters])),
        this.#kept, this.#list, this.#empty, h('div', { class: 'pages' }, this.#older));
  }

  get #filters() {
    const { query } = this.route;
    return { kind: query.get('kind') ?? '', type: query.get('type') ?? '', text: query.get('text') ?? '' };
  }

  concerns(event) {
    return event.kind === 'failure';
  }

  events(batch) {
    // What was left out of a busy stream may be failures
    if (batch.more > 0 || batch.events.some((event) => event.kind === 'failure')) {
      this.reloadSoon();
    }
  }

  async load() {
    this.#kind.select(this.#filters.kind);
    const page = await get('failures', { ...this.#filters, limit: PAGE }, this.signal);
    this.#failures = page.failures;
    this.#show(page);
  }

  async #loadOlder() {
    try {
      const page = await get('failures', { ...this.#filters, before: this.#next, limit: PAGE }, this.signal);
      this.#failures = [...this.#failures, ...page.failures];
      this.#show(page);
    }
    catch (ex) {
      this.failed(ex);
    }
  }

  #show(page) {
    this.#next = page.next;
    this.#older.hidden = page.next === null;
    const kept = Object.entries(page.kept).map(([kind, number]) => count(number) + ' ' + NAMES[kind] + (number === 1 ? '' : 's')).join(', ');
    show(this.#kept, 'Kept: ' + kept + '; the last ' + page.limit + ' of each.', this.#filters.type !== '' && [' Only of ', h('strong', null, this.#filters.type), '. ',
      h('button', { type: 'button', class: 'quiet', onclick: () => {
        adjust({ type: null });
        this.route.query.delete('type');
        this.reload();
      } }, 'Show all')]);
    reconcile(this.#list, this.#failures, (failure) => String(failure.id), (failure) => this.#fill(h('li', { class: 'card', 'data-failure': failure.id }), failure), (card, failure) => this.#fill(card, failure));
    this.#empty.hidden = this.#failures.length > 0;
  }

  #fill(card, failure) {
    const form = JSON.stringify(failure);
    if (card.sfForm === form) {
      return card;
    }
    card.sfForm = form;
    // Parts that the reader has opened stay open
    const open = [...card.querySelectorAll('details')].map((details) => details.open);
    show(card,
        h('div', { class: 'card-head' },
            h('span', { class: ['outcome', failure.open ? 'outcome-bad' : 'outcome-calm'] }, NAMES[failure.kind] ?? failure.kind),
            failure.address && addressName(failure.address), failure.messageId !== null && messageName(failure.messageId),
            h('span', { class: 'muted', title: failure.lastAt }, time(failure.lastAt)),
            failure.count > 1 && h('span', { class: 'muted' }, '×' + count(failure.count) + ' since ' + shortTime(failure.at)),
            failure.open && failure.retryAt !== null && h('span', { class: 'muted' }, 'again ' + relative(failure.retryAt)),
            !failure.open && failure.kind !== 'dead-letter' && h('span', { class: 'outcome outcome-good' }, 'over'),
            h('span', { class: 'message-actions' },
                failure.messageId !== null && actionButton('Copy as curl', () => copyMessageCommand(failure.messageId), { class: 'quiet' }),
                this.writable && failure.sendable && [
                  actionButton('Send again', () => this.#send(failure, {}), { 'data-action': 'send-again' }),
                  h('button', { type: 'button', 'data-action': 'edit', onclick: () => this.#edit(failure) }, 'Edit and send')])),
        failure.failure && failureBlock(failure.failure),
        (failure.payload !== null || failure.headers.length > 0) && h('details', null, h('summary', null, 'Message'), failure.payload && payloadBlock(failure.payload, 'Payload'), headerList(failure.headers)));
    card.querySelectorAll('details').forEach((details, index) => {
      details.open = open[index] ?? false;
    });
    return card;
  }

  async #send(failure, body) {
    const { messageId } = await change('POST', ['failures', failure.id, 'send'], body);
    if (messageId === null) {
      toast('Sent');
    }
    else {
      toast('Sent as message ' + messageId);
      go(flowLink(messageId));
    }
  }

  async #edit(failure) {
    const payload = failure.payload?.truncated ? await get(['payloads', failure.payload.ref]) : failure.payload;
    const error = h('div', { class: 'form-error', role: 'alert', hidden: true });
    const text = editor('Payload', payload?.text ?? '');
    const headers = headerEditor(failure.headers, () => null);
    openDialog('Send again', (dialog) => h('form', { onsubmit: async (event) => {
      event.preventDefault();
      error.hidden = true;
      try {
        await this.#send(failure, { text: text.value, headers: headers.value() });
        dialog.close();
      }
      catch (ex) {
        error.hidden = false;
        show(error, ex.message, ex.body?.line > 0 && ' (line ' + ex.body.line + ', column ' + ex.body.column + ')');
      }
    } }, failure.address && h('p', null, 'To ', addressName(failure.address)), field('Payload', text), h('h3', null, 'Headers'), headers.element, error,
    h('div', { class: 'dialog-actions' }, h('button', { type: 'submit', class: 'primary' }, 'Send'), h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'))));
  }

}

customElements.define('sf-failures-view', FailuresView);
