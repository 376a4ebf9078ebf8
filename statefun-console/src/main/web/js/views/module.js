// What a cluster needs to know of this service: module.yaml, the manifest of states, and differences to a file.

import { get } from '../api.js';
import { copy } from '../clipboard.js';
import { h, show } from '../dom.js';
import { choice, copyButtons, searchField } from '../parts/controls.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

export class ModuleView extends View {

  #mode = null;
  #content = h('div');
  #text = '';
  #data = null;

  build() {
    this.#mode = choice('Show', [['yaml', 'module.yaml'], ['manifest', 'Manifest'], ['differences', 'Differences']], this.#shown, (shown) => {
      adjust({ show: shown === 'yaml' ? null : shown });
      this.route.query.set('show', shown);
      this.#render();
    });
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Module'), this.#mode, searchField('Find in the text', '', (text) => {
      this.#text = text.trim().toLowerCase();
      this.#render();
    }), copyButtons(() => ['module'])), this.#content);
  }

  get #shown() {
    const shown = this.route.query.get('show');
    return shown === 'manifest' || shown === 'differences' ? shown : 'yaml';
  }

  async load() {
    this.#data = await get('module', null, this.signal);
    this.#render();
  }

  #render() {
    if (this.#data === null) {
      return;
    }
    const shown = this.#shown;
    this.#mode.select(shown);
    if (shown === 'differences') {
      show(this.#content, this.#differences());
    }
    else {
      const text = this.#data[shown];
      show(this.#content, this.#data.error !== null && h('p', { class: 'view-message view-message-error' }, this.#data.error),
          text !== null && [
            h('div', { class: 'section-head' }, h('span', { class: 'muted' }, shown === 'yaml' ? 'For generation ' + this.#data.format + ', secrets masked' : 'Types and states, to be compared with those of another version'),
                h('button', { type: 'button', class: 'quiet', onclick: () => copy(text, shown === 'yaml' ? 'module.yaml' : 'the manifest') }, 'Copy')),
            h('pre', { class: 'source', role: 'group', tabindex: '0', 'aria-label': shown === 'yaml' ? 'module.yaml' : 'Manifest' }, text.split('\n').map((line) =>
              h('span', { class: ['line', this.#text !== '' && line.toLowerCase().includes(this.#text) && 'hit'] }, line + '\n')))]);
      this.#content.querySelector('.line.hit')?.scrollIntoView({ block: 'nearest' });
    }
  }

  #differences() {
    const { comparedWith, differences } = this.#data;
    if (comparedWith === null) {
      return h('p', { class: 'empty' }, 'Set statefun.console.module or statefun.console.manifest to a file to compare with.');
    }
    return [h('p', { class: 'since' }, 'Compared with ' + comparedWith + '.'), differences.length === 0 ? h('p', { class: 'empty' }, 'No differences.')
        : h('ul', { class: 'cards' }, differences.filter((item) => this.#text === '' || (item.where + item.text).toLowerCase().includes(this.#text)).map((item) => h('li', { class: 'card' },
            h('div', { class: 'card-head' }, h('span', { class: ['outcome', item.severity === 'error' ? 'outcome-bad' : 'outcome-calm'] }, item.severity), h('strong', null, item.where)), h('p', null, item.text))))];
  }

}

customElements.define('sf-module-view', ModuleView);
