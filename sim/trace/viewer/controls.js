// Controls: pointer, keys, toolbar, dialogs.

const HELP = [
  ['.', 'next event'], [',', 'previous event'], ['→', 'next event on this lane'], ['←', 'previous event on this lane'],
  ['↑', 'follow a message to its receiver'], ['↓', 'follow a message back to its sender'],
  ['c', 'immediate cause'], ['e', 'immediate effect'], ['n', 'next fault, loss or change of role'], ['p', 'previous one'],
  ['g', 'go to an event or a time'], ['/', 'search'], ['u', 'back to what was chosen before'], ['Esc', 'choose nothing'],
  ['+', 'zoom in'], ['-', 'zoom out'], ['Shift →', 'pan right'], ['Shift ←', 'pan left'], ['Shift ↓', 'lanes below'], ['Shift ↑', 'lanes above'],
  ['0', 'all of the run'], ['?', 'this help'],
];

function wireControls(v) {
  wireStage(v);
  wireKeys(v);
  wireToolbar(v);
  wireDialogs(v);
}

// wireStage pans by dragging, zooms by the wheel, selects by a click, and tells what is under the pointer.
function wireStage(v) {
  const { stage } = v.dom;
  let press = null;
  const at = (e) => { const b = stage.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
  stage.addEventListener('pointerdown', (e) => {
    if (e.button !== 0) return;
    const [x, y] = at(e);
    press = { x, y, u0: v.u0, u1: v.u1, top: v.top, moved: false };
    stage.setPointerCapture(e.pointerId);
  });
  stage.addEventListener('pointermove', (e) => {
    const [x, y] = at(e);
    if (!press) return hoverAt(v, x, y);
    if (!press.moved && Math.hypot(x - press.x, y - press.y) < 5) return;
    press.moved = true;
    stage.classList.add('dragging');
    hideTip(v);
    const u = (press.x - x) * (press.u1 - press.u0) / (v.w - v.gutter - RIGHT);
    v.top = press.top + press.y - y;
    v.look(press.u0 + u, press.u1 + u);
  });
  stage.addEventListener('pointerup', (e) => {
    const [x, y] = at(e);
    if (press && !press.moved) {
      const i = clickAt(v, x, y);
      if (i === NONE) v.clear(); else v.select(i);
    }
    press = null;
    stage.classList.remove('dragging');
  });
  stage.addEventListener('pointercancel', () => { press = null; stage.classList.remove('dragging'); });
  stage.addEventListener('pointerleave', () => { hideTip(v); setHover(v, NONE); });
  stage.addEventListener('wheel', (e) => wheel(v, e, at(e)[0]), { passive: false });
}

// wheel zooms, and pans with shift or sideways. Where the page itself scrolls, the wheel is left to it unless control
// is held.
function wheel(v, e, x) {
  if (stacked() && !e.ctrlKey && !e.metaKey) return;
  e.preventDefault();
  hideTip(v);
  const unit = e.deltaMode === 1 ? 16 : 1;
  if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) return v.pan((e.deltaX || e.deltaY) * unit / (v.w - v.gutter));
  v.zoom(Math.pow(1.0015, e.deltaY * unit), uAt(v, Math.max(x, v.gutter)));
}

const stacked = () => matchMedia('(max-width: 60rem)').matches;

function hoverAt(v, x, y) {
  const i = eventAt(v, x, y);
  setHover(v, i);
  v.dom.stage.style.cursor = i === NONE ? 'grab' : 'pointer';
  if (i === NONE) return hideTip(v);
  const { tip } = v.dom;
  tip.replaceChildren(element('strong', {}, moment(v.r.time[i])), document.createTextNode(' ' + sentence(v.r, v.scene, i)));
  tip.hidden = false;
  const room = v.w - tip.offsetWidth - 8, below = y + 20 + tip.offsetHeight < v.h;
  tip.style.left = Math.max(4, Math.min(x + 14, room)) + 'px';
  tip.style.top = (below ? y + 18 : y - tip.offsetHeight - 14) + 'px';
}

function hideTip(v) { v.dom.tip.hidden = true; }

function setHover(v, i) {
  if (v.hover === i) return;
  v.hover = i;
  v.ask();
}

// wireKeys makes every verb a key. Keys act wherever nothing is typed, and can be switched off in the help.
function wireKeys(v) {
  document.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || !v.keysOn) return;
    if (e.target.closest('input, select, textarea, dialog')) return;
    const onButton = e.target.closest('button, summary');
    const act = (e.shiftKey && keys['Shift' + e.key]) || keys[e.key];
    if (!act || (onButton && (e.key === 'Enter' || e.key === ' '))) return;
    e.preventDefault();
    act(v);
  });
}

