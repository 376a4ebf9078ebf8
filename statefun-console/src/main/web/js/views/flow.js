// The flow of a message: the tree of all messages from the first known one, with what each has caused.

import { get } from '../api.js';
import { h, show } from '../dom.js';
import { counted, duration, isoDuration, millis, shortTime, shortType, time } from '../format.js';
import { copyButtons, searchField } from '../parts/controls.js';
import { hasNoEffects, messageDetails } from '../parts/message.js';
import { addressName, causeName, hue, messageName, noEffects, outcomeName, typeName } from '../parts/names.js';
import { payloadLine } from '../parts/payload.js';
import { View } from '../parts/view.js';
import { flowLink, link } from '../router.js';
import { MessageList } from './messages.js';

const WIDE = matchMedia('(min-width: 1100px)');
/** Children that are shown at once; the others when asked for. */
const MOST_CHILDREN = 60;
const OPEN = ['waiting', 'running', 'delayed', 'retrying'];

export class FlowView extends View {

  #list = null;
  #tree = null;
  #shown = null;

  build() {
    this.#switch();
  }

  #switch() {
    const mode = this.route.part === null ? 'list' : 'tree';
    if (mode === this.#shown) {
      return;
    }
    if (this.#shown !== null) {
      scrollTo(0, 0);
    }
    this.#shown = mode;
    this.#list?.remove();
    this.#tree?.remove();
    if (mode === 'list') {
      this.#list = new MessageList();
      this.append(this.#list);
      this.#list.attach(this);
    }
    else {
      this.#tree = new FlowTree();
      this.append(this.#tree);
      this.#tree.attach(this);
    }
  }

  routed(route) {
    this.route = route;
    this.#switch();
    if (this.#shown === 'tree' && this.#tree.select(Number(route.part))) {
      return;
    }
    this.reload();
  }

  events(batch) {
    if (this.#shown === 'list') {
      this.#list.events(batch);
    }
    else if (this.#tree.concernedBy(batch)) {
      this.reloadSoon();
    }
  }

  load() {
    return this.#shown === 'list' ? this.#list.load(this.signal) : this.#tree.load(this.route.part, this.signal);
  }

}

class FlowTree extends HTMLElement {

  #view = null;
  #head = h('div', { class: 'flow-facts' });
  #tree = h('div', { class: 'tree' });
  #details = h('div', { class: 'details' });
  #aside = h('aside', { 'aria-label': 'Message' });
  #flow = null;
  #form = null;
  #selected = null;
  #closed = new Set();
  #allChildren = new Set();
  #text = '';
  #onWidth = () => this.#placeDetails();

