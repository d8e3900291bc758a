// The scene: what a picture shows besides single events, derived once from the record.

// makeScene returns
//   laneEvents      of each lane, its events in order;
//   before, after   of each event, its neighbours on its lane;
// causeOf         of each event, what immediately led to it: its link, the handler it is an effect of, or its lane's
// last event;
//   effects         a function: what an event immediately led to;
// messages        every copy of every message, in order of sending; messageOf (i), that which a Deliver or Drop ended;
//   timers, gaps, pauses, cuts, roles, notable.
function makeScene(r) {
  const s = { laneEvents: Array.from({ length: r.nodes }, () => []), before: new Int32Array(r.n).fill(NONE), after: new Int32Array(r.n).fill(NONE) };
  for (let i = 0; i < r.n; i++) {
    const lane = s.laneEvents[r.node[i]];
    if (!lane) continue;
    if (lane.length) {
      s.before[i] = lane[lane.length - 1];
      s.after[s.before[i]] = i;
    }
    lane.push(i);
  }
  s.linked = linkedFrom(r);
  s.handler = handlers(r);
  addCauses(r, s);
  s.messages = messages(r, s);
  s.messageOf = endings(r, s.messages);
  s.timers = timers(r, s);
  s.gaps = spans(r, CRASHED, RECOVERED);
  s.pauses = spans(r, PAUSED, RESUMED, CRASHED);
  s.cuts = cuts(r);
  s.roles = roles(r);
  addDurable(r, s);
  s.notable = notable(r);
  return s;
}

// linkedFrom returns, of each event, those whose link it is.
function linkedFrom(r) {
  const first = new Int32Array(r.n).fill(NONE), next = new Int32Array(r.n).fill(NONE);
  for (let i = r.n - 1; i >= 0; i--) {
    const from = r.link[i];
    if (from === NONE) continue;
    next[i] = first[from];
    first[from] = i;
  }
  return (i) => {
    const out = [];
    for (let j = first[i]; j !== NONE; j = next[j]) out.push(j);
    return out;
  };
}

// handlers returns, of each event, the last handler on its lane, itself included.
function handlers(r) {
  const last = new Int32Array(Math.max(r.nodes, 1)).fill(NONE);
  const out = new Int32Array(r.n).fill(NONE);
  for (let i = 0; i < r.n; i++) {
    const lane = r.node[i];
    if (lane < 0 || lane >= r.nodes) continue;
    if (isHandler(r.kind[i])) last[lane] = i;
    if (r.kind[i] === CRASHED) last[lane] = NONE;
    out[i] = last[lane];
  }
  return out;
}

function addCauses(r, s) {
  s.causeOf = new Int32Array(r.n).fill(NONE);
  const effects = new Map();
  for (let i = 0; i < r.n; i++) {
    const c = causeOf(r, s, i);
    s.causeOf[i] = c;
    if (c === NONE) continue;
    if (!effects.has(c)) effects.set(c, []);
    effects.get(c).push(i);
  }
  s.effects = (i) => effects.get(i) || [];
}

function causeOf(r, s, i) {
  const kind = r.kind[i];
  if (r.link[i] !== NONE) return r.link[i];
  if (r.node[i] === NOBODY || kind === DELIVER || kind === TIMEOUT) return NONE;
  if (kind === INIT) return s.before[i];
  if (kind === RECOVERED || kind === RESUMED) return s.before[i];
  if (kind >= CRASHED) return NONE; // a fault comes from outside
  return s.handler[i] === i ? NONE : s.handler[i];
}

// messages lists each copy of each message as {send, end, drop, copy, late, altered}: end is its Deliver or Drop, NONE
// while it is on its way at the end of the record; send is NONE if it was left out.
function messages(r, s) {
  const out = [];
  const add = (send, end) => out.push({
    send, end, lost: end !== NONE && r.kind[end] === DROP, copy: end === NONE ? 0 : r.copy[end],
    altered: end !== NONE && r.kind[end] === DELIVER && send !== NONE && r.value[end] !== r.value[send],
    late: end !== NONE && r.late.has(end),
  });
  for (let i = 0; i < r.n; i++) {
    if (r.kind[i] === SEND) {
      const ends = s.linked(i).filter((j) => isMessage(r.kind[j]));
      if (ends.length === 0) add(i, NONE);
      for (const j of ends) add(i, j);
    } else if ((r.kind[i] === DELIVER || r.kind[i] === DROP) && r.link[i] === NONE) {
      add(NONE, i);
    }
  }
  return out;
}

