// A form that sends a message, made from the message types of the functions.

import { change, get, Problem, url } from '../api.js';
import { copy } from '../clipboard.js';
import { h, show } from '../dom.js';
import { shortTime, shortType } from '../format.js';
import { copyButtons } from '../parts/controls.js';
import { editor, field, headerEditor } from '../parts/message-form.js';
import { addressName, messageName, outcomeName } from '../parts/names.js';
import { toast } from '../parts/toast.js';
import { View } from '../parts/view.js';
import { adjust } from '../router.js';

const PAUSE = 300;
const MOST_SENT = 20;
/** Longest text that is part of the link to this view. */
const LONGEST_LINKED = 1500;

export class SendView extends View {

  #function = h('select', { name: 'function', onchange: () => this.#functionChosen() });
  #type = h('select', { name: 'type', onchange: () => this.#typeChosen(true) });
  #custom = h('input', { type: 'text', name: 'custom', autocomplete: 'off', spellcheck: 'false', oninput: () => this.#changed() });
  #customField = field('Name of the type', this.#custom, 'namespace/name');
  #id = h('input', { type: 'text', name: 'id', autocomplete: 'off', spellcheck: 'false', required: true, oninput: () => this.#changed() });
  #text = editor('Message', '', () => this.#changed());
  #textHint = h('span');
  #headers = headerEditor([], () => this.#changed());
  #check = h('div', { class: 'check-result', role: 'status' });
  #send = h('button', { type: 'submit', class: 'primary' }, 'Send');
  #sent = h('ol', { class: 'sent' });
  #sentNone = h('p', { class: 'empty' }, 'Nothing was sent from this page yet.');
  #types = [];
  #timer = null;
  #checks = 0;
  #curl = null;
  #ready = false;
  #prefilled = false;
  #sentIds = new Map();

