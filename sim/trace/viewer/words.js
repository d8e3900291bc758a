// Words: each event as a sentence, as it is announced, listed and searched.

// Units of time: how many nanoseconds, the name, and used from how many on.
const UNITS = [[86400e9, 'd', 2], [3600e9, 'h', 2], [1e9, 's', 1], [1e6, 'ms', 1], [1e3, 'µs', 1], [1, 'ns', 0]];

// inUnit writes nanoseconds in the unit that suits them; number writes how many of it.
function inUnit(ns, number) {
  const a = Math.abs(ns), [size, name] = UNITS.find(([size, , from]) => a >= size * from);
  return (ns < 0 ? '−' : '') + number(a / size, size) + ' ' + name;
}

// duration writes nanoseconds with at most four digits (16.8 ms, 1.25 s, 340 ns); moment, for points in time, with
// seven.
const duration = (ns) => inUnit(ns, (x) => String(Number(x.toPrecision(4))));
const moment = (ns) => inUnit(ns, (x) => String(Number(x.toPrecision(7))));

// graded writes a point in time so that those some nanoseconds apart differ.
const graded = (ns, apart) => inUnit(ns, (x, size) => String(Number(x.toFixed(Math.min(9, Math.max(0, Math.ceil(Math.log10(size / apart))))))));

// exactDuration writes all the nanoseconds there are: 1.234 567 890 s.
function exactDuration(ns) {
  const a = Math.abs(Math.round(ns)), sign = ns < 0 ? '−' : '';
  const s = Math.floor(a / 1e9), rest = String(a % 1e9).padStart(9, '0');
  return sign + s + '.' + rest.match(/.../g).join('\u202f') + ' s';
}

const signedDuration = (ns) => (ns > 0 ? '+' : '') + duration(ns);

// lossReason says where and why a message died.
function lossReason(r, i) {
  const from = nodeName(r.from[i]), to = nodeName(r.to[i]);
  switch (r.causes[r.cause[i]]) {
    case 'loss': return 'the network lost it';
    case 'partition': return 'a partition stood between them';
    case 'dead': return to + ' was down';
    case 'corrupt': return 'it was damaged and thrown away';
    case 'overflow': return 'a queue was full';
    case 'omission': return from + ' or ' + to + ' omitted it';
    case 'edited': return 'an edit of the run removed it';
  }
  return r.causes[r.cause[i]] || 'unknown cause';
}

const valueOr = (r, i, otherwise) => valueText(r, i) || valueType(r, i) || otherwise;
const nodeSet = (ids) => '{' + ids.slice(0, 8).map(nodeName).join(' ') + (ids.length > 8 ? ` and ${ids.length - 8} more` : '') + '}';

// sentence says what happened.
function sentence(r, s, i) {
  const who = nodeName(r.node[i]), text = textOf(r, i), value = valueOr(r, i, '');
  switch (r.kind[i]) {
    case INIT: return who + (s.before[i] !== NONE && r.kind[s.before[i]] === RECOVERED ? ' starts again' : ' starts');
    case DELIVER: return deliverSentence(r, s, i);
    case TIMEOUT: return `timer${tag(value)} of ${who} fires` + ago(r, i, ', set ');
    case SEND: return `${who} sends ${value || 'a message'} to ${nodeName(r.to[i])}`;
    case DROP: return `${r.copy[i] ? 'a duplicate of ' : ''}${value || 'a message'} from ${nodeName(r.from[i])} to ${nodeName(r.to[i])} is lost: ${lossReason(r, i)}`;
    case TIMER_SET: return `${who} sets a timer${tag(value)}, due in ${duration(r.at[i] - r.time[i])}`;
    case TIMER_STOPPED: return `${who} stops its timer${tag(value)}` + ago(r, i, ', set ');
    case PERSIST: return `${who} writes ${named(text, value)}`;
    case DURABLE: return `what ${who} wrote to ${text || 'its disk'} is durable` + ago(r, i, ', written ');
    case WRITE_LOST: return `the crash ${['loses', 'keeps', 'tears'][r.fate[i]] || 'loses'} what ${who} was writing to ${text || 'its disk'}`;
    case NOTE: return `${who} notes: ${value || text}`;
    case BADGE: return `${who} ${roleOf(r, i) ? 'is now ' + roleOf(r, i) : 'changes'}${text ? ' (' + text + ')' : ''}`;
    case CRASHED: return who + ' crashes';
    case RECOVERED: return who + ' recovers';
    case PAUSED: return who + ' is paused';
    case RESUMED: return who + ' goes on';
    case CUT_MADE: return cutSentence(r, i);
    case CUT_HEALED: return text ? `partition ${text} heals` : 'all partitions heal';
    case WALL_STEPPED: return `the wall clock of ${who} is stepped by ${signedDuration(r.step[i])}`;
    case CUSTOM: return (r.node[i] === NOBODY ? '' : who + ': ') + (text || value || 'something happens');
  }
  return r.kinds[r.kind[i]] || 'something unknown happens';
}

// tag names a timer: in quotation marks if it is of several words.
const tag = (value) => value && (value.includes(' ') ? ` "${value}"` : ' ' + value);

function deliverSentence(r, s, i) {
  const m = s.messageOf(i);
  let out = `${nodeName(r.node[i])} receives ${valueOr(r, i, 'a message')} from ${nodeName(r.from[i])}`;
  out += ago(r, i, ', sent ');
  if (r.copy[i]) out += ', a duplicate';
  if (m && m.altered) out += `, altered, or a lie: it was ${valueOr(r, m.send, 'something else')}`;
  if (m && m.late) out += ', after its sender had given up';
  return out;
}

function cutSentence(r, i) {
  const c = r.cut.get(i);
  return `partition ${textOf(r, i)} `.replace('  ', ' ') + `${c.oneWay ? 'lets nothing pass from' : 'separates'} ${nodeSet(c.from)} ${c.oneWay ? 'to' : 'from'} ${nodeSet(c.to)}`;
}

const named = (key, value) => [key, value].filter(Boolean).join(' = ') || 'a value';

function ago(r, i, words) {
  if (r.link[i] === NONE) return '';
  const gap = r.time[i] - r.time[r.link[i]];
  return words + (gap === 0 ? 'at the same moment' : duration(gap) + ' earlier');
}

// announcement is the sentence with its time, and what came of it at once.
function announcement(r, s, i) {
  let out = sentence(r, s, i);
  for (const j of s.effects(i).slice(0, 20)) if (r.kind[j] === BADGE) out += '; ' + sentence(r, s, j);
  return `${moment(r.time[i])}: ${out}`;
}

// messageWords is the short text on an arrow.
function messageWords(r, m) {
  const i = m.end !== NONE ? m.end : m.send;
  const text = valueText(r, i) || valueType(r, i);
  return text.length > 28 ? text.slice(0, 27) + '…' : text;
}
