// The viewer: its state, what changes it, and its start.

const IDS = ['stage', 'minimap', 'legend', 'details', 'grid', 'rows', 'count', 'live', 'tip', 'mapping', 'as', 'information', 'search',
  'help', 'facts', 'notice'];

class Viewer {
  constructor(data) {
    this.r = readRecord(data);
    this.scene = makeScene(this.r);
    this.dom = findElements();
    this.c = this.dom.stage.getContext('2d');
    this.sel = this.hover = this.as = NONE;
    this.information = false;
    this.keysOn = true;
    this.query = '';
    this.matches = this.cls = null;
    this.coneSpans = [];
    this.trail = []; // what was chosen before
    this.shown = new Uint8Array(this.r.n).fill(1);
    this.roleNames = [...new Set(this.scene.roles.map((x) => x.role).filter(Boolean))];
    this.top = 0;
    this.frames = { count: 0, total: 0, longest: 0 };
    this.theme = readTheme();
  }

  start() {
    document.getElementById('title').textContent = this.r.head.title;
    this.dom.facts.textContent = runFacts(this.r);
    this.dom.notice.textContent = omissions(this.r);
    this.dom.notice.hidden = !this.dom.notice.textContent;
    wireControls(this);
    wireMinimap(this);
    wireTable(this);
    this.resize();
    this.applyScale(this.r.show.mapping);
    this.fit(true);
    if (this.r.show.to > 0 || this.r.show.from > 0) this.lookAtTimes(this.r.show.from, this.r.show.to || this.r.head.end);
    this.setAs(this.r.show.as);
    this.readHash();
    buildLegend(this);
    paintDetails(this);
    this.watch();
    this.draw();
  }

  // watch follows the window, the colour scheme and the address.
  watch() {
    new ResizeObserver(() => { if (this.resize()) this.draw(); }).observe(this.dom.stage);
    const retheme = () => { this.theme = readTheme(); buildLegend(this); this.ask(); };
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', retheme);
    addEventListener('hashchange', () => { if (location.hash !== this.hash) this.readHash(); });
    new ResizeObserver(() => paintRows(this)).observe(this.dom.grid);
  }

  // resize fits the canvas to its place, and reports whether that changed it.
  resize() {
    const { stage } = this.dom;
    const dpr = Math.min(3, devicePixelRatio || 1), w = Math.max(240, stage.clientWidth), h = Math.max(160, stage.clientHeight);
    if (dpr === this.dpr && w === this.w && h === this.h) return false;
    Object.assign(this, { dpr, w, h });
    stage.width = Math.round(w * dpr);
    stage.height = Math.round(h * dpr);
    this.gutter = gutterWidth(this);
    laneGeometry(this);
    return true;
  }

