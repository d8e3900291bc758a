// Events: their glyphs, on the lanes and above them, and what points some of them out.

// inStrip tells the events of the whole system: on no lane, and no lost message.
const inStrip = (r, i) => r.node[i] === NOBODY && r.kind[i] !== DROP;

// paintStrip draws over the lanes what happens to the whole system.
function paintStrip(v) {
  const { r, c, theme: t } = v;
  v.labels = newLabels(v);
  c.save();
  c.beginPath();
  c.rect(v.gutter - 8, 0, v.w - v.gutter + 8, STRIP);
  c.clip();
  for (const { from, to, words } of v.cutLabels) {
    const middle = (from + to) / 2, or = [[from, 12, 'left'], [to, 12, 'right'], [middle, 26], [from, 26, 'left'], [to, 26, 'right']];
    v.labels.add(middle, 12, words, { priority: 9, clamp: true, or });
  }
  eachVisible(v.visible, (i) => {
    if (!v.shown[i] || !inStrip(r, i)) return;
    const [x, y] = eventPoint(v, i);
    c.globalAlpha = eventAlpha(v, i);
    c.strokeStyle = c.fillStyle = t.ink;
    c.lineWidth = 1.8;
    glyphs[r.kind[i]](c, x, y);
    v.labels.reserve(x, y, 6);
    if (r.kind[i] === CUSTOM) labelEvent(v, i, x, y);
    if (i === v.sel) ring(c, [x, y], 9, t.focus, 3);
  });
  c.globalAlpha = 1;
  drawLabels(v, 0);
  c.restore();
}

// paintEvents draws the glyphs: the effects of a handler first, so that it stands on them, and what is notable last.
function paintEvents(v) {
  const { r, c, theme: t } = v, dense = crowded(v), late = [];
  const dots = [0, 1, 2, 3].map(() => new Path2D()); // of each class: the plain events, where there are many
  const dot = (i) => {
    const x = xOf(v, v.scale.u[i]);
    if (x < v.gutter - 4 || x > v.w + 4 || (v.matches && !v.matches[i])) return;
    dots[v.cls ? v.cls[i] : SELF].rect(x - 1.5, laneY(v, r.node[i]) - 3, 3, 6);
  };
  const many = v.visible.count > 2 * ALL_LABELS;
  const draw = (i) => {
    const kind = r.kind[i], [x, y] = eventPoint(v, i);
    if (x < v.gutter - 20 || x > v.w + 20 || y < -20 || y > v.h - AXIS + 20) return;
    if (kind === BADGE && (!v.scene.notable[i] || (!many && hidesHandler(v, i)))) return; // the lane has its letter
    c.globalAlpha = eventAlpha(v, i);
    c.strokeStyle = c.fillStyle = glyphColour(v, i);
    c.lineWidth = isFault(kind) ? 2 : 1.5;
    glyphs[kind]?.(c, x, y);
    if (v.visible.count > ALL_LABELS) return;
    v.labels.reserve(x, y, kind === CRASHED ? 7 : 5);
    labelEvent(v, i, x, y);
  };
  eachVisible(v.visible, (i) => {
    if (!v.shown[i] || inStrip(r, i)) return;
    if (v.scene.notable[i]) late.push(i);
    else if (many && !dense) dot(i);
    else if (!dense) {
      if (isHandler(r.kind[i])) late.push(i);
      else draw(i);
    }
  });
  dots.forEach((path, cls) => {
    c.globalAlpha = v.cls ? OPACITY[cls] : 1;
    c.fillStyle = classColour(v, cls);
    c.fill(path);
  });
  late.forEach(draw);
  c.globalAlpha = 1;
  if (!dense) paintClocks(v, t);
}

// hidesHandler reports whether the glyph of a change of role would stand on that of the handler that changed it.
function hidesHandler(v, i) {
  const h = v.scene.handler[i];
  return h !== NONE && v.shown[h] && Math.abs(xOf(v, v.scale.u[i]) - xOf(v, v.scale.u[h])) < 6;
}

function glyphColour(v, i) {
  const t = v.theme, kind = v.r.kind[i];
  if (v.cls && v.cls[i] !== CONCURRENT && v.cls[i] !== SELF) return classColour(v, v.cls[i]);
  if (kind === DROP || kind === WRITE_LOST) return t.lost;
  if (kind === CRASHED) return t.lost;
  return kind === TIMER_SET || kind === TIMER_STOPPED ? t.muted : t.ink;
}

// paintMarks rings what the maker of the page points out, joins it, and writes the caption.
function paintMarks(v) {
  const c = v.c, t = v.theme;
  for (const mark of v.r.show.marks) {
    const points = mark.events.filter((i) => v.shown[i]).map((i) => eventPoint(v, i));
    if (!points.length) continue;
    c.strokeStyle = t.mark;
    c.lineWidth = 2.5;
    for (const [x, y] of points) { disc(c, x, y, 10); c.stroke(); }
    c.setLineDash([3, 3]);
    c.lineWidth = 1.5;
    c.beginPath();
    points.forEach(([x, y], i) => i ? c.lineTo(x, y) : c.moveTo(x, y));
    c.stroke();
    c.setLineDash([]);
    const middle = points.reduce((sum, p) => sum + p[0], 0) / points.length;
    const top = Math.min(...points.map((p) => p[1])), bottom = Math.max(...points.map((p) => p[1]));
    const places = [bottom + 30, top - 30, (top + bottom) / 2, bottom + 54].map((y) => [middle, y]);
    v.labels.add(...places[0], mark.caption, { priority: 10, weight: 600, box: t.mark, clamp: true, must: true, or: places.slice(1) });
  }
}

// paintFocus rings the event under the pointer and the selected one.
function paintFocus(v) {
  const c = v.c, t = v.theme;
  if (v.hover !== NONE && v.shown[v.hover]) ring(c, eventPoint(v, v.hover), 9, t.muted, 1.5);
  if (v.sel !== NONE && v.shown[v.sel]) {
    const p = eventPoint(v, v.sel);
    ring(c, p, 9.5, t.bg, 6);
    ring(c, p, 9.5, t.focus, 3);
  }
}

function ring(c, [x, y], radius, colour, width) {
  c.strokeStyle = colour;
  c.lineWidth = width;
  disc(c, x, y, radius);
  c.stroke();
}
