// Payloads and headers. A payload of more than 4 KB is loaded when it is asked for.

import { get, url } from '../api.js';
import { copy } from '../clipboard.js';
import { h, show } from '../dom.js';
import { bytes } from '../format.js';
import { typeName } from './names.js';
import { toast } from './toast.js';

/** Block with a payload, its type and its size. */
export function payloadBlock(payload, label) {
  if (payload === null || payload === undefined) {
    return h('div', { class: 'payload payload-none' }, label && h('span', { class: 'payload-label' }, label), h('span', { class: 'muted' }, 'no value'));
  }
  const text = h('pre', { class: ['payload-text', 'payload-' + payload.kind], role: 'group', tabindex: '0', 'aria-label': label ?? 'Payload' });
  const actions = h('span', { class: 'payload-actions' });
  const block = h('div', { class: 'payload' },
      h('div', { class: 'payload-head' },
          label && h('span', { class: 'payload-label' }, label), typeName(payload.type), h('span', { class: 'muted' }, bytes(payload.size)),
          payload.kind === 'binary' && h('span', { class: 'chip' }, 'binary'), payload.masked && h('span', { class: 'chip' }, 'masked'),
          actions),
      text);
  fill(payload, text, actions);
  return block;
}

function fill(payload, text, actions) {
  show(text, payload.kind === 'empty' ? h('span', { class: 'muted' }, 'empty') : payload.text,
      payload.truncated && h('span', { class: 'muted' }, '\n… ' + bytes(payload.size) + ' in all'));
  show(actions,
      payload.truncated && payload.ref !== null && h('button', { type: 'button', class: 'quiet', onclick: (event) => all(event, payload, text, actions) }, 'Show all'),
      payload.ref !== null && !payload.masked && payload.kind !== 'empty'
          && h('a', { class: 'quiet', href: url(['payloads', payload.ref], { raw: 'true' }), download: payload.ref + '.bin' }, 'Save'),
      payload.kind !== 'empty' && h('button', { type: 'button', class: 'quiet', onclick: () => copy(payload.text, payload.truncated ? 'the beginning' : 'the payload') }, 'Copy'));
}

async function all(event, payload, text, actions) {
  event.target.disabled = true;
  try {
    fill(await get(['payloads', payload.ref]), text, actions);
    text.focus();
  }
  catch (ex) {
    event.target.disabled = false;
    toast(ex.message, 'error');
  }
}

/** One line with the beginning of a payload. */
export function payloadLine(payload) {
  return payload === null || payload === undefined ? h('span', { class: 'muted' }, 'no value')
      : h('span', { class: 'preview', title: payload.type }, payload.kind === 'empty' ? 'empty' : payload.text.slice(0, 300).replace(/\s+/g, ' '));
}

/** Headers of a message or a record. */
export function headerList(headers) {
  return headers.length === 0 ? null
      : h('dl', { class: 'headers' }, headers.map((header) => [h('dt', null, header.key),
          h('dd', null, header.value === null ? h('span', { class: 'muted' }, 'no value') : header.value,
              header.binary && h('span', { class: 'chip' }, 'Base64'))]));
}
