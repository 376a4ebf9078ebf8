// Keyboard shortcuts. A shortcut is one key, or `g` followed by a key; none works while text is typed.

const SEQUENCE_TIME = 1500;
const shortcuts = new Map();
let pending = null;

/** Registers a shortcut, replacing one of the same keys. */
export function shortcut(keys, description, action) {
  shortcuts.set(keys, { keys, description, action });
}

/** All shortcuts, in the order of their registration. */
export function allShortcuts() {
  return [...shortcuts.values()];
}

function typing(event) {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    return;
  }
  if (typing(event)) {
    if (event.key === 'Escape') {
      event.target.blur();
    }
    return;
  }
  if (document.querySelector('dialog[open]') !== null) {
    return;
  }
  const keys = pending !== null && event.timeStamp - pending < SEQUENCE_TIME ? 'g ' + event.key : event.key;
  pending = null;
  if (keys === 'g') {
    pending = event.timeStamp;
    return;
  }
  const found = shortcuts.get(keys);
  if (found !== undefined) {
    event.preventDefault();
    found.action(event);
  }
});

function rows() {
  return [...document.querySelectorAll('main [data-row] a[data-main], main a[data-row]')].filter((row) => row.offsetParent !== null);
}

function move(step) {
  const all = rows();
  if (all.length === 0) {
    return;
  }
  const at = all.findIndex((row) => row === document.activeElement || row.closest('[data-row]')?.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all[next].focus();
  all[next].scrollIntoView({ block: 'nearest' });
}

/** Registers the shortcuts that move through the rows of a view. */
export function registerRowShortcuts() {
  shortcut('j', 'Next row', () => move(1));
  shortcut('k', 'Previous row', () => move(-1));
}