  // ask asks for a frame; many askings make one.
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.asked = false;
    const start = performance.now();
    laneGeometry(this);
    paint(this);
    paintMinimap(this);
    const took = performance.now() - start;
    this.frames.count++;
    this.frames.total += took;
    this.frames.longest = Math.max(this.frames.longest, took);
    document.body.dataset.drawn = String(this.frames.count);
  }

  // look shows the window from u0 to u1, kept within reason.
  look(u0, u1) {
    const whole = this.scale.hi - this.scale.lo, least = this.scale.steps ? 4 : Math.min(100, whole), centre = (u0 + u1) / 2;
    const span = Math.min(Math.max(u1 - u0, least), whole * 1.2);
    const middle = Math.min(Math.max(centre, this.scale.lo), this.scale.hi);
    this.u0 = middle - span / 2;
    this.u1 = middle + span / 2;
    this.writeHash();
    this.ask();
  }

  // glide is look in a short movement, or at once for those who want no movement.
  glide(u0, u1) {
    cancelAnimationFrame(this.gliding);
    this.gliding = 0;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches || this.u0 === undefined) return this.look(u0, u1);
    const from = [this.u0, this.u1], start = performance.now();
    const move = (now) => {
      const s = Math.min(1, (now - start) / 160), ease = 1 - (1 - s) * (1 - s);
      this.look(from[0] + (u0 - from[0]) * ease, from[1] + (u1 - from[1]) * ease);
      this.gliding = s < 1 ? requestAnimationFrame(move) : 0;
    };
    this.gliding = requestAnimationFrame(move);
  }

  fit(atOnce) {
    const pad = (this.scale.hi - this.scale.lo) * 0.025;
    this[atOnce ? 'look' : 'glide'](this.scale.lo - pad, this.scale.hi + pad);
  }

  zoom(factor, about) { this.look(about - (about - this.u0) * factor, about + (this.u1 - about) * factor); }

  zoomBy(factor) {
    const at = this.sel !== NONE ? this.scale.u[this.sel] : (this.u0 + this.u1) / 2;
    const about = at > this.u0 && at < this.u1 ? at : (this.u0 + this.u1) / 2;
    this.glide(about - (about - this.u0) * factor, about + (this.u1 - about) * factor);
  }

  pan(share) {
    const by = (this.u1 - this.u0) * share;
    this.look(this.u0 + by, this.u1 + by);
  }

  scrollLanes(by) { this.top += by * this.gap; this.ask(); }

  lookAtTimes(from, to) {
    const u = (t) => this.scale.place(0, t), pad = Math.max(1, u(to) - u(from)) * 0.02;
    this.look(u(from) - pad, Math.max(u(to), u(from) + 1) + pad);
  }

  // select chooses event i: its cone lights up, and it is announced, listed and brought into view.
  select(i, { scrollTable = true } = {}) {
    if (i < 0 || i >= this.r.n) return;
    if (!this.shown[i]) this.setAs(NONE);
    if (this.matches && !this.matches[i]) { this.dom.search.value = ''; this.setQuery(''); }
    if (this.sel !== NONE && this.sel !== i) this.trail.push(this.sel);
    this.sel = i;
    this.light();
    this.reveal(i);
    this.say(announcement(this.r, this.scene, i) + `. Past: ${this.cls.reduce((n, x) => n + (x === PAST), 0)}, future: ${this.cls.reduce((n, x) => n + (x === FUTURE), 0)} events.`);
    this.changed(scrollTable);
  }

  clear() {
    if (this.sel !== NONE) this.trail.push(this.sel);
    this.sel = NONE;
    this.light();
    this.say('Nothing chosen.');
    this.changed(false);
  }

  // back chooses again what was chosen before.
  back() {
    const i = this.trail.pop();
    if (i === undefined) return this.say('Nothing was chosen before.');
    const before = this.trail.length;
    this.select(i);
    this.trail.length = before;
  }

  // light computes the cone of the selected event.
  light() {
    const { r, scene, sel } = this;
    this.cls = sel === NONE ? null : cone(r, scene, sel, this.information);
    this.coneSpans = this.cls ? coneSpans(this) : [];
  }

  // changed brings all the other views of the selection up to date.
  changed(scrollTable) {
    const { dataset } = document.body;
    if (this.sel === NONE) delete dataset.selected; else dataset.selected = String(this.r.id[this.sel]);
    dataset.past = this.cls ? this.cls.reduce((n, x) => n + (x === PAST), 0) : '';
    dataset.future = this.cls ? this.cls.reduce((n, x) => n + (x === FUTURE), 0) : '';
    paintDetails(this);
    if (scrollTable) showRow(this); else paintRows(this);
    this.writeHash();
    this.ask();
  }

  // reveal moves the window so that event i is in it.
  reveal(i) {
    const u = this.scale.u[i], x = xOf(this, u), span = this.u1 - this.u0;
    if (x < this.gutter + 16 || x > this.w - RIGHT - 16) this.glide(u - span / 2, u + span / 2);
    if (this.r.node[i] === NOBODY) return;
    const y = laneY(this, this.r.node[i]);
    if (y < STRIP + 20) this.top -= STRIP + this.gap / 2 - y;
    if (y > this.h - AXIS - 20) this.top += y - (this.h - AXIS - this.gap / 2);
  }

  step(by) {
    const from = this.sel === NONE ? this.edge(by) : this.sel + by;
    this.go(from, by, (i) => !this.matches || this.matches[i]);
  }

  stepLane(by) {
    if (this.sel === NONE) return this.step(by);
    const lane = this.r.node[this.sel];
    this.go(this.sel + by, by, (i) => this.r.node[i] === lane);
  }

  stepNotable(by) { this.go(this.sel === NONE ? this.edge(by) : this.sel + by, by, (i) => this.scene.notable[i] === 1); }

  // edge is where stepping starts: at the start of what is in view, or at its end.
  edge(by) {
    for (let k = 0; k < this.r.n; k++) {
      const i = by > 0 ? k : this.r.n - 1 - k;
      if (this.scale.u[i] >= this.u0 && this.scale.u[i] <= this.u1) return i;
    }
    return by > 0 ? 0 : this.r.n - 1;
  }

  go(from, by, wanted) {
    for (let i = from; i >= 0 && i < this.r.n; i += by) if (this.shown[i] && wanted(i)) return this.select(i);
    this.say(by > 0 ? 'No later one.' : 'No earlier one.');
  }

  // follow goes along a message, to its receiver (1) or back to its sender (-1); on a handler, along the first it sent.
  follow(way) {
    const { r, scene, sel } = this;
    if (sel === NONE) return this.step(1);
    let to = NONE;
    if (way < 0) to = isMessage(r.kind[sel]) && r.kind[sel] !== SEND ? r.link[sel] : scene.handler[sel] !== NONE ? r.link[scene.handler[sel]] : NONE;
    else if (r.kind[sel] === SEND) to = scene.linked(sel).find((j) => this.shown[j]) ?? NONE;
    else to = scene.effects(sel).find((j) => r.kind[j] === SEND && this.shown[j]) ?? NONE;
    this.jumpTo(to, way > 0 ? 'No message to follow to its receiver.' : 'No message to follow back.');
  }

  toCause() { if (this.sel !== NONE) this.jumpTo(this.scene.causeOf[this.sel], 'No recorded cause.'); }

  toEffect() {
    if (this.sel !== NONE) this.jumpTo(this.scene.effects(this.sel).find((j) => this.shown[j]) ?? NONE, 'No effect.');
  }

  jumpTo(i, otherwise) { if (i !== NONE && this.shown[i]) this.select(i); else this.say(otherwise); }

  say(words) { this.dom.live.textContent = words; }

  setMapping(mapping) {
    const old = this.scale, whole = !old || this.u1 - this.u0 >= (old.hi - old.lo) * 0.98;
    const times = old && [old.tick(this.u0), old.tick(this.u1)];
    this.applyScale(mapping);
    if (whole) this.fit(true); else this.lookAtTimes(...times);
    if (this.sel !== NONE) this.reveal(this.sel);
    this.say('Time: ' + this.scale.title + '.');
  }

  applyScale(mapping) {
    const known = MAPPINGS.some(([name]) => name === mapping) || (/^clock-\d+$/.test(mapping) && Number(mapping.slice(6)) < this.r.nodes);
    this.scale = makeScale(this.r, this.scene, known ? mapping : 'true');
    this.dom.mapping.value = this.scale.mapping;
    const { scale, scene, r } = this, u = scale.u;
    this.eventBlocks = blocks(r.n, (i) => u[i], (i) => u[i]);
    const start = (m) => m.send !== NONE ? u[m.send] : u[m.end];
    const end = (m) => m.end === NONE ? start(m) : m.lost ? Math.max(start(m), scale.place(r.to[m.end], r.at[m.end])) : u[m.end];
    const list = scene.messages;
    this.messageBlocks = blocks(list.length, (k) => Math.min(start(list[k]), end(list[k])), (k) => Math.max(start(list[k]), end(list[k])));
    this.minimapPicture = null;
    document.body.dataset.mapping = this.scale.mapping;
  }

  // setAs shows only what node j can know: the causal past of its last event; everything for NONE.
  setAs(j) {
    this.as = j >= 0 && j < this.r.nodes ? j : NONE;
    this.shown = this.as === NONE ? new Uint8Array(this.r.n).fill(1) : knownTo(this.r, this.scene, this.as, this.r.show.to || Infinity);
    this.dom.as.value = String(this.as);
    document.body.dataset.as = String(this.as);
    if (this.sel !== NONE && !this.shown[this.sel]) this.sel = NONE;
    this.minimapPicture = null;
    this.light();
    buildRows(this);
    this.changed(true);
  }

  setInformation(on) {
    this.information = on;
    this.dom.information.checked = on;
    this.light();
    this.changed(false);
  }

  setQuery(text) {
    search(this, text);
    buildRows(this);
    this.say(this.matches ? this.dom.count.textContent + ' match.' : '');
    this.changed(true);
  }

  // writeHash keeps what is shown in the address, so that it can be shared.
  writeHash() {
    if (!this.ready) return;
    const p = new URLSearchParams();
    if (this.sel !== NONE) p.set('at', String(this.sel));
    if (this.scale.mapping !== 'true') p.set('time', this.scale.mapping);
    if (this.as !== NONE) p.set('as', String(this.as));
    if (this.information) p.set('information', '1');
    if (this.query) p.set('q', this.query);
    p.set('from', String(Math.round(this.u0 * 1000) / 1000));
    p.set('to', String(Math.round(this.u1 * 1000) / 1000));
    this.hash = '#' + p;
    clearTimeout(this.hashLater);
    this.hashLater = setTimeout(() => history.replaceState(null, '', this.hash), 80);
  }

  readHash() {
    this.ready = false;
    const p = new URLSearchParams(location.hash.slice(1));
    if (p.get('time')) { this.applyScale(p.get('time')); this.fit(true); }
    if (p.get('as')) this.setAs(Number(p.get('as')));
    if (p.get('information')) this.setInformation(true);
    if (p.get('q')) { this.dom.search.value = p.get('q'); this.setQuery(p.get('q')); }
    const at = Number(p.get('at') ?? NaN);
    if (Number.isInteger(at)) this.select(at);
    const from = Number(p.get('from') ?? NaN), to = Number(p.get('to') ?? NaN);
    if (to > from && Number.isFinite(to - from)) this.look(from, to);
    this.ready = true;
  }
}

