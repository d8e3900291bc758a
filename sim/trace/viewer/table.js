// The table: every event as a row of words, for those who read rather than look. Only the rows in view exist.

const ROW = 30; // pixels

function wireTable(v) {
  const { grid } = v.dom;
  grid.addEventListener('scroll', () => { if (!v.rowsAsked) { v.rowsAsked = true; requestAnimationFrame(() => paintRows(v)); } });
  grid.addEventListener('click', (e) => {
    const row = e.target.closest('[data-event]');
    if (row) v.select(Number(row.dataset.event), { scrollTable: false });
  });
  grid.addEventListener('keydown', (e) => {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (!(e.key in moves) || !v.rows.length || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    e.stopPropagation();
    const at = v.sel === NONE ? -1 : rowOf(v, v.sel);
    const to = at < 0 ? (moves[e.key] > 0 ? 0 : v.rows.length - 1) : Math.min(v.rows.length - 1, Math.max(0, at + moves[e.key]));
    v.select(v.rows[to]);
  });
}

// buildRows lists the events of the table: those that are shown and, with a search, match.
function buildRows(v) {
  const rows = [];
  for (let i = 0; i < v.r.n; i++) if (v.shown[i] && (!v.matches || v.matches[i])) rows.push(i);
  v.rows = Int32Array.from(rows);
  v.dom.grid.setAttribute('aria-rowcount', String(rows.length + 1));
  v.dom.rows.style.height = rows.length * ROW + 'px';
  v.dom.count.textContent = rows.length === v.r.n ? `${grouped(rows.length)} events` : `${grouped(rows.length)} of ${grouped(v.r.n)} events`;
  paintRows(v);
}

function rowOf(v, i) {
  const at = lastAtOrBefore(v.rows, i);
  return at >= 0 && v.rows[at] === i ? at : -1;
}

function paintRows(v) {
  v.rowsAsked = false;
  const { grid, rows } = v.dom;
  const from = Math.max(0, Math.floor(grid.scrollTop / ROW) - 6), to = Math.min(v.rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + 6);
  const list = [];
  for (let k = from; k < to; k++) list.push(tableRow(v, k));
  rows.replaceChildren(...list);
  const selected = v.sel !== NONE && document.getElementById('row-' + v.sel);
  if (selected) grid.setAttribute('aria-activedescendant', selected.id);
  else grid.removeAttribute('aria-activedescendant');
}

function tableRow(v, k) {
  const i = v.rows[k], cls = v.cls ? ['concurrent', 'past', 'future', 'self'][v.cls[i]] : '';
  const row = element('div', {
    role: 'row', id: 'row-' + i, class: 'row ' + cls, 'aria-rowindex': k + 2, 'aria-selected': String(i === v.sel), 'data-event': i, 'data-id': v.r.id[i],
    'data-class': cls,
  });
  row.style.top = k * ROW + 'px';
  const relation = { past: '◀ ', future: '▶ ', self: '● ' }[cls] || '';
  const words = sentence(v.r, v.scene, i);
  row.append(
    element('span', { role: 'gridcell', class: 'cell-id' }, String(v.r.id[i])),
    element('span', { role: 'gridcell', class: 'cell-time' }, moment(v.r.time[i])),
    element('span', { role: 'gridcell', class: 'cell-words', title: words }, relation + words),
  );
  return row;
}

// showRow scrolls the selected row into view.
function showRow(v) {
  const k = v.sel === NONE ? -1 : rowOf(v, v.sel), { grid } = v.dom;
  if (k >= 0) {
    const head = ROW, top = k * ROW;
    if (top < grid.scrollTop || top + ROW > grid.scrollTop + grid.clientHeight - head) grid.scrollTop = Math.max(0, top - grid.clientHeight / 2 + ROW);
  }
  paintRows(v);
}

// search marks the events whose sentence, type or number holds the text.
function search(v, text) {
  const wanted = text.trim().toLowerCase();
  v.query = text.trim();
  v.matches = null;
  if (wanted) {
    v.words ||= Array.from({ length: v.r.n }, (_, i) => `${sentence(v.r, v.scene, i)} ${v.r.kinds[v.r.kind[i]]} ${valueType(v.r, i)} #${v.r.id[i]}`.toLowerCase());
    v.matches = Uint8Array.from(v.words, (w) => w.includes(wanted) ? 1 : 0);
  }
}

// element makes an element with attributes and text.
function element(name, attributes, text) {
  const e = document.createElement(name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  if (text !== undefined) e.textContent = text;
  return e;
}

const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
