// Happened before (Lamport 1978): the order of each lane, and from each message's sending to its receipt. The past of
// an event is a prefix of every lane, so one number a lane holds it: that is the event's vector clock (Fidge 1988,
// Mattern 1989). As links only lead back, one pass over the record finds it.

const CONCURRENT = 0, PAST = 1, FUTURE = 2, SELF = 3;

// cone returns the class of each event as seen from event e: its causal past and future, or neither. A lost message is
// on no lane: it belongs to the future of its sending, and has no future. With information, a recovery breaks the order
// of its lane: of what its node did before, only that is in its past which led to a write that it finds.
function cone(r, scene, e, information) {
  const cls = new Uint8Array(r.n);
  paintPast(r, scene, e, information, cls);
  paintFuture(r, scene, e, information, cls);
  cls[e] = SELF;
  return cls;
}

function paintPast(r, scene, e, information, cls) {
  const reach = new Int32Array(r.nodes).fill(NONE); // of each lane, the last event of the past
  raise(r, reach, e);
  for (let i = e; i >= 0; i--) {
    const lane = r.node[i];
    if (i !== e && !(lane >= 0 && i <= reach[lane])) continue;
    cls[i] = PAST;
    if (r.link[i] !== NONE) raise(r, reach, r.link[i]);
    if (information && r.kind[i] === RECOVERED) reach[lane] = scene.durable.get(i);
  }
}

// raise adds event i, and so all before it on its lane, to the past.
function raise(r, reach, i) {
  const lane = r.node[i];
  if (lane >= 0) reach[lane] = Math.max(reach[lane], i);
}

function paintFuture(r, scene, e, information, cls) {
  if (r.node[e] < 0) return;
  const since = new Float64Array(r.nodes).fill(Infinity); // of each lane, the first event of the future
  since[r.node[e]] = e;
  for (let i = e + 1; i < r.n; i++) {
    const lane = r.node[i], from = r.link[i];
    const caused = from !== NONE && (from === e || cls[from] === FUTURE);
    if (lane < 0) {
      if (caused) cls[i] = FUTURE;
      continue;
    }
    if (information && r.kind[i] === RECOVERED && !remembers(scene.durable.get(i), e, cls)) since[lane] = Infinity;
    if (caused && since[lane] === Infinity) since[lane] = i;
    if (i >= since[lane]) cls[i] = FUTURE;
  }
}

// remembers reports whether a write is, or comes after, event e.
const remembers = (write, e, cls) => write !== NONE && (write === e || cls[write] === FUTURE);

// vectorClock returns how many events of each lane are in the past of e, itself included.
function vectorClock(r, cls) {
  const clock = new Array(r.nodes).fill(0);
  for (let i = 0; i < r.n; i++) if (r.node[i] >= 0 && (cls[i] === PAST || cls[i] === SELF)) clock[r.node[i]]++;
  return clock;
}

// knownTo returns, as one bit an event, the causal past of a node's last event up to a time: all that it can know then.
function knownTo(r, scene, node, until) {
  const known = new Uint8Array(r.n);
  const last = scene.laneEvents[node].findLast((i) => r.time[i] <= until);
  if (last !== undefined) paintPast(r, scene, last, false, known);
  return known;
}

// coneSpans joins the events in view of one class that follow each other on a lane: {node, cls, start, end}.
function coneSpans(v) {
  const out = [];
  v.scene.laneEvents.forEach((events, node) => {
    let span = null;
    for (const i of events) {
      const cls = v.cls[i] === SELF ? PAST : v.cls[i];
      if (!v.shown[i] || cls === CONCURRENT || (span && span.cls !== cls)) span = null;
      if (!v.shown[i] || cls === CONCURRENT) continue;
      if (!span) out.push(span = { node, cls, start: i, end: i });
      span.end = i;
    }
  });
  return out;
}
