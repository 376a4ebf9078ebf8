// The latest messages with filters. Also shown by the route of the flow without a message.

import { get } from '../api.js';
import { h, setText, show } from '../dom.js';
import { counted } from '../format.js';
import { choice, copyButtons, searchField, selection, sinceText } from '../parts/controls.js';
import { fits, MOST_ROWS, Summaries } from '../parts/summaries.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

const OUTCOMES = [['', 'All'], ['open', 'In flight'], ['retrying,skipped,dead-letter', 'Failed'], ['delayed', 'Delayed'], ['done', 'Done']];
const PAGE = 100;
/** How far down the page is when new rows on top would disturb. */
const SCROLLED = 160;

export class MessageList extends HTMLElement {

  #since = h('p', { class: 'since' });
  #summaries = new Summaries('Messages', { empty: 'No message matches.' });
  #held = h('button', { type: 'button', class: 'held', hidden: true, onclick: () => this.#release() });
  #older = h('button', { type: 'button', hidden: true, onclick: () => this.#loadOlder() }, 'Older');
  #heldCount = 0;
  #next = null;
  #view = null;
  #outcome = null;
  #text = null;
  #type = null;

  /** Creates the elements for a view that loads and updates this list. */
  attach(view) {
    this.#view = view;
    const query = view.route.query;
    const changed = (name) => (value) => {
      adjust({ [name]: value });
      view.route.query.set(name, value);
      view.reload();
    };
    this.#outcome = choice('Outcome', OUTCOMES, query.get('outcome') ?? '', changed('outcome'));
    this.#text = searchField('Ids, types, payloads, failures', query.get('text') ?? '', changed('text'));
    this.#type = h('span');
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Flow'), this.#outcome, this.#type, this.#text, copyButtons(() => ['invocations', this.#filters])),
        this.#since, this.#held, this.#summaries.element, h('div', { class: 'pages' }, this.#older));
    get('functions', null, view.signal).then(({ functions }) => show(this.#type, selection('Function',
        [['', 'All functions'], ...functions.map(({ type }) => [type, type])], query.get('type') ?? '', changed('type')))).catch(() => null);
  }

  get #filters() {
    const query = this.#view.route.query;
    return { type: query.get('type') ?? '', id: query.get('id') ?? '', outcome: query.get('outcome') ?? '', text: query.get('text') ?? '' };
  }

  /** Reads the first page. */
  async load(signal) {
    const filters = this.#filters;
    this.#outcome.select(filters.outcome);
    if (document.activeElement !== this.#text) {
      this.#text.value = filters.text;
    }
    const page = await get('invocations', { ...filters, limit: PAGE }, signal);
    show(this.#since, sinceText(page.since, page.dropped), filters.id !== '' && ' Only those of id ' + filters.id + '.');
    this.#summaries.show(page.invocations);
    this.#next = page.next;
    this.#older.hidden = page.next === null;
    this.#hold(0);
  }

  /** Takes events. */
  events(batch) {
    const messages = batch.events.filter((event) => event.kind === 'message').map((event) => event.message);
    const filters = this.#filters;
    if (scrollY > SCROLLED) {
      const known = new Set(this.#summaries.items.map((summary) => summary.id));
      const fresh = messages.filter((message) => !known.has(message.id) && fits(message, filters)).length;
      this.#summaries.merge(messages.filter((message) => known.has(message.id)), () => false);
      this.#hold(this.#heldCount + fresh + batch.more);
      return;
    }
    // What was left out isn't read as long as the list is full of newer messages anyway
    if (batch.more > 0 && (messages.length < PAGE || filters.text !== '' || filters.outcome !== '' || filters.type !== '')) {
      this.#view.reloadSoon();
    }
    this.#summaries.merge(messages, (summary) => fits(summary, filters));
    if (this.#summaries.items.length >= MOST_ROWS) {
      this.#next = this.#summaries.items.at(-1).seq;
      this.#older.hidden = false;
    }
  }

  #hold(number) {
    this.#heldCount = number;
    this.#held.hidden = number === 0;
    setText(this.#held, counted(number, 'new message') + ': show');
  }

  #release() {
    scrollTo(0, 0);
    this.#view.reload();
  }

  async #loadOlder() {
    this.#older.disabled = true;
    try {
      const page = await get('invocations', { ...this.#filters, before: this.#next, limit: PAGE }, this.#view.signal);
      this.#summaries.add(page.invocations);
      this.#next = page.next;
      this.#older.hidden = page.next === null;
    }
    catch (ex) {
      this.#view.failed(ex);
    }
    finally {
      this.#older.disabled = false;
    }
  }

}

customElements.define('sf-message-list', MessageList);

export class MessagesView extends View {

  #list = new MessageList();

  build() {
    this.append(this.#list);
    this.#list.attach(this);
  }

  events(batch) {
    this.#list.events(batch);
  }

  load() {
    return this.#list.load(this.signal);
  }

}

customElements.define('sf-messages-view', MessagesView);
