// The details of the selected event: when, what, why, and how much of the run is its past and its future.

function paintDetails(v) {
  const { details } = v.dom, i = v.sel;
  if (i === NONE) return details.replaceChildren(...overview(v));
  const { r, scene } = v, parts = [element('h2', {}, sentenceCase(sentence(r, scene, i)))];
  const list = element('dl', {});
  const fact = (name, ...values) => {
    const dd = element('dd', {});
    dd.append(...values.filter((x) => x !== ''));
    if (values.some((x) => x !== '')) list.append(element('dt', {}, name), dd);
  };
  fact('Event', `${r.id[i]} · ${r.kinds[r.kind[i]]}`);
  fact('True time', exactDuration(r.time[i]));
  if (r.node[i] !== NOBODY) {
    fact('Own clock', `${exactDuration(r.local[i])}${difference(r.local[i] - r.time[i])}`);
    fact('Wall clock', `${exactDuration(r.wall[i])}${difference(r.wall[i] - r.time[i])}`);
  }
  messageFacts(v, i, fact);
  fact('Role', roleAt(v, i));
  fact('Cause', scene.causeOf[i] === NONE ? outside(r, i) : jump(v, scene.causeOf[i]));
  const effects = scene.effects(i).filter((j) => v.shown[j]);
  fact('Effects', ...effects.slice(0, 8).map((j) => jump(v, j)), effects.length > 8 ? `and ${effects.length - 8} more` : '');
  parts.push(list, ...coneFacts(v), ...storyOf(v));
  details.replaceChildren(...parts);
}

function messageFacts(v, i, fact) {
  const { r } = v, kind = r.kind[i];
  if (isMessage(kind)) {
    const copy = r.copy[i] ? `, copy ${r.copy[i] + 1}` : '';
    fact('Message', `${nodeName(r.from[i])} → ${nodeName(r.to[i])}, number ${r.k[i]} on this link${copy}`);
  }
  if (kind === DROP) fact('Died', `${exactDuration(r.at[i])}, as ${lossReason(r, i)}`);
  if (kind === TIMER_SET) fact('Due', exactDuration(r.at[i]));
  const what = isMessage(kind) ? 'Says' : kind === TIMEOUT || kind === TIMER_SET || kind === TIMER_STOPPED ? 'Tag' : 'Value';
  fact(what, valueText(r, i), valueType(r, i) ? element('span', { class: 'type' }, valueType(r, i)) : '');
  if (valueJSON(r, i)) fact('Fields', element('code', {}, valueJSON(r, i)));
}

const difference = (ns) => ns === 0 ? '' : ` (${signedDuration(ns)})`;
const sentenceCase = (s) => s.replace(/^[a-z]/, (x) => /^n\d/.test(s) ? x : x.toUpperCase());

function outside(r, i) {
  if (isFault(r.kind[i]) && r.kind[i] !== DROP) return 'from outside the protocol';
  return isMessage(r.kind[i]) && r.kind[i] !== SEND ? 'its sending was not recorded' : 'the start of the run';
}

function roleAt(v, i) {
  const role = v.scene.roles.find((x) => x.node === v.r.node[i] && x.start <= i && (x.end === NONE || x.end > i));
  return role ? [role.role, role.text].filter(Boolean).join(', ') : '';
}

// jump is a button that selects another event.
function jump(v, i) {
  const b = element('button', { type: 'button', class: 'jump', 'data-jump': v.r.id[i] }, sentence(v.r, v.scene, i));
  b.addEventListener('click', () => v.select(i));
  return b;
}

function coneFacts(v) {
  const counts = [0, 0, 0, 0];
  for (let j = 0; j < v.r.n; j++) if (v.shown[j]) counts[v.cls[j]]++;
  const box = element('div', { class: 'cone', role: 'group', 'aria-label': 'Causality' });
  const entry = (cls, n, words) => {
    const e = element('div', { class: 'count ' + cls });
    e.append(element('strong', {}, grouped(n)), element('span', {}, words));
    box.append(e);
  };
  entry('past', counts[PAST], 'may have caused it');
  entry('future', counts[FUTURE], 'it may have caused');
  entry('concurrent', counts[CONCURRENT], 'neither');
  if (v.r.nodes > 24 || v.r.node[v.sel] === NOBODY) return [box];
  const clock = vectorClock(v.r, v.cls);
  return [box, element('p', { class: 'vector' }, `Vector clock ⟨${clock.join(' ')}⟩`)];
}

const STEPS = 12; // of the story of an event

// storyOf tells how the event came about: its cause, the cause of that, and so on.
function storyOf(v) {
  const chain = [];
  for (let j = v.scene.causeOf[v.sel]; j !== NONE && chain.length < STEPS; j = v.scene.causeOf[j]) chain.push(j);
  if (chain.length < 2) return [];
  const box = element('details', { class: 'story' }), list = element('ol', {});
  box.open = v.storyOpen === true;
  box.addEventListener('toggle', () => { v.storyOpen = box.open; });
  for (const j of chain.reverse()) {
    const item = element('li', {});
    item.append(element('span', { class: 'when' }, moment(v.r.time[j])), jump(v, j));
    list.append(item);
  }
  box.append(element('summary', {}, 'How it came about'), list);
  return [box];
}

// overview is what the panel says while nothing is selected.
function overview(v) {
  const { r } = v, parts = [element('h2', {}, 'Choose an event')];
  parts.push(element('p', {}, 'Click an event, or press the full stop key: what may have caused it and what it may have caused light up, the rest fades.'));
  const marks = r.show.marks.filter((m) => m.events.length);
  if (marks.length) {
    parts.push(element('h3', {}, 'Pointed out'));
    for (const m of marks) {
      const b = element('button', { type: 'button', class: 'jump' }, m.caption);
      b.addEventListener('click', () => v.select(m.events[0]));
      parts.push(b);
    }
  }
  const faults = [];
  let more = 0;
  for (let i = 0; i < r.n; i++) {
    if (!v.shown[i] || !v.scene.notable[i] || !isFault(r.kind[i])) continue;
    if (faults.length < 12) faults.push(i); else more++;
  }
  if (faults.length) parts.push(element('h3', {}, 'Faults and losses'));
  for (const i of faults) {
    const line = element('div', { class: 'fault' });
    line.append(element('span', { class: 'when' }, moment(r.time[i])), jump(v, i));
    parts.push(line);
  }
  if (more) parts.push(element('p', { class: 'muted' }, `and ${grouped(more)} more: press n for the next.`));
  return parts;
}

// runFacts says what run it is.
function runFacts(r) {
  const h = r.head, facts = [];
  if (h.scenario && h.scenario !== h.title) facts.push(h.scenario);
  facts.push('seed ' + h.seed, `${h.nodes} nodes`, `${grouped(r.n)} events`, duration(h.end) + ' of simulated time');
  if (h.digest) facts.push('digest ' + h.digest.slice(0, 12));
  return facts.join('  ·  ');
}

// omissions says what of the run is not in the record.
function omissions(r) {
  const h = r.head, parts = [];
  if (h.leftBefore) parts.push(`${grouped(h.leftBefore)} events before the first one here were not kept`);
  if (h.leftAfter) parts.push(`${grouped(h.leftAfter)} events after the last one here were left out`);
  if (h.level !== 'full') parts.push(`recorded at level "${h.level}"`);
  return parts.length ? 'Not the whole run: ' + parts.join('; ') + '.' : '';
}