  attach(view) {
    this.#view = view;
    this.append(
        h('div', { class: 'view-head' }, h('h1', null, 'Flow'),
            h('a', { class: 'quiet', href: link('flow') }, '‹ All messages'),
            h('button', { type: 'button', onclick: () => this.#closeAll(false) }, 'Expand all'),
            h('button', { type: 'button', onclick: () => this.#closeAll(true) }, 'Collapse all'),
            searchField('Find in the tree', '', (text) => {
              this.#text = text.trim().toLowerCase();
              this.#render();
            }),
            copyButtons(() => [['messages', String(this.#selected), 'flow']])),
        this.#head, h('div', { class: 'flow' }, this.#tree, this.#aside));
  }

  connectedCallback() {
    WIDE.addEventListener('change', this.#onWidth);
  }

  disconnectedCallback() {
    WIDE.removeEventListener('change', this.#onWidth);
  }

  async load(id, signal) {
    this.#flow = await get(['messages', id, 'flow'], null, signal);
    if (!this.#flow.messages.some((message) => message.id === this.#selected) || String(this.#selected) !== id) {
      this.#selected = this.#flow.messages.some((message) => String(message.id) === id) ? Number(id) : this.#flow.focus;
    }
    const form = JSON.stringify(this.#flow.messages.map((message) => [message.id, message.seq]));
    if (form !== this.#form) {
      this.#form = form;
      this.#render();
    }
    else {
      this.#mark();
    }
  }

  /** Whether what has happened changes the tree. Once all messages are at their end, nothing that was left out does. */
  concernedBy(batch) {
    if (this.#flow === null || batch.more > 0 && this.#flow.messages.some((message) => OPEN.includes(message.outcome))) {
      return true;
    }
    const known = new Set(this.#flow.messages.map((message) => message.id));
    return batch.events.some((event) => event.kind === 'message' && known.has(event.message.id));
  }

  /** Selects a message if it is in the tree. */
  select(id) {
    if (this.#flow === null || !this.#flow.messages.some((message) => message.id === id)) {
      return false;
    }
    this.#selected = id;
    this.#mark();
    return true;
  }

  #closeAll(close) {
    this.#closed = new Set(close ? this.#flow.messages.map((message) => message.id) : []);
    this.#render();
  }

  #render() {
    const focused = document.activeElement?.closest('.tree-row')?.dataset.message;
    const messages = this.#flow.messages;
    const children = new Map();
    for (const message of messages) {
      (children.get(message.parent) ?? children.set(message.parent, []).get(message.parent)).push(message);
    }
    const begin = millis(messages[0].acceptedAt);
    const end = Math.max(...messages.map((message) => endOf(message)), begin + 1);
    this.#showHead(messages, begin, end);
    const context = { children, begin, span: end - begin };
    const roots = messages.filter((message) => message.parent === null);
    show(this.#tree, h('ul', { class: 'tree-list' }, roots.map((message) => this.#node(message, null, context))),
        this.#flow.omitted > 0 && h('p', { class: 'note' }, counted(this.#flow.omitted, 'further message') + ' left out.'));
    this.#mark();
    if (focused !== undefined) {
      this.#tree.querySelector(`[data-message="${CSS.escape(focused)}"] .message-name`)?.focus({ preventScroll: true });
    }
  }

  #showHead(messages, begin, end) {
    const functions = new Set(messages.map((message) => message.address.type));
    const open = messages.filter((message) => OPEN.includes(message.outcome)).length;
    show(this.#head, h('span', null, counted(messages.length + this.#flow.omitted, 'message') + ', ' + counted(functions.size, 'function') + ', ' + duration(end - begin)),
        open > 0 && h('span', { class: 'outcome outcome-busy' }, open + ' in flight'),
        h('span', { class: 'muted' }, 'The first was ', causeName(this.#flow.rootCause), ', ', shortTime(messages[0].acceptedAt), '.'));
  }

  #node(message, edge, context) {
    const children = context.children.get(message.id) ?? [];
    const edges = new Map(message.effectsList.filter((effect) => effect.messageId !== null).map((effect) => [effect.messageId, effect]));
    const leaves = this.#leaves(message, new Set(children.map((child) => child.id)));
    const inner = children.length + leaves.length > 0;
    const closed = this.#closed.has(message.id);
    const all = this.#allChildren.has(message.id) || children.length <= MOST_CHILDREN || this.#text !== '';
    const shown = all ? children : children.slice(0, MOST_CHILDREN);
    const list = inner && h('ul', { class: 'tree-list', hidden: closed }, leaves,
        shown.map((child) => this.#node(child, edges.get(child.id) ?? null, context)),
        !all && h('li', null, h('button', { type: 'button', class: 'quiet', onclick: () => {
          this.#allChildren.add(message.id);
          this.#render();
        } }, 'Show ' + (children.length - MOST_CHILDREN) + ' more')));
    const toggle = inner ? h('button', { type: 'button', class: 'toggle', 'aria-expanded': String(!closed), 'aria-label': 'What message ' + message.id + ' has caused', onclick: (event) => {
      const nowClosed = !this.#closed.has(message.id);
      nowClosed ? this.#closed.add(message.id) : this.#closed.delete(message.id);
      event.currentTarget.setAttribute('aria-expanded', String(!nowClosed));
      list.hidden = nowClosed;
    } }) : h('span', { class: 'toggle-space' });
    const hit = this.#text !== '' && matches(message, this.#text);
    return h('li', null, h('div', { class: ['tree-row', hue(message.address.type), hit && 'hit'], 'data-row': true, 'data-message': message.id },
        toggle,
        edgeName(message, edge, this.#flow.messages.find((candidate) => candidate.id === message.parent)),
        addressName(message.address),
        messageName(message.id, { 'data-main': true, href: flowLink(message.id) }),
        h('span', { class: 'tree-payload' }, typeName(message.type), ' ', h('span', { class: 'preview' }, message.text)),
        message.batch !== null && message.batch.size > 1 && h('span', { class: 'chip', title: 'Handled in one request with others' }, 'batch ' + (message.batch.index + 1) + '/' + message.batch.size),
        message.outcome !== 'done' && outcomeName(message.outcome),
        hasNoEffects(message) && noEffects(),
        h('span', { class: 'tree-time' }, timing(message, context)),
        bar(message, context)),
    message.failure !== null && h('div', { class: 'tree-failure' }, message.failure),
    list);
  }

  /** Effects that are no message of the tree, and changes of states. */
  #leaves(message, childIds) {
    const shared = message.attribution === 'batch' ? h('span', { class: 'chip', title: 'Over HTTP the effects of a batch are not known by message' }, 'of the batch') : null;
    const sharedMark = () => shared?.cloneNode(true);
    const states = message.stateChanges.map((change) => h('li', { class: 'leaf leaf-state' },
        h('span', { class: 'leaf-kind' }, 'state'), h('strong', null, change.name), ' ', payloadLine(change.before), ' → ', payloadLine(change.after), sharedMark()));
    const effects = message.effectsList.filter((effect) => effect.messageId === null || !childIds.has(effect.messageId)).map((effect) => h('li', { class: 'leaf leaf-' + effect.kind },
        leafText(effect), sharedMark()));
    return [...states, ...effects];
  }

  #mark() {
    for (const row of this.#tree.querySelectorAll('.tree-row')) {
      const own = row.dataset.message === String(this.#selected);
      row.classList.toggle('selected', own);
      const name = row.querySelector('.message-name');
      if (own) {
        name.setAttribute('aria-current', 'true');
      }
      else {
        name.removeAttribute('aria-current');
      }
    }
    const message = this.#flow.messages.find((candidate) => candidate.id === this.#selected);
    const form = message === undefined ? '' : message.id + '.' + message.seq;
    if (message !== undefined && this.#details.dataset.form !== form) {
      this.#details.dataset.form = form;
      show(this.#details, messageDetails(message));
    }
    this.#placeDetails();
  }

  /** Beside the tree where there is room, else below the selected row. */
  #placeDetails() {
    const row = this.#tree.querySelector('.tree-row.selected');
    if (WIDE.matches || row === null) {
      if (this.#details.parentNode !== this.#aside) {
        this.#aside.append(this.#details);
      }
    }
    else if (row.nextSibling !== this.#details) {
      row.after(this.#details);
    }
  }

}

function endOf(message) {
  return message.startedAt === null ? millis(message.acceptedAt) : millis(message.startedAt) + (message.durationMillis ?? 0);
}

function timing(message, context) {
  const offset = millis(message.acceptedAt) - context.begin;
  const parts = [(offset <= 0 ? '' : '+' + duration(offset))];
  if (message.outcome === 'delayed') {
    parts.push('due ' + shortTime(message.due));
  }
  else if (message.durationMillis !== null) {
    parts.push(duration(message.durationMillis));
  }
  return h('span', { title: 'Accepted ' + time(message.acceptedAt) + (message.startedAt === null ? '' : ', started ' + time(message.startedAt)) }, parts.filter(Boolean).join(' · '));
}

/** Bar of the time of a message within that of the tree: waiting pale, handled solid. */
function bar(message, context) {
  const line = h('span', { class: 'bar', 'aria-hidden': 'true' });
  const accepted = millis(message.acceptedAt) - context.begin;
  const started = message.startedAt === null ? context.span : millis(message.startedAt) - context.begin;
  const ended = message.startedAt === null ? context.span : endOf(message) - context.begin;
  line.append(piece('bar-wait', accepted, started, context.span), piece('bar-work', started, ended, context.span));
  return line;
}

function piece(className, from, to, span) {
  const element = h('span', { class: className });
  element.style.left = Math.min(99, Math.max(0, 100 * from / span)) + '%';
  element.style.width = Math.max(className === 'bar-work' ? 1.5 : 0, Math.min(100, 100 * (to - from) / span)) + '%';
  return element;
}

function edgeName(message, edge, parent) {
  if (message.cause.kind === 'again') {
    return h('span', { class: 'edge-name' }, 'sent again');
  }
  if (edge === null || edge.kind === 'message') {
    // What a handler returns is a message to the caller
    if (edge !== null && sameAddress(parent?.caller, message.address)) {
      return h('span', { class: 'edge-name' }, 'reply');
    }
    return message.timer !== null ? h('span', { class: 'edge-name edge-timer' }, 'timer ' + message.timer)
        : message.parent !== null && message.due !== null ? h('span', { class: 'edge-name edge-delayed' }, 'delayed') : null;
  }
  switch (edge.kind) {
    case 'reply':
      return h('span', { class: 'edge-name' }, 'reply');
    case 'delayed':
      return h('span', { class: 'edge-name edge-delayed' }, 'after ' + isoDuration(edge.delay));
    case 'timer-started':
      return h('span', { class: 'edge-name edge-timer' }, 'timer ' + edge.timer + (edge.delay === null ? '' : ', ' + isoDuration(edge.delay)));
    default:
      return null;
  }
}

function sameAddress(one, other) {
  return one !== null && one !== undefined && one.type === other.type && one.id === other.id;
}

function leafText(effect) {
  const kind = (text) => h('span', { class: 'leaf-kind' }, text);
  switch (effect.kind) {
    case 'egress':
      return [kind('egress'), h('a', { href: link('egress', null, { egress: effect.egress }) }, effect.egress), effect.topic && h('span', { class: 'muted' }, ' ' + effect.topic),
        effect.key && h('span', { class: 'muted' }, ' key ' + effect.key), ' ', payloadLine(effect.payload)];
    case 'timer-cancelled':
      return [kind('timer'), h('strong', null, effect.timer), ' cancelled'];
    case 'timer-dropped':
      return [kind('timer'), h('strong', null, effect.timer), ' dropped, as it was no longer valid'];
    case 'timer-started':
      return [kind('timer'), h('strong', null, effect.timer), ' started, ' + isoDuration(effect.delay)];
    case 'cancellation':
      return [kind('cancel'), 'the delayed message with token ', h('strong', null, effect.token)];
    default:
      return [kind(effect.kind), effect.target !== null && ['to ', addressName(effect.target)], ' ', effect.payload !== null && [h('span', { class: 'muted' }, shortType(effect.payload.type)), ' ', payloadLine(effect.payload)]];
  }
}

function matches(message, text) {
  return [message.id, message.address.type, message.address.id, message.type, message.payload?.text, message.failure, message.timer].join('\n').toLowerCase().includes(text);
}

customElements.define('sf-flow-tree', FlowTree);
customElements.define('sf-flow-view', FlowView);
