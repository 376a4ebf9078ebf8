// Copies text, and says so.

import { toast } from './parts/toast.js';

/** Copies a text and announces what was copied. */
export async function copy(text, what) {
  try {
    await (navigator.clipboard?.writeText(text).catch(() => copyBySelection(text)) ?? copyBySelection(text));
    toast('Copied ' + what);
  }
  catch (ex) {
    toast('The browser refused to copy ' + what, 'error');
  }
}

// Outside of a secure context, such as another host than localhost without TLS, there is no clipboard API
function copyBySelection(text) {
  const area = document.createElement('textarea');
  area.className = 'visually-hidden';
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) {
    throw new Error('not copied');
  }
}

/** Quotes a text as one word of a POSIX shell. */
export function shellWord(text) {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
}
