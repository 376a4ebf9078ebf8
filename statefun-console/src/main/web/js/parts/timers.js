// Table of timers and delayed messages, with buttons that fire and cancel them.

import { change, currentInfo } from '../api.js';
import { h, reconcile, setText } from '../dom.js';
import { relative, time } from '../format.js';
import { actionButton, table } from './controls.js';
import { addressName, messageName, typeName } from './names.js';
import { payloadLine } from './payload.js';
import { toast } from './toast.js';

/** Creates a table of timers. `changed` is called after one was fired or cancelled. */
export function timerTable(label, changed, { compact = false } = {}) {
  const body = h('tbody');
  const columns = [['Message', null], ['Due', null], ...(compact ? [] : [['To', null]]), ['Timer', null], ...(compact ? [] : [['Payload', 'wide']]), ['', null]];
  const create = (timer) => {
    const row = h('tr', { 'data-row': timer.id },
        h('td', null, messageName(timer.id, { 'data-main': true })),
        h('td', { class: 'c-due', title: timer.due }, h('span', { class: 'due-in' }), !compact && h('span', { class: 'muted wide' }, ' ' + time(timer.due))),
        !compact && h('td', { class: 'c-address' }, addressName(timer.target)),
        h('td', { class: 'c-timer' }, timer.timer !== null ? h('strong', null, timer.timer) : h('span', { class: 'muted' }, 'delayed')),
        !compact && h('td', { class: 'c-text wide' }, typeName(timer.payload.type), ' ', payloadLine(timer.payload)),
        h('td', { class: 'c-actions' }, currentInfo()?.readOnly === false && [
          actionButton('Fire', async () => {
            await change('POST', ['timers', timer.id, 'fire']);
            toast('Fired ' + name(timer));
            changed();
          }, { class: 'quiet', 'aria-label': 'Fire ' + name(timer) }),
          actionButton('Cancel', async () => {
            await change('DELETE', ['timers', timer.id]);
            toast('Cancelled ' + name(timer));
            changed();
          }, { class: 'quiet', 'aria-label': 'Cancel ' + name(timer) })]));
    setText(row.querySelector('.due-in'), relative(timer.due));
    return row;
  };
  return {
    element: table(label, columns, body, { class: compact ? 'rows stacked compact' : 'rows stacked' }),
    show: (timers) => reconcile(body, timers, (timer) => timer.id + '@' + timer.due, create, (row, timer) => setText(row.querySelector('.due-in'), relative(timer.due))),
    tick: (timers) => timers.forEach((timer) => {
      const row = body.sfRows?.get(timer.id + '@' + timer.due);
      if (row) {
        setText(row.querySelector('.due-in'), relative(timer.due));
      }
    })
  };
}

function name(timer) {
  return timer.timer !== null ? 'timer ' + timer.timer : 'message ' + timer.id;
}
