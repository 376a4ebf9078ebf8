// Creates elements. Children are nodes or text: no function of this console parses markup, so names and payloads
// from the application are never interpreted.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Creates an HTML element.
 * @param {string} tag name of the element
 * @param {?object} properties attributes; `on…` functions are listeners, `class` may be an array, `null` and `false`
 * leave an attribute out, `true` sets it empty
 * @param {...*} children nodes, texts, or arrays of them
 */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Creates an SVG element, with the same arguments. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    }
    else if (name === 'class') {
      element.setAttribute('class', Array.isArray(value) ? value.filter(Boolean).join(' ') : value);
    }
    else if (name === 'value') {
      element.value = value;
    }
    else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(parent, child);
    }
    else if (child instanceof Node) {
      parent.append(child);
    }
    else if (child !== null && child !== undefined && child !== false) {
      parent.append(document.createTextNode(String(child)));
    }
  }
}

/** Replaces all children of an element. */
export function show(element, ...children) {
  const fragment = document.createDocumentFragment();
  append(fragment, children);
  element.replaceChildren(fragment);
  return element;
}

/** Sets the text of a node only if it differs, so that nothing is laid out again for nothing. */
export function setText(node, text) {
  const value = text === null || text === undefined ? '' : String(text);
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

/**
 * Brings the children of a parent in line with a list, reusing the elements of items that were there before.
 * @param {Element} parent whose children are all made by this function
 * @param {Array} items the list
 * @param {function(*): string} key identity of an item
 * @param {function(*): Element} create makes an element of an item
 * @param {function(Element, *)} update changes an element to show a newer version of its item
 */
export function reconcile(parent, items, key, create, update) {
  const old = parent.sfRows ?? new Map();
  const rows = new Map();
  let next = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    if (rows.has(id)) {
      continue;
    }
    let row = old.get(id);
    if (row === undefined) {
      row = create(item);
    }
    else {
      old.delete(id);
      update?.(row, item);
    }
    rows.set(id, row);
    if (row === next) {
      next = next.nextElementSibling;
    }
    else {
      parent.insertBefore(row, next);
    }
  }
  for (const row of old.values()) {
    if (row === next) {
      next = next.nextElementSibling;
    }
    row.remove();
  }
  parent.sfRows = rows;
}

/** Forgets what `reconcile` has put into a parent. */
export function clear(parent) {
  parent.replaceChildren();
  parent.sfRows = new Map();
}
