// Scales: how time becomes place. A scale has, in units of its own (nanoseconds, steps),
//   u      of each event, its place;
//   place  (lane, t), the place of true time t on a lane;
//   lo, hi the range of it all;
//   title, tick (u) what the axis says.

const MAPPINGS = [
  ['true', 'True time'], ['rank', 'Order of events'], ['compressed', 'Compressed time'],
  ['own', 'Each lane by its own clock'], ['wall', 'Each lane by its wall clock'],
];

// makeScale returns the scale of a mapping: one of MAPPINGS, or "clock-2" for the monotonic clock of one node.
function makeScale(r, scene, mapping) {
  const scale = buildScale(r, scene, mapping);
  let lo = Infinity, hi = -Infinity;
  for (let i = 0; i < r.n; i++) {
    lo = Math.min(lo, scale.u[i]);
    hi = Math.max(hi, scale.u[i]);
  }
  if (r.n === 0) lo = hi = 0;
  if (!scale.steps) hi = Math.max(hi, scale.place(0, r.head.end));
  return Object.assign(scale, { mapping, lo, hi: hi > lo ? hi : lo + 1 });
}

function buildScale(r, scene, mapping) {
  switch (mapping) {
    case 'rank': return stepScale(r, 'order of events', () => 1);
    case 'compressed': return stepScale(r, 'time, compressed', compression(r));
    case 'own': return laneScale(r, scene, 'each lane by its own clock', r.local);
    case 'wall': return laneScale(r, scene, 'each lane by its wall clock', r.wall);
    case 'true': return { u: r.time, place: (_, t) => t, title: 'true time', tick: (u) => u };
  }
  const node = Number(mapping.slice('clock-'.length));
  const read = laneReader(r, scene.laneEvents[node], r.local);
  const u = Float64Array.from(r.time, read);
  for (const i of scene.laneEvents[node]) u[i] = r.local[i];
  return { u, place: (_, t) => read(t), title: 'by the clock of ' + nodeName(node), tick: (v) => v };
}

// stepScale places each event some steps after the one before it; other instants lie between by their share of the
// time.
function stepScale(r, title, step) {
  const u = new Float64Array(r.n);
  for (let i = 1; i < r.n; i++) u[i] = u[i - 1] + step(r.time[i] - r.time[i - 1]);
  return { u, place: (_, t) => through(r.time, u, t, 0), title, tick: (v) => through(u, r.time, v, 0), steps: true };
}

// compression makes a gap of time as many steps as it has decimal digits more than the shortest.
function compression(r) {
  let shortest = Infinity;
  for (let i = 1; i < r.n; i++) {
    const gap = r.time[i] - r.time[i - 1];
    if (gap > 0 && gap < shortest) shortest = gap;
  }
  return (gap) => gap > 0 ? 1 + Math.log10(gap / shortest) : 0.35;
}

// laneScale places events by what their own node's clock shows; those of nobody by true time.
function laneScale(r, scene, title, clock) {
  const u = Float64Array.from(r.time);
  for (let i = 0; i < r.n; i++) if (r.node[i] !== NOBODY) u[i] = clock[i];
  const readers = scene.laneEvents.map((events) => laneReader(r, events, clock));
  return { u, place: (lane, t) => lane >= 0 && lane < readers.length ? readers[lane](t) : t, title, tick: (v) => v };
}

// laneReader returns what a clock shows at true time t, from its readings at the events of its lane.
function laneReader(r, events, clock) {
  const times = Float64Array.from(events, (i) => r.time[i]);
  const shows = Float64Array.from(events, (i) => clock[i]);
  return (t) => through(times, shows, t, 1);
}

// through returns the y at x on the line through the points (xs, ys), which goes on beyond them with the given slope.
function through(xs, ys, x, slope) {
  const n = xs.length;
  if (n === 0) return x;
  const a = lastAtOrBefore(xs, x);
  if (a < 0) return ys[0] + (x - xs[0]) * slope;
  if (a === n - 1) return ys[a] + (x - xs[a]) * slope;
  return ys[a] + (ys[a + 1] - ys[a]) * (x - xs[a]) / (xs[a + 1] - xs[a]);
}

// niceStep returns 1, 2 or 5 times a power of ten, at least x.
function niceStep(x) {
  const power = Math.pow(10, Math.floor(Math.log10(x)));
  for (const m of [1, 2, 5]) if (m * power >= x * 0.999) return m * power;
  return 10 * power;
}
