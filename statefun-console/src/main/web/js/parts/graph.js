// The graph of functions, drawn as SVG in layers from left to right.

import { h, show, svg } from '../dom.js';
import { count, shortTime, shortType } from '../format.js';
import { functionLink, link } from '../router.js';
import { table } from './controls.js';
import { hue } from './names.js';

const NODE_HEIGHT = 34;
const LAYER_GAP = 104;
const ROW_GAP = 24;
const STOP_HEIGHT = 4;
const LANE = 22;
const MARGIN = 24;
const LOOP = 32;
const LETTER = 7.4;
const LONGEST_NAME = 28;
const SWEEPS = 6;

/**
 * Draws a graph.
 * @param {Element} parent gets the drawing and a table of the same
 * @param {{nodes: Array, edges: Array}} data as the API returns it
 * @param {boolean} sameForm only numbers have changed since the last call, so that the layout stays
 */
export function drawGraph(parent, data, sameForm) {
  const edges = joined(data.edges);
  if (sameForm) {
    updateCounts(parent, edges);
    return;
  }
  const layout = place(data.nodes, edges);
  const labels = [];
  const drawing = svg('svg', { class: 'graph-drawing', viewBox: `0 0 ${layout.width} ${layout.height}`, width: layout.width, height: layout.height,
    role: 'group', 'aria-label': 'Graph of functions' },
  arrowHeads(),
  edges.map((edge) => drawEdge(edge, layout, labels)),
  data.nodes.map((node) => drawNode(node, layout.boxes.get(node.id))), labels);
  show(parent, h('div', { class: 'scroll graph-scroll', role: 'region', tabindex: '0', 'aria-label': 'Graph' }, drawing), legend(),
      edges.length === 0 && h('p', { class: 'empty' }, 'No message has flowed yet.'), edgeTable(data, edges));
}

/** One edge for each pair of nodes and kind, with all its types. */
function joined(edges) {
  const result = new Map();
  for (const edge of edges) {
    const key = [edge.from, edge.to, edge.kind].join('\n');
    const known = result.get(key);
    if (known === undefined) {
      result.set(key, { key, from: edge.from, to: edge.to, kind: edge.kind, count: edge.count, types: [edge.type], lastAt: edge.lastAt });
    }
    else {
      known.count += edge.count;
      known.types.push(edge.type);
      known.lastAt = known.lastAt > edge.lastAt ? known.lastAt : edge.lastAt;
    }
  }
  return [...result.values()];
}

function updateCounts(parent, edges) {
  const labels = new Map([...parent.querySelectorAll('[data-edge]')].map((label) => [label.getAttribute('data-edge'), label]));
  for (const edge of edges) {
    const text = count(edge.count);
    const label = labels.get(edge.key);
    if (label && label.textContent !== text) {
      label.textContent = text;
    }
  }
  const cells = new Map([...parent.querySelectorAll('[data-edge-cell]')].map((cell) => [cell.getAttribute('data-edge-cell'), cell]));
  for (const edge of edges) {
    const cell = cells.get(edge.key);
    if (cell) {
      cell.textContent = count(edge.count);
    }
  }
}

function place(nodes, edges) {
  const layers = layersOf(nodes, edges);
  const routes = routeLongEdges(layers, edges);
  order(layers, [...routes.values()].flatMap((stops) => stops.slice(1).map((to, index) => ({ from: stops[index], to }))));
  const loops = new Set(edges.filter((edge) => edge.from === edge.to).map((edge) => edge.from));
  const boxes = new Map();
  const heights = layers.map((layer) => layer.reduce((sum, node) => sum + heightOf(node, loops), -ROW_GAP));
  const height = Math.max(...heights);
  let x = MARGIN;
  layers.forEach((layer, index) => {
    const width = Math.max(...layer.map((node) => node.name === undefined ? 0 : Math.min(node.name.length, LONGEST_NAME) * LETTER + 44));
    let y = MARGIN + (height - heights[index]) / 2;
    for (const node of layer) {
      const top = loops.has(node.id) ? y + LOOP : y;
      boxes.set(node.id, { x, y: top, width, height: node.name === undefined ? 0 : NODE_HEIGHT });
      y += heightOf(node, loops);
    }
    x += width + LAYER_GAP;
  });
  const back = edges.filter((edge) => edge.from !== edge.to && boxes.get(edge.to).x <= boxes.get(edge.from).x);
  const lanes = new Map(back.map((edge, index) => [edge.key, height + MARGIN + 20 + index * LANE]));
  return { boxes, routes, lanes, labels: [], width: Math.max(x - LAYER_GAP + MARGIN, 320), height: height + 2 * MARGIN + (back.length > 0 ? 10 + back.length * LANE : 0) };
}