  build() {
    const form = h('form', { class: 'send-form', onsubmit: (event) => {
      event.preventDefault();
      this.#submit();
    } },
    h('div', { class: 'fields' }, field('Function', this.#function), field('Id', this.#id), field('Message type', this.#type), this.#customField),
    h('label', { class: 'field' }, h('span', { class: 'field-label' }, 'Message ', this.#textHint), this.#text),
    this.#check,
    h('fieldset', null, h('legend', null, 'Headers'), this.#headers.element),
    h('div', { class: 'form-actions' }, this.#send, h('button', { type: 'button', onclick: () => this.#example() }, 'Example'),
        h('button', { type: 'button', onclick: () => this.#copyCommand() }, 'Copy as curl'), h('span', { class: 'muted' }, 'Ctrl+Enter sends')));
    this.append(h('div', { class: 'view-head' }, h('h1', null, 'Send a message'), copyButtons(() => ['message-types'])),
        h('div', { class: 'columns send-columns' }, h('section', null, form),
            h('section', null, h('div', { class: 'section-head' }, h('h2', null, 'Sent from here')), this.#sent, this.#sentNone)));
  }

  async load() {
    if (!this.#ready) {
      this.#types = (await get('message-types', null, this.signal)).types;
      this.#ready = true;
    }
    // Read again after a reconnect: what was typed stays
    if (this.#prefilled) {
      return;
    }
    this.#prefilled = true;
    const functions = [...new Set(this.#types.map((type) => type.function))];
    show(this.#function, functions.map((name) => h('option', { value: name }, name)));
    await this.#prefill();
    const sendable = functions.length === 0 || this.#types.some((type) => type.sendable);
    this.#send.disabled = !this.writable || !sendable;
    this.#send.title = this.writable ? '' : 'The console is read-only';
    if (!sendable) {
      throw new Problem(501, 'Unavailable', this.#types[0].reason + '.');
    }
  }

  routed(route) {
    this.route = route;
    this.#prefilled = false;
    this.reload();
  }

  events(batch) {
    for (const event of batch.events) {
      const item = event.kind === 'message' && this.#sentIds.get(event.message.id);
      if (item) {
        show(item, outcomeName(event.message.outcome), event.message.failure !== null && h('span', { class: 'failure-line' }, event.message.failure));
      }
    }
    if (batch.more > 0) {
      this.#refreshSent();
    }
  }

  async #refreshSent() {
    for (const [id, item] of [...this.#sentIds].slice(-3)) {
      try {
        show(item, outcomeName((await get(['messages', id], null, this.signal)).outcome));
      }
      catch (ex) {
        // Forgotten meanwhile, or the view was left
      }
    }
  }

  async #prefill() {
    const { query } = this.route;
    if (query.get('message') !== null) {
      await this.#prefillFrom(await get(['messages', query.get('message')], null, this.signal));
      return;
    }
    if (query.get('function') !== null) {
      this.#function.value = query.get('function');
    }
    if (this.#function.selectedIndex < 0) {
      this.#function.selectedIndex = 0;
    }
    this.#listTypes(query.get('type'));
    this.#id.value = query.get('id') ?? this.#id.value;
    this.#typeChosen(query.get('text') === null);
    if (query.get('text') !== null) {
      this.#text.value = query.get('text');
    }
    this.#changed();
  }

  async #prefillFrom(message) {
    this.#function.value = message.address.type;
    this.#listTypes(message.type);
    this.#id.value = message.address.id;
    this.#headers.set(message.headers);
    this.#typeChosen(false);
    if (this.#chosen?.format === 'base64') {
      const response = await fetch(url(['payloads', message.payload.ref], { raw: 'true' }));
      this.#text.value = base64(new Uint8Array(await response.arrayBuffer()));
    }
    else {
      this.#text.value = (message.payload.truncated ? await get(['payloads', message.payload.ref], null, this.signal) : message.payload).text;
    }
    this.#changed();
  }

  get #chosen() {
    return this.#types.find((type) => type.function === this.#function.value && type.type === this.#type.value);
  }

  #listTypes(wanted) {
    const types = this.#types.filter((type) => type.function === this.#function.value);
    show(this.#type, types.map((type) => h('option', { value: type.type, title: type.type, disabled: !type.sendable },
        type.type === '*' ? 'any other type' : shortType(type.type) + (type.sendable ? '' : ' (' + type.reason + ')'))));
    this.#type.value = wanted ?? types.find((type) => type.sendable)?.type ?? '';
    if (this.#type.selectedIndex < 0) {
      this.#type.value = types.some((type) => type.type === '*') ? '*' : types[0]?.type ?? '';
      this.#custom.value = wanted ?? '';
    }
  }

  #functionChosen() {
    this.#listTypes(null);
    this.#typeChosen(true);
  }

  #typeChosen(example) {
    const type = this.#chosen;
    this.#customField.hidden = type?.type !== '*';
    const form = { json: 'as JSON', text: 'as text', base64: 'bytes in Base64' };
    show(this.#textHint, h('span', { class: 'muted' }, type === undefined ? '' : (form[type.format] ?? '') + (type.type === '*' ? '' : ', ' + type.type)));
    if (example) {
      this.#text.value = type?.example ?? '';
    }
    this.#changed();
  }

  #example() {
    this.#typeChosen(true);
    this.#text.focus();
  }

  get #body() {
    const type = this.#chosen;
    return { type: this.#function.value, id: this.#id.value, messageType: type?.type === '*' ? this.#custom.value : this.#type.value, format: type?.format ?? 'json',
      text: this.#text.value, headers: this.#headers.value() };
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#curl = null;
    this.#timer = setTimeout(() => this.#checkNow(), PAUSE);
  }

  async #checkNow() {
    if (!this.isConnected) {
      return;
    }
    const body = this.#body;
    adjust({ message: null, function: body.type, id: body.id, type: body.messageType, text: body.text.length <= LONGEST_LINKED && body.text !== this.#chosen?.example ? body.text : null });
    if (body.id === '') {
      show(this.#check, h('span', { class: 'muted' }, 'An id is needed.'));
      return;
    }
    const number = ++this.#checks;
    try {
      const result = await change('POST', 'send/check', body);
      if (number !== this.#checks) {
        return;
      }
      this.#curl = result.curl;
      show(this.#check, result.valid ? h('span', { class: 'good-text' }, 'Can be sent: ' + result.payload.size + ' bytes')
          : h('span', { class: 'bad-text' }, result.error, result.line > 0 && ' (line ' + result.line + ', column ' + result.column + ')'));
      this.#text.setAttribute('aria-invalid', String(!result.valid));
    }
    catch (ex) {
      if (number === this.#checks) {
        show(this.#check, h('span', { class: 'bad-text' }, ex.message));
      }
    }
  }

  async #copyCommand() {
    await this.#checkNow();
    if (this.#curl) {
      await copy(this.#curl, 'the curl command');
    }
    else {
      toast('The message can\'t be sent yet', 'error');
    }
  }

  async #submit() {
    if (this.#send.disabled) {
      return;
    }
    this.#send.disabled = true;
    const body = this.#body;
    try {
      const { messageId } = await change('POST', 'send', body);
      const outcome = h('span', { class: 'sent-outcome' });
      if (messageId !== null) {
        this.#sentIds.set(messageId, outcome);
      }
      this.#sent.prepend(h('li', { 'data-sent': messageId }, messageName(messageId), ' ', addressName({ type: body.type, id: body.id }), ' ', shortType(body.messageType), ' ',
          h('span', { class: 'muted' }, shortTime(new Date().toISOString())), ' ', outcome));
      while (this.#sent.childElementCount > MOST_SENT) {
        this.#sent.lastElementChild.remove();
      }
      this.#sentNone.hidden = true;
      toast(messageId === null ? 'Sent' : 'Sent as message ' + messageId);
      this.#refreshSent();
    }
    catch (ex) {
      show(this.#check, h('span', { class: 'bad-text' }, ex.message, ex.body?.line > 0 && ' (line ' + ex.body.line + ', column ' + ex.body.column + ')'));
      toast(ex.message, 'error');
    }
    finally {
      this.#send.disabled = false;
    }
  }

}

function base64(content) {
  let binary = '';
  for (const byte of content) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

customElements.define('sf-send-view', SendView);
