// The legend: every shape that occurs in this run, and no other.

function buildLegend(v) {
  const { r, dom } = v;
  dom.legend.replaceChildren();
  dom.legendBox.hidden = !r.show.legend;
  for (const [name, occurs, draw] of legendEntries(v)) {
    if (!occurs) continue;
    const item = element('li', { class: 'key' });
    item.append(swatch(v, draw), element('span', {}, name));
    dom.legend.append(item);
  }
}

function legendEntries(v) {
  const { r, scene, theme: t } = v;
  const has = (kind) => r.kind.includes(kind);
  const some = (f) => scene.messages.some(f);
  const glyph = (kind, colour) => (c) => { c.strokeStyle = c.fillStyle = colour || t.ink; c.lineWidth = 1.6; glyphs[kind](c, 20, 11); };
  return [
    ['message received', some((m) => m.end !== NONE && !m.lost && !m.copy), legendArrow(t.ink, [])],
    ['lost, where and why', some((m) => m.lost), (c) => { legendLine(c, t.lost, [], 26); c.lineWidth = 2; cross(c, 28, 11, 4.5); }],
    ['on its way at the end', some((m) => m.end === NONE), (c) => legendLine(c, t.ink, [2, 3], 34)],
    ['duplicate', some((m) => m.copy > 0 && !m.lost), legendArrow(t.ink, [5, 3], true)],
    ['altered, or a lie', some((m) => m.altered), (c) => { legendZigzag(c, t.altered); }],
    ['late: its sender had given up', some((m) => m.late), (c) => { legendArrow(t.ink, [])(c); c.lineWidth = 1.2; clockFace(c, 18, 11, 5.5); }],
    ['handles a message', has(DELIVER), glyph(DELIVER)],
    ['sends', has(SEND), glyph(SEND)],
    ['starts', has(INIT), glyph(INIT)],
    ['timer, fires', scene.timers.some((x) => x.fired), (c) => { c.strokeStyle = c.fillStyle = t.muted; hook(c, 6, 32, 17, true, true); glyphs[TIMEOUT](c, 32, 17); }],
    ['timer, stopped', scene.timers.some((x) => x.end !== NONE && !x.fired), (c) => { c.strokeStyle = t.muted; hook(c, 6, 30, 17, true, false); }],
    ['timer, pending or forgotten', scene.timers.some((x) => x.end === NONE), (c) => { c.strokeStyle = t.muted; hook(c, 6, 32, 17, false, false); }],
    ['timer fires', has(TIMEOUT) && !scene.timers.length, glyph(TIMEOUT)],
    ['writes; the write is durable', has(PERSIST), (c) => { c.strokeStyle = c.fillStyle = t.ink; glyphs[PERSIST](c, 10, 11); glyphs[DURABLE](c, 28, 11); }],
    ['write hit by a crash', has(WRITE_LOST), glyph(WRITE_LOST, t.lost)],
    ['notes', has(NOTE), glyph(NOTE)],
    ['role: thick lane, letter', scene.roles.some((x) => x.role), (c) => { c.fillStyle = t.roles[0]; c.fillRect(4, 6, 32, 9); c.fillStyle = t.ink; c.font = '600 10px ' + t.font; c.fillText(scene.roles.find((x) => x.role).role[0].toUpperCase(), 16, 14); }],
    ['role changes', scene.roles.some((x) => x.first), glyph(BADGE)],
    ['crash: volatile state is lost', has(CRASHED), (c) => legendGap(c, t, false)],
    ['crash, durable state survives', scene.gaps.some((g) => g.durable), (c) => legendGap(c, t, true)],
    ['recovers', has(RECOVERED), glyph(RECOVERED)],
    ['paused', has(PAUSED), (c) => { c.strokeStyle = t.ink; c.lineWidth = 2.5; c.lineCap = 'round'; legendLine(c, t.ink, [0.1, 6], 36); c.lineCap = 'butt'; }],
    ['partition: side A, side B', has(CUT_MADE), (c) => { c.fillStyle = t.cut; c.globalAlpha = t.bandAlpha; c.fillRect(6, 2, 28, 18); c.globalAlpha = 1; c.strokeStyle = t.cutLine; c.setLineDash([4, 3]); c.beginPath(); c.moveTo(6, 2); c.lineTo(6, 20); c.moveTo(34, 2); c.lineTo(34, 20); c.stroke(); c.setLineDash([]); }],
    ['partition begins, heals', has(CUT_MADE), (c) => { c.strokeStyle = t.ink; glyphs[CUT_MADE](c, 10, 11); glyphs[CUT_HEALED](c, 29, 11); }],
    ['wall clock is stepped', has(WALL_STEPPED), glyph(WALL_STEPPED)],
    ['another intervention', has(CUSTOM), glyph(CUSTOM)],
    ['very many: sent above, received below', scene.messages.length > ALL_ARROWS, (c) => { c.fillStyle = t.ink; [3, 6, 5, 8, 4, 6].forEach((h, k) => c.fillRect(6 + 5 * k, 11 - h, 3, 2 * h - k % 3)); }],
    ['pointed out', r.show.marks.some((m) => m.events.length), (c) => { c.strokeStyle = t.mark; c.lineWidth = 2.5; disc(c, 20, 11, 7); c.stroke(); }],
    ['past of the selected event', true, (c) => legendBand(c, t.past, [])],
    ['future of the selected event', true, (c) => legendBand(c, t.future, [4, 3])],
  ];
}

