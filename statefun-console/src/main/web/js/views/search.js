// Functions, instances and messages that match a text.

import { get } from '../api.js';
import { h, setText, show } from '../dom.js';
import { searchField } from '../parts/controls.js';
import { addressName, functionName } from '../parts/names.js';
import { Summaries } from '../parts/summaries.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

/** Functions whose instances are looked up. */
const MOST_FUNCTIONS = 20;

export class SearchView extends View {

  #field = null;
  #functions = h('ul', { class: 'found' });
  #instances = h('ul', { class: 'found' });
  #messages = new Summaries('Messages found', { empty: 'No message.' });
  #none = h('p', { class: 'empty', hidden: true }, 'No function and no instance.');
  #searched = null;

  build() {
    this.#field = searchField('Search', this.route.query.get('text') ?? '', (text) => {
      adjust({ text });
      this.route.query.set('text', text);
      this.reload();
    });
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Search'), this.#field),
        h('p', { class: 'since' }, 'Functions whose name has the text, instances whose id begins with it (or type/id), messages that have it.'),
        h('section', null, h('h2', null, 'Functions and instances'), this.#functions, this.#instances, this.#none),
        h('section', null, h('h2', null, 'Messages'), this.#messages.element));
  }

  events() {
    // A search shows what was there when it began
  }

  routed(route) {
    this.#field.value = route.query.get('text') ?? '';
    super.routed(route);
  }

  async load() {
    const text = this.route.query.get('text') ?? '';
    const [{ functions }, messages] = await Promise.all([get('functions', null, this.signal), get('invocations', { text, limit: 50 }, this.signal)]);
    const types = functions.map((item) => item.type);
    // 'namespace/name/begin of an id' looks in one function only
    const within = types.filter((type) => text.startsWith(type + '/'));
    const found = await Promise.all((within.length > 0 ? within : types).slice(0, MOST_FUNCTIONS).map(async (type) => {
      const prefix = within.length > 0 ? text.slice(type.length + 1) : text;
      const page = await get('instances', { type, prefix, limit: 10 }, this.signal).catch(() => ({ instances: [] }));
      return page.instances.map(({ id }) => ({ type, id }));
    }));
    const named = types.filter((type) => type.toLowerCase().includes(text.toLowerCase()));
    const addresses = found.flat();
    show(this.#functions, named.map((type) => h('li', { 'data-row': true }, functionName(type, { 'data-main': true }))));
    show(this.#instances, addresses.map((address) => h('li', { 'data-row': true }, addressName(address, { 'data-main': true }))));
    this.#none.hidden = named.length + addresses.length > 0;
    this.#messages.show(messages.invocations);
    this.#searched = text;
    setText(this.querySelector('h1'), text === '' ? 'Search' : 'Search for ' + this.#searched);
  }

}

customElements.define('sf-search-view', SearchView);
