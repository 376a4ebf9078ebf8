// Routes in the fragment of the address: `#/view/part?name=value`. Each state that is worth a link is in it.

const listeners = new Set();

/** Reads the route from the address. */
export function route() {
  const hash = location.hash.startsWith('#/') ? location.hash.slice(2) : '';
  const mark = hash.indexOf('?');
  const path = mark < 0 ? hash : hash.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : hash.slice(mark + 1));
  const parts = path.split('/').filter((part) => part !== '').map(decode);
  return { view: parts[0] ?? 'functions', part: parts[1] ?? null, query };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  }
  catch (ex) {
    return part;
  }
}

/** Address of a view. Parameters that are null, undefined or empty are left out. */
export function link(view, part, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (value !== null && value !== undefined && value !== '' && value !== false) {
      query.set(name, value === true ? 'true' : value);
    }
  }
  const path = '#/' + view + (part === null || part === undefined ? '' : '/' + encodeURIComponent(part));
  return query.size === 0 ? path : path + '?' + query;
}

/** Goes to a view as a click on its link does. */
export function go(href) {
  location.hash = href;
}

/** Changes parameters of the current view, without a new entry in the history. */
export function adjust(parameters) {
  const { view, part, query } = route();
  const all = Object.fromEntries(query);
  history.replaceState(null, '', link(view, part, { ...all, ...parameters }));
}

/** Calls a function with each new route. */
export function onRoute(listener) {
  listeners.add(listener);
}

addEventListener('hashchange', () => {
  // Also fired for the skip link, which has no route
  if (location.hash.startsWith('#/') || location.hash === '') {
    for (const listener of listeners) {
      listener(route());
    }
  }
});

/** Address of an instance. */
export function instanceLink(address) {
  return link('instance', null, { type: address.type, id: address.id });
}

/** Address of the flow of a message. */
export function flowLink(id) {
  return link('flow', String(id));
}

/** Address of a function. */
export function functionLink(type) {
  return link('function', null, { type });
}
