// The frame around the views: navigation, search, state of the connection, color scheme.

import { get, loadInfo } from './api.js';
import { onClock, setClock } from './clock.js';
import { h, setText, show } from './dom.js';
import { isPaused, onEvents, onStatus, setPaused } from './events.js';
import { count, isoDuration, isoMillis, rate } from './format.js';
import { allShortcuts, registerRowShortcuts, shortcut } from './keys.js';
import { copyPermalink, openDialog } from './parts/controls.js';
import { toast } from './parts/toast.js';
import { go, link, onRoute, route } from './router.js';
import { views } from './views.js';

const NAVIGATION = [
  ['functions', 'Functions', 'f'],
  ['flow', 'Flow', 'm'],
  ['timers', 'Timers and clock', 't'],
  ['failures', 'Failures', 'x'],
  ['egress', 'Egress', 'e'],
  ['send', 'Send', 's'],
  ['requests', 'Requests', 'r'],
  ['module', 'Module', 'o']
];
/** Item of the navigation that a view without one belongs to. */
const PARENTS = { 'function': 'functions', 'instance': 'functions' };
const STATUS = { connecting: 'Connecting', open: 'Live', lost: 'Reconnecting', paused: 'Paused' };
const RATE_TIME = 5_000;

class Frame extends HTMLElement {

  #main = h('main', { id: 'main', tabindex: '-1' });
  #application = h('span', { class: 'application' });
  #status = h('button', { type: 'button', class: 'status', title: 'Hold back live updates (p)', onclick: () => this.#pause() });
  #statusText = h('span');
  #rate = h('span', { class: 'status-rate' });
  #clock = h('a', { class: 'clock-chip', href: link('timers'), hidden: true, title: 'The clock is ahead' });
  #notice = h('div', { class: 'notice', role: 'status', hidden: true });
  #search = h('input', { type: 'search', class: 'search', placeholder: 'Search  ( / )', 'aria-label': 'Search functions, instances and messages', autocomplete: 'off', spellcheck: 'false' });
  #menu = h('button', { type: 'button', class: 'menu-button', 'aria-expanded': 'false', 'aria-controls': 'navigation', onclick: () => this.#toggleMenu() }, 'Menu');
  #navigation = h('nav', { id: 'navigation', 'aria-label': 'Views' });
  #failureCount = h('span', { class: 'nav-count', hidden: true });
  #links = new Map();
  #view = null;
  #moments = [];
  #failureTimer = null;