// endings returns a function: the message that a Deliver or Drop ended.
function endings(r, list) {
  const of = new Int32Array(r.n).fill(NONE);
  list.forEach((m, k) => { if (m.end !== NONE) of[m.end] = k; });
  return (i) => of[i] === NONE ? null : list[of[i]];
}

// timers lists each timer as {set, end, how}: it fired, was stopped, died in a crash, or is pending at the end (end
// NONE).
function timers(r, s) {
  const out = [];
  for (let i = 0; i < r.n; i++) {
    if (r.kind[i] !== TIMER_SET) continue;
    const end = s.linked(i).find((j) => r.kind[j] === TIMEOUT || r.kind[j] === TIMER_STOPPED);
    out.push({ set: i, end: end === undefined ? NONE : end, fired: end !== undefined && r.kind[end] === TIMEOUT });
  }
  return out;
}

// spans lists, in order, what lies between an opening and a closing event of one lane: {node, start, end}, end NONE if
// it lasts.
function spans(r, opens, ...closes) {
  const out = [], open = new Map();
  for (let i = 0; i < r.n; i++) {
    const node = r.node[i];
    if (r.kind[i] === opens && !open.has(node)) {
      const span = { node, start: i, end: NONE };
      open.set(node, span);
      out.push(span);
    } else if (closes.includes(r.kind[i]) && open.has(node)) {
      open.get(node).end = i;
      open.delete(node);
    }
  }
  return out;
}

// cuts lists the partitions: {start, end, name, from, to, oneWay}.
function cuts(r) {
  const out = [];
  for (let i = 0; i < r.n; i++) {
    if (r.kind[i] === CUT_MADE) out.push(Object.assign({ start: i, end: NONE, name: textOf(r, i) }, r.cut.get(i)));
    if (r.kind[i] !== CUT_HEALED) continue;
    for (const c of out) if (c.end === NONE && (c.name === textOf(r, i) || textOf(r, i) === '')) c.end = i;
  }
  return out;
}

// roles lists, of each lane, the stretches of one role and text: {node, start, end, role, text, first}; first says that
// the role before was another. A crash ends them.
function roles(r) {
  const out = [], open = new Map();
  const close = (node, i) => {
    if (open.has(node)) open.get(node).end = i;
    open.delete(node);
  };
  for (let i = 0; i < r.n; i++) {
    if (r.kind[i] === CRASHED) close(r.node[i], i);
    if (r.kind[i] !== BADGE) continue;
    const before = open.get(r.node[i]);
    close(r.node[i], i);
    const span = { node: r.node[i], start: i, end: NONE, role: roleOf(r, i), text: textOf(r, i) };
    span.first = !before || before.role !== span.role;
    open.set(span.node, span);
    out.push(span);
  }
  return out;
}

// addDurable adds durable: of each recovery, the last of its node's writes that was there, whole or torn, NONE if none
// was; and to each gap whether anything durable outlived it.
function addDurable(r, s) {
  const last = new Map(), survives = new Set(), gapAt = new Map(s.gaps.map((g) => [g.start, g])), open = new Map();
  s.durable = new Map();
  for (let i = 0; i < r.n; i++) {
    const node = r.node[i], kind = r.kind[i];
    if (kind === DURABLE || (kind === WRITE_LOST && r.fate[i] !== GONE)) {
      last.set(node, Math.max(r.link[i], last.get(node) ?? NONE));
      survives.add(node);
    }
    if (gapAt.has(i)) open.set(node, gapAt.get(i));
    if (open.has(node)) open.get(node).durable = survives.has(node);
    if (kind === RECOVERED) {
      s.durable.set(i, last.get(node) ?? NONE);
      open.delete(node);
    }
  }
}

// notable marks what is never drawn in the aggregate: faults, losses, changes of role, and marked events.
function notable(r) {
  const out = new Uint8Array(r.n), role = new Map();
  for (let i = 0; i < r.n; i++) {
    if (isFault(r.kind[i])) out[i] = 1;
    if (r.kind[i] === BADGE && role.get(r.node[i]) !== r.role[i]) {
      out[i] = 1;
      role.set(r.node[i], r.role[i]);
    }
  }
  for (const mark of r.show.marks) for (const i of mark.events) out[i] = 1;
  return out;
}
