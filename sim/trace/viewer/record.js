// The record: the run as columns, one entry an event. An event is named by its place, from 0.

const INIT = 1, DELIVER = 2, TIMEOUT = 3, SEND = 4, DROP = 5, TIMER_SET = 6, TIMER_STOPPED = 7, PERSIST = 8, DURABLE = 9,
  WRITE_LOST = 10, NOTE = 11, BADGE = 12, CRASHED = 13, RECOVERED = 14, PAUSED = 15, RESUMED = 16, CUT_MADE = 17,
  CUT_HEALED = 18, WALL_STEPPED = 19, CUSTOM = 20;
const NOBODY = -1, NONE = -1;
const GONE = 0; // a write's fate

const isHandler = (k) => k >= INIT && k <= TIMEOUT;
const isMessage = (k) => k === SEND || k === DELIVER || k === DROP;
const isFault = (k) => k === DROP || k === WRITE_LOST || k >= CRASHED;

// readRecord undoes the packing of html_data.go.
function readRecord(data) {
  const n = data.kind.length;
  const r = {
    n, head: data.head, show: data.show, kinds: data.kinds, causes: data.causes, strings: data.strings, values: data.values,
    nodes: data.head.nodes,
    id: sums(data.id), time: sums(data.time),
    kind: Uint8Array.from(data.kind), node: Int32Array.from(data.node), value: Int32Array.from(data.value),
    text: Int32Array.from(data.text),
    local: new Float64Array(n), wall: new Float64Array(n), at: new Float64Array(n), link: new Int32Array(n),
    from: new Int32Array(n).fill(NOBODY), to: new Int32Array(n).fill(NOBODY), k: new Float64Array(n),
    copy: new Uint8Array(n), cause: new Uint8Array(n), role: new Int32Array(n), fate: new Uint8Array(n),
    step: new Float64Array(n), cut: new Map(), late: new Set(data.late),
  };
  const next = reader();
  for (let i = 0; i < n; i++) {
    const kind = r.kind[i];
    if (r.node[i] !== NOBODY) {
      r.local[i] = r.time[i] + next(data.local);
      r.wall[i] = r.local[i] + next(data.wall);
    }
    r.link[i] = data.link[i] > 0 ? i - data.link[i] : NONE;
    r.at[i] = r.time[i];
    if (isMessage(kind)) {
      [r.from[i], r.to[i]] = next(data.ends);
      r.k[i] = next(data.k);
    }
    if (kind === DELIVER || kind === DROP) r.copy[i] = next(data.copy);
    if (kind === DROP) r.cause[i] = next(data.cause);
    if (kind === DROP || kind === TIMER_SET) r.at[i] += next(data.at);
    if (kind === BADGE) r.role[i] = next(data.role);
    if (kind === CUT_MADE) r.cut.set(i, next(data.cut));
    if (kind === WALL_STEPPED) r.step[i] = next(data.step);
    if (kind === WRITE_LOST) r.fate[i] = next(data.fate);
  }
  return r;
}

// reader returns a function that hands out the entries of each column in turn.
function reader() {
  const places = new Map();
  return (column) => {
    const p = places.get(column) || 0;
    places.set(column, p + 1);
    return column[p];
  };
}

function sums(differences) {
  const out = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < out.length; i++) out[i] = sum += differences[i];
  return out;
}

// valueText is the message, tag, note or value of an event, in words; valueType its Go type; valueJSON its fields.
const valueType = (r, i) => r.strings[r.values[r.value[i]][0]];
const valueText = (r, i) => r.strings[r.values[r.value[i]][1]];
const valueJSON = (r, i) => r.strings[r.values[r.value[i]][2]];
const textOf = (r, i) => r.strings[r.text[i]];
const roleOf = (r, i) => r.strings[r.role[i]];

const nodeName = (j) => 'n' + j;
function laneName(r, j) {
  const name = r.head.lanes && r.head.lanes[j];
  return name ? nodeName(j) + ' ' + name : nodeName(j);
}

// placeOf returns the place of the event with that number, NONE if there is none; of a badge's twins, the event it
// follows.
function placeOf(r, id) {
  let lo = 0, hi = r.n;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (r.id[mid] < id) lo = mid + 1; else hi = mid;
  }
  return lo < r.n && r.id[lo] === id ? lo : NONE;
}

// lastAtOrBefore returns the greatest place in xs, which never falls, with xs[place] <= x, or -1.
function lastAtOrBefore(xs, x) {
  let lo = 0, hi = xs.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (xs[mid] <= x) lo = mid + 1; else hi = mid;
  }
  return lo - 1;
}