function heightOf(node, loops) {
  return (node.name === undefined ? STOP_HEIGHT : NODE_HEIGHT + (loops.has(node.id) ? LOOP : 0)) + ROW_GAP;
}

/** Gives edges over several layers a stop in each layer between, so that they pass beside the nodes there. */
function routeLongEdges(layers, edges) {
  const level = new Map();
  layers.forEach((layer, index) => layer.forEach((node) => level.set(node.id, index)));
  const routes = new Map();
  for (const edge of edges) {
    const stops = [edge.from];
    for (let between = level.get(edge.from) + 1; between < level.get(edge.to); between++) {
      const stop = { id: edge.key + '\n' + between };
      layers[between].push(stop);
      stops.push(stop.id);
    }
    stops.push(edge.to);
    if (edge.from !== edge.to) {
      routes.set(edge.key, stops);
    }
  }
  return routes;
}

function layersOf(nodes, edges) {
  const level = new Map();
  const next = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    if (edge.from !== edge.to) {
      next.get(edge.from)?.push(edge.to);
    }
  }
  const path = new Set();
  // Edges that lead back to a node of the path don't count, so there is a last layer
  const visit = (id, depth) => {
    if (path.has(id) || (level.get(id) ?? -1) >= depth) {
      return;
    }
    level.set(id, depth);
    path.add(id);
    next.get(id).forEach((to) => visit(to, depth + 1));
    path.delete(id);
  };
  const targets = new Set(edges.filter((edge) => edge.from !== edge.to).map((edge) => edge.to));
  const starts = nodes.filter((node) => node.kind === 'ingress' || node.kind === 'elsewhere' || !targets.has(node.id));
  for (const node of [...starts, ...nodes]) {
    if (!level.has(node.id)) {
      visit(node.id, node.kind === 'function' ? 1 : 0);
    }
  }
  const last = Math.max(...nodes.filter((node) => node.kind === 'function').map((node) => level.get(node.id)), 0) + 1;
  const layers = [];
  for (const node of nodes) {
    const at = node.kind === 'egress' ? last : node.kind === 'ingress' || node.kind === 'elsewhere' ? 0 : level.get(node.id);
    (layers[at] ??= []).push(node);
  }
  return layers.filter((layer) => layer !== undefined);
}

/** Puts nodes near those they are connected to. */
function order(layers, edges) {
  const neighbors = new Map();
  for (const { from, to } of edges) {
    (neighbors.get(from) ?? neighbors.set(from, []).get(from)).push(to);
    (neighbors.get(to) ?? neighbors.set(to, []).get(to)).push(from);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const position = new Map();
      layers.forEach((other) => other.forEach((node, index) => position.set(node.id, (index + 0.5) / other.length)));
      const weight = new Map(layer.map((node) => {
        const around = (neighbors.get(node.id) ?? []).filter((id) => !layer.some((own) => own.id === id)).map((id) => position.get(id));
        return [node.id, around.length === 0 ? position.get(node.id) : around.reduce((a, b) => a + b) / around.length];
      }));
      layer.sort((a, b) => weight.get(a.id) - weight.get(b.id));
    }
  }
}

function arrowHeads() {
  return svg('defs', null, ['message', 'delayed', 'timer', 'egress'].map((kind) => svg('marker', { id: 'arrow-' + kind, viewBox: '0 0 10 10', refX: '9', refY: '5',
    markerUnits: 'userSpaceOnUse', markerWidth: '11', markerHeight: '11', orient: 'auto-start-reverse' }, svg('path', { d: 'M0 0L10 5L0 10z', class: 'arrow arrow-' + kind }))));
}

function drawEdge(edge, layout, labels) {
  const from = layout.boxes.get(edge.from);
  const to = layout.boxes.get(edge.to);
  const { d, places } = edge.from === edge.to ? loop(from, edge) : to.x > from.x ? forward(edge, layout) : backward(from, to, edge, layout);
  const [labelX, labelY] = freePlace(places, count(edge.count).length, layout.labels);
  const width = Math.min(1.2 + Math.log10(Math.max(edge.count, 1)) * 0.5, 4).toFixed(1);
  labels.push(svg('text', { class: 'edge-label', x: labelX, y: labelY, 'text-anchor': 'middle', 'data-edge': edge.key }, count(edge.count)));
  return svg('path', { class: 'edge edge-' + edge.kind, d, 'stroke-width': width, 'marker-end': `url(#arrow-${edge.kind})` },
      svg('title', null, edge.kind + ': ' + edge.types.map(shortType).join(', ') + ', last at ' + shortTime(edge.lastAt)));
}

/** Where along an edge its label may be, the best first. */
const PLACES = [0.5, 0.36, 0.64, 0.24, 0.76];

