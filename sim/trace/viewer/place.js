// Places: where everything stands on the stage, and what of it is in view.

const STRIP = 40, AXIS = 30, RIGHT = 18; // pixels: what is above the lanes and below them, and the margin
const BLOCK = 256; // events a block, to find those in view

// Up to how many in view all have labels, strong arrows with heads, arrows at all.
const ALL_LABELS = 2000, ALL_HEADS = 1200, ALL_ARROWS = 20000;

// How far along its way a lost message's cross stands, by cause.
const DIES_AT = { dead: 0.9, partition: 0.62, loss: 0.55, corrupt: 0.8, overflow: 0.3, omission: 0.2, edited: 0.2 };

// laneGeometry spreads the lanes over the stage; more than fit scroll.
function laneGeometry(v) {
  const room = v.h - STRIP - AXIS;
  v.gap = Math.min(190, Math.max(48, room / Math.max(v.r.nodes, 1)));
  const height = v.gap * v.r.nodes;
  v.maxTop = Math.max(0, height - room);
  v.top = Math.min(Math.max(0, v.top), v.maxTop);
  v.laneStart = STRIP + Math.max(0, (room - height) / 2);
}

const laneY = (v, j) => v.laneStart + v.gap * (j + 0.5) - v.top;
const xOf = (v, u) => v.gutter + (u - v.u0) * (v.w - v.gutter - RIGHT) / (v.u1 - v.u0);
const uAt = (v, x) => v.u0 + (x - v.gutter) * (v.u1 - v.u0) / (v.w - v.gutter - RIGHT);

// eventPoint returns where an event stands. What a handler does stands beside it, not on it: notes above the lane,
// writes below.
function eventPoint(v, i) {
  const { r } = v, kind = r.kind[i];
  if (kind === DROP) {
    const m = v.scene.messageOf(i), s = segment(v, m);
    return [s.x1, s.y1];
  }
  const x = xOf(v, v.scale.u[i]);
  if (r.node[i] === NOBODY) return [x, STRIP - 12];
  return [x, laneY(v, r.node[i]) + offset(kind)];
}

function offset(kind) {
  if (kind === NOTE || kind === WALL_STEPPED || kind === CUSTOM) return -17;
  return kind === PERSIST || kind === DURABLE || kind === WRITE_LOST ? 15 : 0;
}

// segment returns where a message is drawn: {x0, y0, x1, y1, whole}; whole is false if one end is not to be seen.
function segment(v, m) {
  const { r, scale } = v, one = m.end !== NONE ? m.end : m.send;
  const y0 = laneY(v, r.from[one]), y1 = laneY(v, r.to[one]);
  const seen = (i) => i !== NONE && v.shown[i];
  if (m.lost) {
    const x0 = xOf(v, m.send !== NONE ? scale.u[m.send] : scale.place(r.from[one], r.time[one]));
    const share = DIES_AT[r.causes[r.cause[m.end]]] ?? 0.55;
    const dies = xOf(v, scale.place(share > 0.5 ? r.to[one] : r.from[one], r.at[m.end]));
    if (!seen(m.end)) return stub(x0, y0, y1);
    if (r.from[one] === r.to[one]) return { x0, y0, x1: Math.max(dies, x0 + 20), y1: y0 - 14, whole: true };
    return { x0, y0, x1: Math.max(dies, x0 + 18), y1: y0 + (y1 - y0) * share, whole: true };
  }
  if (!seen(m.end)) return stub(xOf(v, scale.u[m.send]), y0, y1);
  const x1 = xOf(v, scale.u[m.end]);
  if (!seen(m.send)) return { x0: x1 - 26, y0: y1 + (y0 - y1) * 0.3, x1, y1, whole: false };
  return { x0: xOf(v, scale.u[m.send]), y0, x1, y1, whole: true };
}

const stub = (x0, y0, y1) => ({ x0, y0, x1: x0 + 26, y1: y0 + (y1 - y0) * 0.3, whole: false });

const crowded = (v) => v.visibleMessages.count > ALL_ARROWS || v.visible.count > 2 * ALL_ARROWS;

// blocks returns the least and greatest place in each block of entries.
function blocks(n, least, greatest) {
  const size = Math.ceil(n / BLOCK), lo = new Float64Array(size).fill(Infinity), hi = new Float64Array(size).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    const b = i / BLOCK | 0;
    lo[b] = Math.min(lo[b], least(i));
    hi[b] = Math.max(hi[b], greatest(i));
  }
  return { n, lo, hi };
}

// visibleBlocks lists the ranges of entries that may be seen, and how many they are.
function visibleBlocks(b, v) {
  const out = { ranges: [], count: 0 }, slack = (v.u1 - v.u0) * 0.08;
  for (let i = 0; i < b.lo.length; i++) {
    if (b.hi[i] < v.u0 - slack || b.lo[i] > v.u1 + slack) continue;
    const from = i * BLOCK, to = Math.min(b.n, from + BLOCK);
    out.ranges.push([from, to]);
    out.count += to - from;
  }
  return out;
}

function eachVisible(visible, f) {
  for (const [from, to] of visible.ranges) for (let i = from; i < to; i++) f(i);
}