function findElements() {
  const dom = {};
  for (const id of IDS) dom[id] = document.getElementById(id);
  const more = { legendBox: 'legend-box', informationLabel: 'information-label', helpKeys: 'help-keys', keysOn: 'keys-on', go: 'go-dialog', goForm: 'go-form', goText: 'go-text', goError: 'go-error' };
  for (const name in more) dom[name] = document.getElementById(more[name]);
  return dom;
}

// The face that tests and the console see: events by their place in the record, or by number where it says id.
function publish(v, started) {
  const places = (cls) => v.cls ? [...v.cls.keys()].filter((i) => v.cls[i] === cls) : [];
  window.lightcone = {
    select: (id) => v.select(placeOf(v.r, id)),
    selectAt: (i) => v.select(i),
    clear: () => v.clear(),
    selected: () => v.sel,
    past: () => places(PAST),
    future: () => places(FUTURE),
    shown: () => [...v.shown.keys()].filter((i) => v.shown[i]),
    point: (i) => { const b = v.dom.stage.getBoundingClientRect(), [x, y] = eventPoint(v, i); return [b.left + x, b.top + y]; },
    fit: () => v.fit(true),
    window: () => [v.u0, v.u1],
    hash: () => v.hash,
    moving: () => Boolean(v.gliding),
    redraw: () => { v.draw(); return v.frames; },
    frames: () => v.frames,
    loaded: performance.now() - started,
  };
}

const started = performance.now();
const viewer = new Viewer(JSON.parse(document.getElementById('data').textContent));
viewer.start();
publish(viewer, started);
document.body.dataset.ready = 'true';
