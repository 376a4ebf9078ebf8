// Everything about one message: payload, headers, cause, effects, states before and after, failure.

import { h } from '../dom.js';
import { duration, isoDuration, shortTime, time } from '../format.js';
import { link } from '../router.js';
import { actionButton, copyMessageCommand, showTest } from './controls.js';
import { addressName, causeName, messageName, noEffects, outcomeName } from './names.js';
import { headerList, payloadBlock, payloadLine } from './payload.js';

/** Details of a message. */
export function messageDetails(message) {
  return h('article', { class: 'message', 'aria-label': 'Message ' + message.id },
      h('div', { class: 'message-head' }, h('h2', null, messageName(message.id)), outcomeName(message.outcome),
          hasNoEffects(message) && noEffects(),
          h('span', { class: 'message-actions' },
              actionButton('Copy as curl', () => copyMessageCommand(message.id), { class: 'quiet', 'data-action': 'curl' }),
              actionButton('As a test', () => showTest(message.id), { class: 'quiet', 'data-action': 'test' }),
              h('a', { class: 'quiet', 'data-action': 'send', href: link('send', null, { message: message.id }) }, 'Edit and send'))),
      h('dl', { class: 'facts' },
          fact('To', addressName(message.address)),
          fact('Cause', causeName(message.cause)),
          fact('Accepted', h('span', { title: message.acceptedAt }, time(message.acceptedAt))),
          message.due !== null && fact('Due', time(message.due)),
          message.timer !== null && fact('Timer', message.timer),
          message.startedAt !== null && fact('Started', time(message.startedAt)),
          message.durationMillis !== null && fact('Took', duration(message.durationMillis) + (message.batch !== null && message.batch.size > 1 ? ', its whole batch' : '')),
          message.attempts > 1 && fact('Attempts', String(message.attempts)),
          message.batch !== null && message.batch.size > 1 && fact('Batch', 'number ' + (message.batch.index + 1) + ' of ' + message.batch.size)),
      message.failureDetail !== null && failureBlock(message.failureDetail),
      payloadBlock(message.payload, 'Payload'),
      message.headers.length > 0 && [h('h3', null, 'Headers'), headerList(message.headers)],
      message.attribution === 'batch' && h('p', { class: 'note' }, 'Over HTTP it is not known which message of a batch caused what: effects and states are those of the whole batch.'),
      message.stateChanges.length > 0 && [h('h3', null, 'States'), message.stateChanges.map(stateChange)],
      message.effectsList.length > 0 && [h('h3', null, 'Effects'), h('ol', { class: 'effects' }, message.effectsList.map((effect) => h('li', null, effectLine(effect), effect.kind === 'egress' && effectPayload(effect))))]);
}

/** Whether a message was handled and has changed nothing. */
export function hasNoEffects(message) {
  return message.outcome === 'done' && message.stateChanges.length + message.effectsList.length === 0;
}

function fact(name, value) {
  return h('div', null, h('dt', null, name), h('dd', null, value));
}

function stateChange(change) {
  return h('div', { class: 'state-change' }, h('div', { class: 'state-name' }, change.name),
      h('div', { class: 'before-after' }, payloadBlock(change.before, 'before'), payloadBlock(change.after, 'after')));
}

function effectPayload(effect) {
  return h('details', null, h('summary', null, 'Record'), payloadBlock(effect.payload, 'Record'), headerList(effect.headers));
}

/** Failure with its stack trace. */
export function failureBlock(failure) {
  const advice = { 'retry': 'The request is sent again', 'skip': 'The message was skipped', 'dead-letter': 'The message was sent to the dead-letter egress' };
  return h('div', { class: 'failure' },
      h('div', { class: 'failure-title' }, h('strong', null, failure.exception ?? 'Failure'), failure.text && [': ', failure.text]),
      failure.action && h('div', { class: 'muted' }, (advice[failure.action] ?? failure.action) + '.'),
      failure.stackTrace && h('details', null, h('summary', null, 'Stack trace'), h('pre', { class: 'stack', role: 'group', tabindex: '0', 'aria-label': 'Stack trace' }, failure.stackTrace)));
}

/** One line that says what an effect does. */
export function effectLine(effect) {
  const to = effect.target !== null && [' to ', addressName(effect.target)];
  const message = effect.messageId !== null && [' ', messageName(effect.messageId)];
  switch (effect.kind) {
    case 'message':
      return h('span', null, 'Message', message, to, ' ', payloadLine(effect.payload));
    case 'reply':
      return h('span', null, 'Reply', message, to, ' ', payloadLine(effect.payload));
    case 'delayed':
      return h('span', null, 'Delayed message', message, to, ' after ' + isoDuration(effect.delay) + ', due ' + shortTime(effect.due) + ' ', payloadLine(effect.payload));
    case 'timer-started':
      return h('span', null, 'Timer ', h('strong', null, effect.timer), message, ' started, due ' + shortTime(effect.due) + ' ', payloadLine(effect.payload));
    case 'timer-cancelled':
      return h('span', null, 'Timer ', h('strong', null, effect.timer), ' cancelled');
    case 'timer-dropped':
      return h('span', null, 'Timer ', h('strong', null, effect.timer), ' was no longer valid and was dropped');
    case 'cancellation':
      return h('span', null, 'Cancels the delayed message with token ', h('strong', null, effect.token));
    case 'egress':
      return h('span', null, 'Record to egress ', h('a', { href: link('egress', null, { egress: effect.egress }) }, effect.egress),
          effect.topic && [', topic ', h('strong', null, effect.topic)], effect.key && [', key ', h('strong', null, effect.key)], ' ', payloadLine(effect.payload));
    default:
      return h('span', null, effect.kind);
  }
}

