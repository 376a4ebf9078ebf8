// Small controls: search fields, choices, buttons that copy, dialogs.

import { get, url } from '../api.js';
import { copy, shellWord } from '../clipboard.js';
import { h, show } from '../dom.js';
import { shortTime } from '../format.js';
import { toast } from './toast.js';

const PAUSE = 80;
let ids = 0;

/** An id that no other element has. */
export function uniqueId(prefix) {
  return prefix + '-' + (++ids);
}

/** Search field that reports its value shortly after the last key. */
export function searchField(label, value, changed) {
  let timer = null;
  const input = h('input', { type: 'search', class: 'search', placeholder: label, 'aria-label': label, value, autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => changed(input.value), PAUSE);
  });
  return input;
}

/** Choice of one of several values, as a row of buttons. */
export function choice(label, options, value, changed) {
  const group = h('div', { class: 'choice', role: 'group', 'aria-label': label });
  const buttons = options.map(([optionValue, text]) => h('button', {
    type: 'button', 'aria-pressed': String(optionValue === value), 'data-value': optionValue,
    onclick: () => {
      group.select(optionValue);
      changed(optionValue);
    }
  }, text));
  group.select = (selected) => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.value === selected));
    }
  };
  group.append(...buttons);
  return group;
}

/** Drop-down list. */
export function selection(label, options, value, changed) {
  const select = h('select', { 'aria-label': label }, options.map(([optionValue, text]) =>
      h('option', { value: optionValue, selected: optionValue === value }, text)));
  select.addEventListener('change', () => changed(select.value));
  return select;
}

/** Button with an action that may fail; it is disabled meanwhile. */
export function actionButton(text, action, properties) {
  const button = h('button', { type: 'button', ...properties }, text);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await action();
    }
    catch (ex) {
      toast(ex.message, 'error');
    }
    finally {
      button.disabled = false;
    }
  });
  return button;
}

/** Copies the address of the current view. */
export function copyPermalink() {
  return copy(location.href, 'the link');
}

/** Copies a curl command that reads what a view shows. */
export function copyReadCommand(path, parameters) {
  return copy('curl ' + shellWord(url(path, parameters).href), 'the curl command');
}

/** Buttons that copy what a view shows. */
export function copyButtons(pathAndParameters) {
  return h('span', { class: 'copy-buttons' },
      h('button', { type: 'button', class: 'quiet', onclick: copyPermalink, title: 'Copy a link to this view (y)' }, 'Copy link'),
      h('button', { type: 'button', class: 'quiet', 'data-curl': true, onclick: () => copyReadCommand(...pathAndParameters()), title: 'Copy a curl command that reads this (c)' }, 'Copy curl'));
}

/** Copies the curl command that sends a message again. */
export async function copyMessageCommand(id) {
  const { command } = await get(['messages', id, 'curl']);
  await copy(command, 'the curl command');
}

/** Shows the source of a test that repeats the handling of a message, and copies it. */
export async function showTest(id) {
  const { className, source, notes } = await get(['tests', id]);
  openDialog(className + '.java', (dialog) => [
    notes.length > 0 && h('ul', { class: 'notes' }, notes.map((note) => h('li', null, note))),
    h('pre', { class: 'source', role: 'group', tabindex: '0', 'aria-label': 'Source of the test' }, source),
    h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'primary', onclick: () => copy(source, 'the test') }, 'Copy'),
        h('button', { type: 'button', onclick: () => dialog.close() }, 'Close'))]);
}

/** Opens a modal dialog, which is removed when it is closed. */
export function openDialog(title, content, properties) {
  const id = uniqueId('dialog');
  const dialog = h('dialog', { 'aria-labelledby': id, ...properties });
  show(dialog, h('h2', { id }, title), content(dialog));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) {
      const box = dialog.getBoundingClientRect();
      if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) {
        dialog.close();
      }
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for a confirmation. */
export function confirmed(title, text, action) {
  return new Promise((resolve) => {
    const dialog = openDialog(title, () => [h('p', null, text), h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'primary', autofocus: true, onclick: () => dialog.close('yes') }, action),
        h('button', { type: 'button', onclick: () => dialog.close() }, 'Keep'))], { class: 'small' });
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}

/** Text that says since when a view knows what it shows. */
export function sinceText(since, dropped) {
  if (since === null || since === undefined) {
    return 'Nothing is recorded.';
  }
  return 'Recorded since ' + shortTime(since) + (dropped > 0 ? '; ' + dropped + ' older forgotten' : '') + '.';
}

/** Table in a region that scrolls sideways where it does not fit. */
export function table(label, columns, body, properties) {
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label },
      h('table', properties, h('thead', null, h('tr', null, columns.map(([text, className]) => text === '' ? h('td', { class: className }) : h('th', { scope: 'col', class: className }, text)))), body));
}