  connectedCallback() {
    this.#buildNavigation();
    this.#status.append(h('span', { class: 'status-light', 'aria-hidden': 'true' }), this.#statusText, this.#rate);
    const form = h('form', { role: 'search', onsubmit: (event) => this.#find(event) }, this.#search);
    this.append(
        h('header', null, this.#menu,
            h('a', { class: 'brand', href: link('functions'), 'aria-label': 'StateFun console' }, h('img', { src: new URL('../icon.svg', import.meta.url), alt: '', width: '20', height: '20' }), h('span', null, 'StateFun console')),
            this.#application, form, this.#clock, this.#status,
            h('button', { type: 'button', class: 'icon-button', title: 'Light or dark (d)', 'aria-label': 'Switch between light and dark', onclick: switchTheme }, '◐'),
            h('button', { type: 'button', class: 'icon-button', title: 'Keyboard shortcuts (?)', 'aria-label': 'Keyboard shortcuts', onclick: showShortcuts }, '?')),
        this.#navigation,
        h('div', { class: 'content' }, this.#notice, this.#main));
    document.querySelector('.skip')?.addEventListener('click', (event) => {
      event.preventDefault();
      this.#main.focus();
    });
    this.#registerShortcuts();
    onRoute((to) => this.#open(to, true));
    onStatus((status) => this.#showStatus(status));
    onClock((clock) => this.#showClock(clock));
    onEvents((batch) => this.#events(batch));
    setInterval(() => this.#showRate(), 1000);
    this.#start();
  }

  async #start() {
    try {
      this.#showInfo(await loadInfo());
      this.#countFailures();
    }
    catch (ex) {
      this.#showNotice('The console can\'t read its API: ' + ex.message);
    }
    this.#open(route(), false);
  }

  async #restarted() {
    try {
      this.#showInfo(await loadInfo());
      toast('The application was restarted');
    }
    catch (ex) {
      // The stream reports the next start, too
    }
  }

  #buildNavigation() {
    const list = h('ul');
    for (const [view, text, key] of NAVIGATION) {
      const anchor = h('a', { href: link(view), title: text + ' (g ' + key + ')' }, h('span', null, text), view === 'failures' && this.#failureCount);
      this.#links.set(view, anchor);
      list.append(h('li', null, anchor));
    }
    show(this.#navigation, list);
  }

  #registerShortcuts() {
    shortcut('/', 'Search', () => this.#search.focus());
    shortcut('f', 'Filter the view', () => this.#main.querySelector('.search')?.focus());
    for (const [view, text, key] of NAVIGATION) {
      shortcut('g ' + key, text, () => go(link(view)));
    }
    registerRowShortcuts();
    shortcut('p', 'Hold back or resume live updates', () => this.#pause());
    shortcut('y', 'Copy a link to the view', copyPermalink);
    shortcut('c', 'Copy a curl command that reads the view', () => this.#main.querySelector('[data-curl]')?.click());
    shortcut('s', 'Send a message, to the function or instance shown', () => {
      const { query } = route();
      go(link('send', null, { function: query.get('type'), id: query.get('id') }));
    });
    shortcut('d', 'Light or dark', switchTheme);
    shortcut('?', 'Keyboard shortcuts', showShortcuts);
  }

  #open(to, focus) {
    this.#closeMenu();
    const Type = views[to.view] ?? views.functions;
    if (this.#view instanceof Type) {
      this.#view.routed(to);
    }
    else {
      this.#view = new Type();
      this.#view.route = to;
      this.#main.replaceChildren(this.#view);
      scrollTo(0, 0);
      if (focus) {
        this.#main.focus({ preventScroll: true });
      }
    }
    const current = PARENTS[to.view] ?? to.view;
    for (const [view, anchor] of this.#links) {
      if (view === current) {
        anchor.setAttribute('aria-current', 'page');
      }
      else {
        anchor.removeAttribute('aria-current');
      }
    }
    const name = NAVIGATION.find(([view]) => view === current)?.[1] ?? 'Search';
    document.title = [to.query.get('id') ?? to.query.get('type') ?? to.part, name, 'StateFun console'].filter(Boolean).join(' · ');
  }

  #find(event) {
    event.preventDefault();
    const text = this.#search.value.trim();
    if (/^#?\d+$/.test(text)) {
      go(link('flow', text.replace('#', '')));
    }
    else if (text !== '') {
      go(link('search', null, { text }));
    }
  }

  #showInfo(info) {
    setClock(info.clock);
    show(this.#application, h('span', { class: 'application-name' }, info.application), h('span', { class: 'chip' }, info.mode === 'local' ? 'local runtime' : 'cluster'));
    const notices = [];
    if (info.readOnly) {
      notices.push('Read-only' + (info.readOnlyReason === null ? '' : ': ' + info.readOnlyReason));
    }
    if (!info.recording.on && info.recording.mode !== 'while-open') {
      notices.push('Messages are not recorded');
    }
    this.#showNotice(notices.length === 0 ? null : notices.join('. '));
  }

  #showNotice(text) {
    this.#notice.hidden = text === null;
    setText(this.#notice, text);
  }

  #showStatus(status) {
    if (status === 'open') {
      // Recording may begin with the first page that is open
      setTimeout(() => loadInfo().then((info) => this.#showInfo(info)).catch(() => null), 300);
    }
    this.#status.dataset.status = status;
    this.#status.setAttribute('aria-pressed', String(status === 'paused'));
    setText(this.#statusText, STATUS[status]);
  }

  #showClock(clock) {
    this.#clock.hidden = clock === null || isoMillis(clock.offset) === 0 || Number.isNaN(isoMillis(clock.offset));
    setText(this.#clock, this.#clock.hidden ? '' : '+' + isoDuration(clock.offset));
  }

  #events(batch) {
    if (batch.restarted) {
      this.#restarted();
    }
    const clock = batch.events.findLast?.((event) => event.kind === 'clock');
    if (clock) {
      setClock(clock.clock);
    }
    const messages = batch.events.reduce((sum, event) => sum + (event.kind === 'message' ? 1 : 0), batch.more);
    if (messages > 0) {
      this.#moments.push([performance.now(), messages]);
    }
    if ((batch.reload || batch.restarted || batch.events.some((event) => event.kind === 'failure')) && this.#failureTimer === null) {
      this.#failureTimer = setTimeout(() => this.#countFailures(), 1000);
    }
  }

  #showRate() {
    const oldest = performance.now() - RATE_TIME;
    this.#moments = this.#moments.filter(([at]) => at > oldest);
    const sum = this.#moments.reduce((total, [, messages]) => total + messages, 0);
    setText(this.#rate, sum === 0 || isPaused() ? '' : rate(Math.ceil(sum / (RATE_TIME / 1000))));
  }

  async #countFailures() {
    this.#failureTimer = null;
    try {
      const { kept } = await get('failures', { limit: 1 });
      const sum = Object.values(kept).reduce((total, number) => total + number, 0);
      this.#failureCount.hidden = sum === 0;
      setText(this.#failureCount, count(sum));
    }
    catch (ex) {
      this.#failureCount.hidden = true;
    }
  }

  #pause() {
    setPaused(!isPaused());
  }

  #toggleMenu() {
    const open = this.#menu.getAttribute('aria-expanded') !== 'true';
    this.#menu.setAttribute('aria-expanded', String(open));
    this.toggleAttribute('data-menu', open);
    if (open) {
      this.#navigation.querySelector('a').focus();
    }
  }

  #closeMenu() {
    this.#menu.setAttribute('aria-expanded', 'false');
    this.removeAttribute('data-menu');
  }

}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  try {
    localStorage.setItem('statefun-console.theme', root.dataset.theme);
  }
  catch (ex) {
    // Storage is blocked: kept until the page is left
  }
}

function showShortcuts() {
  openDialog('Keyboard shortcuts', (dialog) => [
    h('dl', { class: 'shortcuts' }, allShortcuts().map(({ keys, description }) => h('div', null,
        h('dt', null, keys.split(' ').map((key) => [h('kbd', null, key), ' '])), h('dd', null, description)))),
    h('p', { class: 'muted' }, 'Enter opens the focused row, Esc leaves a field or closes a dialog.'),
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Close'))]);
}

customElements.define('sf-frame', Frame);

