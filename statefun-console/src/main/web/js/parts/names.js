// Names of functions, instances, types and outcomes, with their links.

import { h } from '../dom.js';
import { shortType } from '../format.js';
import { flowLink, functionLink, instanceLink } from '../router.js';

const HUES = 8;

/** Class that gives a function the same color in all views. */
export function hue(type) {
  let hash = 7;
  for (let i = 0; i < type.length; i++) {
    hash = (hash * 31 + type.charCodeAt(i)) >>> 0;
  }
  return 'hue-' + (hash % HUES);
}

/** Colored mark of a function. */
export function mark(type) {
  return h('span', { class: ['mark', hue(type)], 'aria-hidden': 'true' });
}

/** Link to a function. */
export function functionName(type, properties) {
  return h('a', { class: 'name function-name', href: functionLink(type), title: type, ...properties }, mark(type), h('span', null, type));
}

/** Link to an instance: its function and its id. */
export function addressName(address, properties) {
  if (address === null || address === undefined) {
    return h('span', { class: 'muted' }, '–');
  }
  return h('a', { class: 'name address-name', href: instanceLink(address), title: address.type + '/' + address.id, ...properties },
      mark(address.type), h('span', { class: 'address-type' }, address.type), h('span', { class: 'address-slash' }, '/'),
      h('span', { class: 'address-id' }, address.id));
}

/** Link to the flow of a message. */
export function messageName(id, properties) {
  return id === null || id === undefined ? h('span', { class: 'muted' }, '–')
      : h('a', { class: 'message-name', href: flowLink(id), title: 'Flow of message ' + id, ...properties }, '#' + id);
}

/** Short name of a type, with the whole one on hover. */
export function typeName(type) {
  return h('span', { class: 'type-name', title: type }, shortType(type));
}

const OUTCOMES = {
  'delayed': 'calm',
  'waiting': 'calm',
  'running': 'busy',
  'done': 'good',
  'retrying': 'bad',
  'skipped': 'bad',
  'dead-letter': 'bad',
  'cancelled': 'calm'
};

/** Outcome of a message. */
export function outcomeName(outcome) {
  return h('span', { class: ['outcome', 'outcome-' + (OUTCOMES[outcome] ?? 'calm')] }, outcome ?? '–');
}

/** Mark of a message that was handled and has changed nothing. */
export function noEffects() {
  return h('span', { class: 'muted', title: 'It changed no state, sent no message and wrote to no egress' }, 'no effects');
}

/** Cause of a message as text with links. */
export function causeName(cause) {
  if (cause === null || cause === undefined) {
    return h('span', { class: 'muted' }, 'unknown');
  }
  switch (cause.kind) {
    case 'message':
      return h('span', null, 'sent while ', messageName(cause.messageId), ' was handled', cause.address && [' by ', addressName(cause.address)]);
    case 'batch':
      return h('span', null, 'sent by the reply to a batch of ' + cause.messageIds.length + ' messages',
          cause.messageIds.length > 0 && [', from ', messageName(cause.messageIds[0])], cause.address && [' of ', addressName(cause.address)]);
    case 'again':
      return h('span', null, 'sent again from the console, after ', messageName(cause.messageId), ' had failed');
    case 'ingress':
      return h('span', null, 'sent from outside', cause.address && [' as ', addressName(cause.address)]);
    default:
      return h('span', { class: 'muted' }, 'unknown: sent before the recording began, or restored from a snapshot');
  }
}
