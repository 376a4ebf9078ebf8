// Times, durations and sizes as text. Times of the API are ISO 8601 in the time of the runtime, whose clock may be ahead.

import { now } from './clock.js';

const DAY = 86_400_000;
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const COUNT = new Intl.NumberFormat('en-US');

/** Milliseconds since the epoch of an ISO time. */
export function millis(isoTime) {
  return isoTime === null || isoTime === undefined ? NaN : Date.parse(isoTime);
}

/** Time of day with milliseconds, with the date if it is not today. */
export function time(isoTime) {
  const at = millis(isoTime);
  if (Number.isNaN(at)) {
    return '–';
  }
  const date = new Date(at);
  const text = CLOCK.format(date) + '.' + String(date.getMilliseconds()).padStart(3, '0');
  return date.toDateString() === new Date(now()).toDateString() ? text : DATE.format(date) + ' ' + text;
}

/** Time of day with seconds, with the date if it is not today. */
export function shortTime(isoTime) {
  return time(isoTime).replace(/\.\d{3}$/, '');
}

/** Distance of a time from now, `in 5 s` or `5 s ago`. */
export function relative(isoTime) {
  const distance = millis(isoTime) - now();
  if (Number.isNaN(distance)) {
    return '–';
  }
  if (Math.abs(distance) < 1000) {
    return 'now';
  }
  const seconds = Math.round(Math.abs(distance) / 1000) * 1000;
  return distance > 0 ? 'in ' + duration(seconds) : duration(seconds) + ' ago';
}

/** Milliseconds of an ISO duration of days, hours, minutes and seconds. */
export function isoMillis(text) {
  const parts = /^(-)?P(?:([\d.-]+)D)?(?:T(?:([\d.-]+)H)?(?:([\d.-]+)M)?(?:([\d.-]+)S)?)?$/.exec(text ?? '');
  if (parts === null) {
    return NaN;
  }
  const [days, hours, minutes, seconds] = parts.slice(2).map((part) => Number(part ?? 0));
  return (parts[1] ? -1 : 1) * (days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000);
}

/** ISO duration as text, `PT90S` as `1 min 30 s`. */
export function isoDuration(text) {
  return text === null || text === undefined ? '–' : duration(isoMillis(text));
}

/** Duration given in milliseconds, with two units at most. */
export function duration(millis) {
  if (!Number.isFinite(millis)) {
    return '–';
  }
  const size = Math.abs(millis);
  const sign = millis < 0 ? '−' : '';
  if (size < 1) {
    return sign + (size === 0 ? '0' : Math.round(size * 1000)) + (size === 0 ? ' ms' : ' µs');
  }
  if (size < 10) {
    return sign + Number(size.toFixed(1)) + ' ms';
  }
  if (size < 1000) {
    return sign + Math.round(size) + ' ms';
  }
  if (size < 60_000) {
    return sign + Number((size / 1000).toFixed(size < 10_000 ? 2 : 1)) + ' s';
  }
  return sign + pair(size);
}

function pair(millis) {
  const seconds = Math.round(millis / 1000);
  if (seconds < 3600) {
    return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  }
  const minutes = Math.round(seconds / 60);
  if (millis < DAY) {
    return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  }
  const hours = Math.round(minutes / 60);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(large, largeUnit, small, smallUnit) {
  return large + ' ' + largeUnit + (small === 0 ? '' : ' ' + small + ' ' + smallUnit);
}

/** Size in bytes. */
export function bytes(size) {
  if (!Number.isFinite(size)) {
    return '–';
  }
  if (size < 1024) {
    return size + ' B';
  }
  if (size < 1024 * 1024) {
    return Number((size / 1024).toFixed(1)) + ' KB';
  }
  return Number((size / 1024 / 1024).toFixed(1)) + ' MB';
}

/** Number with thousands separators. */
export function count(number) {
  return Number.isFinite(number) ? COUNT.format(number) : '–';
}

/** Number with its noun. */
export function counted(number, singular, plural) {
  return count(number) + ' ' + (number === 1 ? singular : plural ?? singular + 's');
}

/** Rate per second. */
export function rate(perSecond) {
  if (!Number.isFinite(perSecond)) {
    return '–';
  }
  if (perSecond === 0) {
    return '0/s';
  }
  if (perSecond < 0.01) {
    return '<0.01/s';
  }
  return (perSecond < 10 ? Number(perSecond.toFixed(2)) : COUNT.format(Math.round(perSecond))) + '/s';
}

/** Last part of a type name, for places with little room. */
export function shortType(type) {
  const name = type ?? '';
  return name.slice(name.lastIndexOf('/') + 1) || name;
}