function swatch(v, draw) {
  const canvas = element('canvas', { width: 40 * v.dpr, height: 22 * v.dpr, 'aria-hidden': 'true', class: 'swatch' });
  const c = canvas.getContext('2d');
  c.scale(v.dpr, v.dpr);
  c.canvasColour = v.theme.panel;
  c.lineWidth = 1.5;
  c.textBaseline = 'alphabetic';
  draw(c);
  return canvas;
}

function legendLine(c, colour, dash, to) {
  c.strokeStyle = colour;
  c.setLineDash(dash);
  c.beginPath(); c.moveTo(4, 11); c.lineTo(to, 11); c.stroke();
  c.setLineDash([]);
}

const legendArrow = (colour, dash, double) => (c) => {
  legendLine(c, colour, dash, 32);
  c.fillStyle = colour;
  c.beginPath();
  arrowHead(c, 4, 11, 37, 11, 8);
  if (double) arrowHead(c, 4, 11, 28, 11, 8);
  c.fill();
};

function legendZigzag(c, colour) {
  c.strokeStyle = c.fillStyle = colour;
  c.beginPath(); zigzag(c, 4, 11, 30, 11); c.stroke();
  c.beginPath(); arrowHead(c, 4, 11, 37, 11, 8); c.fill();
}

function legendGap(c, t, durable) {
  c.strokeStyle = t.crash;
  c.save();
  c.beginPath(); c.rect(4, 3, 32, 16); c.clip();
  c.lineWidth = 1;
  c.beginPath();
  for (let x = -12; x < 40; x += 6) { c.moveTo(x, 19); c.lineTo(x + 16, 3); }
  c.stroke();
  c.restore();
  c.strokeRect(4, 3, 32, 16);
  if (!durable) return;
  c.fillStyle = t.panel;
  disc(c, 20, 11, 8); c.fill();
  c.fillStyle = c.strokeStyle = t.ink;
  disk(c, 20, 11, 5); hollow(c);
}

function legendBand(c, colour, dash) {
  c.beginPath(); c.roundRect(4, 3, 32, 16, 4);
  c.globalAlpha = 0.12; c.fillStyle = colour; c.fill();
  c.globalAlpha = 1; c.strokeStyle = colour; c.setLineDash(dash); c.stroke(); c.setLineDash([]);
}
