// The editable parts of a message to send: headers and text.

import { h } from '../dom.js';

/** Rows of headers that can be added and removed. */
export function headerEditor(headers, changed) {
  const rows = h('div', { class: 'header-rows' });
  const add = (header, focus) => {
    const key = h('input', { type: 'text', class: 'header-key', value: header.key, 'aria-label': 'Header key', placeholder: 'key', autocomplete: 'off', spellcheck: 'false', oninput: changed });
    const value = h('input', { type: 'text', class: 'header-value', value: header.value ?? '', 'aria-label': 'Header value', placeholder: 'value', autocomplete: 'off', spellcheck: 'false', oninput: changed });
    const binary = h('input', { type: 'checkbox', oninput: changed });
    binary.checked = header.binary;
    const row = h('div', { class: 'header-row' }, key, value, h('label', { class: 'check' }, binary, 'Base64'),
        h('button', { type: 'button', class: 'quiet', 'aria-label': 'Remove header', onclick: () => {
          row.remove();
          changed();
        } }, 'Remove'));
    row.sfValue = () => ({ key: key.value, value: value.value, binary: binary.checked });
    rows.append(row);
    if (focus) {
      key.focus();
    }
  };
  headers.forEach((header) => add(header, false));
  return {
    element: h('div', { class: 'header-editor' }, rows, h('button', { type: 'button', class: 'quiet', onclick: () => add({ key: '', value: '', binary: false }, true) }, 'Add a header')),
    value: () => [...rows.children].map((row) => row.sfValue()).filter((header) => header.key !== '' || header.value !== ''),
    set: (list) => {
      rows.replaceChildren();
      list.forEach((header) => add(header, false));
    }
  };
}

/** Labels a field. */
export function field(label, element, hint) {
  return h('label', { class: 'field' }, h('span', { class: 'field-label' }, label, hint && h('span', { class: 'muted' }, ' ', hint)), element);
}

/** Offers a text that can be edited. */
export function editor(label, value, changed) {
  const area = h('textarea', { class: 'editor', 'aria-label': label, spellcheck: 'false', rows: '12', value, oninput: changed });
  area.addEventListener('keydown', (event) => {
    // Tab still leaves the field, Ctrl+Enter sends its form
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.form?.requestSubmit();
    }
  });
  return area;
}
