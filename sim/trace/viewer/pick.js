// Picking: which event is under the pointer. Where several stand on one spot, the handler comes first, and each further
// click takes the next.

const REACH = 12; // pixels round an event that count as it: a target of 24

function eventsAt(v, x, y) {
  const found = [], dense = crowded(v);
  eachVisible(v.visible, (i) => {
    if (!v.shown[i] || (dense && !v.scene.notable[i])) return;
    const ux = xOf(v, v.scale.u[i]);
    if (v.r.kind[i] !== DROP && Math.abs(ux - x) > REACH) return;
    const [px, py] = eventPoint(v, i), d = Math.hypot(px - x, py - y);
    if (d <= REACH) found.push({ i, d: Math.round(d / 3), rank: isHandler(v.r.kind[i]) ? 0 : 1 });
  });
  found.sort((a, b) => a.d - b.d || a.rank - b.rank || a.i - b.i);
  return found;
}

// messageAt returns the end, or the sending, of the message whose arrow is under the pointer.
function messageAt(v, x, y) {
  let best = NONE, least = 6;
  if (crowded(v)) return best;
  eachVisible(v.visibleMessages, (k) => {
    const m = v.scene.messages[k];
    if (!(m.send !== NONE && v.shown[m.send]) && !(m.end !== NONE && v.shown[m.end])) return;
    const s = segment(v, m), d = distanceTo(s, x, y);
    if (d >= least) return;
    least = d;
    best = m.end !== NONE && v.shown[m.end] ? m.end : m.send;
  });
  return best;
}

function distanceTo(s, x, y) {
  const dx = s.x1 - s.x0, dy = s.y1 - s.y0, length = dx * dx + dy * dy || 1;
  const along = Math.min(1, Math.max(0, ((x - s.x0) * dx + (y - s.y0) * dy) / length));
  return Math.hypot(s.x0 + along * dx - x, s.y0 + along * dy - y);
}

function eventAt(v, x, y) {
  if (x < v.gutter - REACH || y > v.h - AXIS) return NONE;
  const found = eventsAt(v, x, y);
  return found.length ? found[0].i : messageAt(v, x, y);
}

// clickAt returns what a click selects: the next event of the spot if one of them is selected already.
function clickAt(v, x, y) {
  const found = eventsAt(v, x, y), spot = found.filter((f) => f.d === found[0].d).map((f) => f.i);
  if (spot.length < 2) return eventAt(v, x, y);
  return spot[(spot.indexOf(v.sel) + 1) % spot.length];
}
