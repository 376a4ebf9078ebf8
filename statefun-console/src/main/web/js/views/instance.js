// One instance: its states, what waits for it, its timers and its latest messages.

import { change, currentInfo, get } from '../api.js';
import { h, setText, show } from '../dom.js';
import { count, counted, isoDuration, relative, shortTime } from '../format.js';
import { actionButton, confirmed, copyButtons, openDialog, sinceText } from '../parts/controls.js';
import { functionName, typeName } from '../parts/names.js';
import { payloadBlock } from '../parts/payload.js';
import { Summaries } from '../parts/summaries.js';
import { timerTable } from '../parts/timers.js';
import { toast } from '../parts/toast.js';
import { View } from '../parts/view.js';
import { link } from '../router.js';

export class InstanceView extends View {

  #head = h('div', { class: 'view-head' });
  #facts = h('p', { class: 'since' });
  #states = h('div', { class: 'states' });
  #timers = timerTable('Timers of the instance', () => this.reload(), { compact: true });
  #noTimer = h('p', { class: 'empty' }, 'No timer and no delayed message.');
  #mailbox = new Summaries('Mailbox', { address: false, compact: true, empty: 'Nothing waits.' });
  #waiting = h('span', { class: 'muted' });
  #messages = new Summaries('Latest messages of the instance', { address: false, empty: 'No message was recorded.' });
  #all = h('a', { class: 'quiet' }, 'All with filters');

  #since = h('span', { class: 'muted' });

  #statesForm = null;
  #headForm = null;
  #data = null;

  build() {
    this.append(this.#head, this.#facts,
        h('div', { class: 'columns' },
            h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'States')), this.#states),
            h('div', null,
                h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'Waiting messages'), this.#waiting), this.#mailbox.element),
                h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'Timers')), this.#timers.element, this.#noTimer))),
        h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'Latest messages'), this.#since, this.#all), this.#messages.element));
  }

  get #address() {
    return { type: this.route.query.get('type') ?? '', id: this.route.query.get('id') ?? '' };
  }

  concerns(event) {
    const { type, id } = this.#address;
    const address = event.kind === 'message' ? event.message.address : event.kind === 'state' ? event.address : null;
    return event.kind === 'timer' || event.kind === 'clock' || address !== null && address.type === type && address.id === id;
  }

  async load() {
    const address = this.#address;
    this.#showHead(address);
    const data = await get('instance', address, this.signal);
    this.#data = data;
    const flight = data.inFlight;
    setText(this.#facts, (flight === null ? 'Idle' : 'In flight: ' + counted(flight.messages.length, 'message') + (flight.attempt > 1 ? ', attempt ' + flight.attempt : ''))
        + ', ' + counted(data.waiting, 'message waiting', 'messages waiting') + ', as of ' + shortTime(data.time) + '.');
    this.#showStates(data.states);
    setText(this.#waiting, data.waiting > data.mailbox.length ? 'the first ' + data.mailbox.length + ' of ' + count(data.waiting) : '');
    this.#mailbox.show([...flight?.messages ?? [], ...data.mailbox]);
    this.#timers.show(data.timers);
    this.#timers.element.hidden = data.timers.length === 0;
    this.#noTimer.hidden = data.timers.length > 0;
    this.#messages.show(data.invocations);
    setText(this.#since, sinceText(currentInfo()?.recording.since));
  }

  #showHead(address) {
    const form = JSON.stringify(address);
    if (form !== this.#headForm) {
      this.#headForm = form;
      show(this.#head, h('h1', null, h('span', { class: 'title-id' }, address.id)), functionName(address.type),
          h('a', { class: 'button', href: link('send', null, { function: address.type, id: address.id }) }, 'Send a message'), copyButtons(() => ['instance', address]));
      this.#all.href = link('messages', null, address);
      this.#statesForm = null;
    }
  }

  #showStates(states) {
    const form = JSON.stringify(states) + this.writable;
    if (form === this.#statesForm) {
      for (const due of this.#states.querySelectorAll('[data-expires]')) {
        setText(due, relative(due.dataset.expires));
      }
      return;
    }
    this.#statesForm = form;
    show(this.#states, states.length === 0 ? h('p', { class: 'empty' }, 'The function keeps no state.') : states.map((state) => this.#state(state)));
  }

  #state(state) {
    return h('div', { class: 'state', 'data-state': state.name },
        h('div', { class: 'state-head' }, h('h3', null, state.name), typeName(state.type), expiry(state),
            this.writable && state.editable && h('button', { type: 'button', class: 'quiet', 'data-action': 'edit', 'aria-label': 'Edit state ' + state.name, onclick: () => this.#edit(state) }, 'Edit'),
            this.writable && state.version !== null && actionButton('Remove', () => this.#remove(state), { class: 'quiet', 'aria-label': 'Remove the value of state ' + state.name })),
        payloadBlock(state.value));
  }

  async #write(state, text) {
    return change('PUT', 'instance/state', { ...this.#address, name: state.name, version: state.version, text });
  }

  async #remove(state) {
    if (await confirmed('Remove the value of ' + state.name + '?', 'The next message finds the state without a value.', 'Remove')) {
      await this.#write(state, null);
      toast('Removed the value of ' + state.name);
      this.reload();
    }
  }

  #edit(seen) {
    let state = seen;
    const text = h('textarea', { class: 'editor', 'aria-label': 'New value', spellcheck: 'false', rows: '12', autofocus: true, value: state.edit ?? '' });
    const error = h('div', { class: 'form-error', role: 'alert', hidden: true });
    const saveButton = h('button', { type: 'submit', class: 'primary' }, 'Save');
    const complain = (...content) => {
      error.hidden = content.length === 0;
      show(error, content);
    };
    const save = async (dialog) => {
      saveButton.disabled = true;
      complain();
      try {
        await this.#write(state, text.value);
        dialog.close();
        toast('Saved ' + state.name);
        this.reload();
      }
      catch (ex) {
        if (ex.status === 409 && ex.body.code === 'changed') {
          const now = (await get('instance', this.#address)).states.find((candidate) => candidate.name === state.name);
          complain(h('p', null, ex.message), payloadBlock(now?.value ?? null, 'now'), h('button', { type: 'button', onclick: () => {
            state = now;
            text.value = now.edit ?? '';
            complain();
          } }, 'Edit the new value'), ' ', h('button', { type: 'button', onclick: () => {
            state = now;
            complain();
          } }, 'Keep my text, and replace the new value'));
        }
        else {
          complain(ex.message, ex.body?.line > 0 && ' (line ' + ex.body.line + ', column ' + ex.body.column + ')');
        }
      }
      finally {
        saveButton.disabled = false;
      }
    };
    openDialog('Edit ' + state.name, (dialog) => h('form', { onsubmit: (event) => {
      event.preventDefault();
      save(dialog);
    }, onkeydown: (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        save(dialog);
      }
    } },
    h('p', { class: 'muted' }, 'Of type ', typeName(state.type), '. Applied between two batches, if the value is still the one you see. Ctrl+Enter saves.'), text, error,
    h('div', { class: 'dialog-actions' }, saveButton, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'))));
  }

}

function expiry(state) {
  if (state.expiration === 'never') {
    return null;
  }
  return h('span', { class: 'muted' }, 'expires ', state.expiresAt === null ? isoDuration(state.timeToLive) + ' after the last ' + (state.expiration === 'after-write' ? 'write' : 'call')
      : h('span', { 'data-expires': state.expiresAt, title: state.expiresAt }, relative(state.expiresAt)));
}

customElements.define('sf-instance-view', InstanceView);
