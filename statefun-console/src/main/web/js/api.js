// Requests to the API. Errors of the server are problem documents, which become exceptions of type Problem.

const BASE = new URL('../api/', import.meta.url);
const TIMEOUT = 20_000;

let info = null;

/** An error that the server reports, or that it can't be reached (status 0). */
export class Problem extends Error {

  constructor(status, title, detail, body) {
    super(detail || title);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.body = body ?? {};
  }

}

/** Address of a part of the API. A path may be an array, whose segments are encoded. */
export function url(path, parameters) {
  const segments = Array.isArray(path) ? path.map((part) => encodeURIComponent(part)).join('/') : path;
  const address = new URL(segments, BASE);
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (value !== null && value !== undefined && value !== '') {
      address.searchParams.set(name, value);
    }
  }
  return address;
}

/** Reads JSON. */
export async function get(path, parameters, signal) {
  const response = await request(url(path, parameters), { headers: { Accept: 'application/json' }, signal });
  return response.status === 204 ? null : response.json();
}

/** Reads text. */
export async function getText(path, parameters, signal) {
  return (await request(url(path, parameters), { headers: { Accept: 'text/plain, */*' }, signal })).text();
}

/** What the console knows about the application; read once. */
export async function loadInfo() {
  info = await get('info');
  return info;
}

/** The last answer of `loadInfo`. */
export function currentInfo() {
  return info;
}

/** Changes something, with the token that the server wants to see. */
export async function change(method, path, body, parameters) {
  const response = await changed(method, path, body, parameters, true);
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

async function changed(method, path, body, parameters, again) {
  const headers = { Accept: 'application/json', ...writeHeaders() };
  if (body !== null && body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  try {
    const content = body === null || body === undefined ? undefined : JSON.stringify(body);
    return await request(url(path, parameters), { method, headers, body: content });
  }
  catch (ex) {
    // After a restart of the application the token is another one
    if (again && ex.status === 403 && info?.token !== (await loadInfo()).token) {
      return changed(method, path, body, parameters, false);
    }
    throw ex;
  }
}

/** Headers of a request that changes something. */
export function writeHeaders() {
  return info?.token ? { [info.tokenHeader]: info.token } : {};
}

async function request(address, options) {
  const timeout = AbortSignal.timeout(TIMEOUT);
  const signal = options.signal && AbortSignal.any ? AbortSignal.any([options.signal, timeout]) : options.signal ?? timeout;
  let response;
  try {
    response = await fetch(address, { cache: 'no-store', ...options, signal });
  }
  catch (ex) {
    if (options.signal?.aborted) {
      throw ex;
    }
    throw new Problem(0, 'The application does not answer.', null, null);
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

async function problemOf(response) {
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text);
    return new Problem(response.status, body.title ?? 'Error ' + response.status, body.detail, body);
  }
  catch (ex) {
    return new Problem(response.status, 'Error ' + response.status, text.slice(0, 500), null);
  }
}