function cubic(t, a, b, c, d) {
  const u = 1 - t;
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}

/** First place where a label does not cover another one. */
function freePlace(places, letters, taken) {
  const width = letters * LETTER + 4;
  const free = places.find(([x, y]) => !taken.some((other) => Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - y) < 13)) ?? places[0];
  taken.push({ x: free[0], y: free[1], width });
  return free;
}

const SHIFT = { message: 0, delayed: 7, timer: -7, egress: 0 };

function forward(edge, layout) {
  const shift = SHIFT[edge.kind];
  const boxes = layout.routes.get(edge.key).map((stop) => layout.boxes.get(stop));
  let d = '';
  let places = null;
  boxes.slice(1).forEach((to, index) => {
    const from = boxes[index];
    const x1 = from.x + from.width;
    const y1 = from.y + from.height / 2 + shift;
    const x2 = to.x - (to.height > 0 ? 2 : 0);
    const y2 = to.y + to.height / 2 + shift;
    const bend = Math.max((x2 - x1) / 2, 30);
    d += (index === 0 ? `M${x1} ${y1}` : `L${x1} ${y1}`) + `C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    places ??= PLACES.map((t) => [cubic(t, x1, x1 + bend, x2 - bend, x2), cubic(t, y1, y1, y2, y2) - 4]);
  });
  return { d, places };
}

function loop(box, edge) {
  const x = box.x + box.width / 2 + SHIFT[edge.kind] * 3;
  return { d: `M${x - 14} ${box.y}C${x - 26} ${box.y - LOOP} ${x + 26} ${box.y - LOOP} ${x + 14} ${box.y - 2}`, places: [[x, box.y - LOOP * 0.75 - 3]] };
}

/** Below all nodes, and into the target from its left. */
function backward(from, to, edge, layout) {
  const lane = layout.lanes.get(edge.key);
  const x1 = from.x + from.width + 14;
  const y1 = from.y + from.height / 2 + 8;
  const x2 = to.x - 16;
  const y2 = to.y + to.height / 2 + 8;
  return { d: `M${from.x + from.width} ${y1}Q${x1} ${y1} ${x1} ${y1 + 14}V${lane - 12}Q${x1} ${lane} ${x1 - 12} ${lane}H${x2 + 12}Q${x2} ${lane} ${x2} ${lane - 12}V${y2 + 12}Q${x2} ${y2} ${to.x - 2} ${y2}`,
    places: [[(x1 + x2) / 2, lane - 4]] };
}

/** As everywhere, what comes from an ingress or the console is sent from outside. */
function nodeName(node) {
  return node.kind === 'ingress' ? 'outside' : node.name;
}

function drawNode(node, box) {
  const label = nodeName(node);
  const name = label.length > LONGEST_NAME ? '…' + label.slice(1 - LONGEST_NAME) : label;
  const href = node.kind === 'function' ? functionLink(node.name) : node.kind === 'egress' ? link('egress', null, { egress: node.name }) : link('messages');
  return svg('a', { href, class: ['node', 'node-' + node.kind, node.kind === 'function' && hue(node.name)], 'aria-label': node.kind === 'ingress' ? label : node.kind + ' ' + label },
      svg('title', null, label),
      svg('rect', { x: box.x, y: box.y, width: box.width, height: box.height, rx: node.kind === 'function' ? 6 : 17 }),
      node.kind === 'function' && svg('rect', { class: 'node-mark', x: box.x + 11, y: box.y + 12, width: 10, height: 10, rx: 2 }),
      svg('text', { x: node.kind === 'function' ? box.x + 28 : box.x + box.width / 2, y: box.y + 22, 'text-anchor': node.kind === 'function' ? 'start' : 'middle' }, name));
}

function legend() {
  return h('ul', { class: 'legend' }, ['message', 'delayed', 'timer', 'egress'].map((kind) => h('li', null,
      svg('svg', { width: 28, height: 10, 'aria-hidden': 'true' }, svg('path', { class: 'edge edge-' + kind, d: 'M0 5H28', 'stroke-width': 2 })), kind)));
}

function edgeTable(data, edges) {
  const names = new Map(data.nodes.map((node) => [node.id, nodeName(node)]));
  return edges.length > 0 && h('details', { class: 'graph-table' }, h('summary', null, 'The same as a table'),
      table('Edges', [['From', null], ['To', null], ['Kind', null], ['Types', 'wide'], ['Messages', 'number']], h('tbody', null, edges.map((edge) => h('tr', null,
          h('td', null, names.get(edge.from)), h('td', null, names.get(edge.to)), h('td', null, edge.kind), h('td', { class: 'wide' }, edge.types.map(shortType).join(', ')),
          h('td', { class: 'number', 'data-edge-cell': edge.key }, count(edge.count)))))));
}
