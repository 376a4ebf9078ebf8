// Short messages at the bottom of the page, which screen readers announce.

import { h } from '../dom.js';

const SHOWN = 4000;
let region = null;

/** Shows a message for some seconds. */
export function toast(text, kind) {
  if (region === null) {
    region = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
  }
  // Within an open dialog, since what is below it is hidden
  const parent = document.querySelector('dialog[open]') ?? document.body;
  if (region.parentNode !== parent) {
    parent.append(region);
  }
  const message = h('div', { class: ['toast', kind === 'error' && 'toast-error'] }, text);
  region.append(message);
  while (region.childElementCount > 3) {
    region.firstElementChild.remove();
  }
  setTimeout(() => message.remove(), kind === 'error' ? 2 * SHOWN : SHOWN);
}