const keys = {
  '.': (v) => v.step(1), ',': (v) => v.step(-1),
  ArrowRight: (v) => v.stepLane(1), ArrowLeft: (v) => v.stepLane(-1),
  ArrowUp: (v) => v.follow(1), ArrowDown: (v) => v.follow(-1),
  c: (v) => v.toCause(), e: (v) => v.toEffect(),
  n: (v) => v.stepNotable(1), p: (v) => v.stepNotable(-1),
  u: (v) => v.back(), g: (v) => openGo(v), '/': (v) => v.dom.search.focus(), '?': (v) => v.dom.help.showModal(),
  '+': (v) => v.zoomBy(1 / 1.6), '=': (v) => v.zoomBy(1 / 1.6), '-': (v) => v.zoomBy(1.6), '0': (v) => v.fit(),
  ShiftArrowRight: (v) => v.pan(0.25), ShiftArrowLeft: (v) => v.pan(-0.25),
  ShiftArrowDown: (v) => v.scrollLanes(1), ShiftArrowUp: (v) => v.scrollLanes(-1),
  Escape: (v) => { hideTip(v); v.clear(); },
};

function wireToolbar(v) {
  const { dom } = v;
  for (const [value, words] of MAPPINGS) dom.mapping.append(element('option', { value }, words));
  const clocks = element('optgroup', { label: 'Everything by one clock' });
  dom.as.append(element('option', { value: String(NONE) }, 'Everything'));
  const nodes = element('optgroup', { label: 'Only what one node can know' });
  for (let j = 0; j < v.r.nodes; j++) {
    clocks.append(element('option', { value: 'clock-' + j }, 'The clock of ' + laneName(v.r, j)));
    nodes.append(element('option', { value: String(j) }, 'As ' + laneName(v.r, j)));
  }
  dom.mapping.append(clocks);
  dom.as.append(nodes);
  dom.mapping.addEventListener('change', () => v.setMapping(dom.mapping.value));
  dom.as.addEventListener('change', () => v.setAs(Number(dom.as.value)));
  dom.information.addEventListener('change', () => v.setInformation(dom.information.checked));
  dom.informationLabel.hidden = !v.scene.gaps.length;
  let later = 0;
  dom.search.addEventListener('input', () => { clearTimeout(later); later = setTimeout(() => v.setQuery(dom.search.value), 120); });
  dom.search.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') { clearTimeout(later); v.setQuery(dom.search.value); v.step(e.shiftKey ? -1 : 1); }
    if (e.key === 'Escape') { dom.search.value = ''; v.setQuery(''); dom.stage.focus(); }
  });
  const verbs = { 'zoom-in': '+', 'zoom-out': '-', fit: '0', previous: ',', next: '.', 'previous-notable': 'p', 'next-notable': 'n', 'open-go': 'g', keys: '?' };
  for (const id in verbs) document.getElementById(id).addEventListener('click', () => keys[verbs[id]](v));
  for (const link of document.querySelectorAll('.skip')) {
    link.addEventListener('click', (e) => { e.preventDefault(); document.getElementById(link.dataset.to).focus(); });
  }
}

function wireDialogs(v) {
  const { dom } = v;
  for (const [key, words] of HELP) dom.helpKeys.append(element('dt', {}, key), element('dd', {}, words));
  dom.keysOn.addEventListener('change', () => { v.keysOn = dom.keysOn.checked; });
  dom.goForm.addEventListener('submit', (e) => {
    const i = parsePlace(v, dom.goText.value);
    dom.goError.textContent = i === NONE ? 'Want an event number such as 120, or a time such as 12.5ms.' : '';
    if (i === NONE) return e.preventDefault();
    v.select(i);
  });
  for (const close of document.querySelectorAll('[data-close]')) close.addEventListener('click', () => close.closest('dialog').close());
}

function openGo(v) {
  v.dom.goError.textContent = '';
  v.dom.goText.value = '';
  v.dom.go.showModal();
}

// parsePlace reads an event's number ("120", "#120") or a time ("12.5ms"), and returns the event there or next.
function parsePlace(v, text) {
  const m = text.trim().match(/^#?\s*([\d.]+)\s*(ns|us|µs|ms|s|m|h|d)?$/i);
  if (!m || Number.isNaN(Number(m[1]))) return NONE;
  if (!m[2]) return placeOf(v.r, Number(m[1]));
  const units = { ns: 1, us: 1e3, 'µs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86400e9 };
  const t = Number(m[1]) * units[m[2].toLowerCase()];
  for (let i = Math.max(0, lastAtOrBefore(v.r.time, t - 1) + 1); i < v.r.n; i++) if (v.shown[i]) return i;
  return NONE;
}
