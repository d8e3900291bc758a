// Labels: text on the stage that never overlaps other text or a glyph. The most important come first; what finds no
// room is left out, and the details say it.

function newLabels(v) {
  const list = [], taken = [];
  return {
    list, taken,
    // add asks for text at (x, y). Options: align, weight, colour, alpha, priority, box (an outline), clamp (keep
    // inside the stage), within (leave it out if it is wider), or (other places to try: [x, y, align]).
    add(x, y, text, options) {
      if (text && x > v.gutter - 100 && x < v.w + 100) list.push(Object.assign({ places: [[x, y], ...(options.or || [])], text, priority: 0 }, options));
    },
    // reserve keeps text off a glyph.
    reserve(x, y, radius) { taken.push([x - radius, y - radius, x + radius, y + radius]); },
  };
}

// drawLabels writes them, but for those above top.
function drawLabels(v, top) {
  const c = v.c, t = v.theme, { list, taken } = v.labels;
  const order = list.map((l, k) => ({ l, k })).sort((a, b) => b.l.priority - a.l.priority || a.k - b.k);
  c.textBaseline = 'middle';
  c.lineJoin = 'round';
  for (const { l } of order) {
    c.font = `${l.weight || 400} 12px ${t.font}`;
    const width = c.measureText(l.text).width;
    if (l.within !== undefined && width > l.within) continue;
    const boxes = l.places.map((place) => labelBox(v, l, place, width)).filter((b) => b[1] >= top - 4 && (l.must || b[0] >= v.gutter - 12));
    const box = boxes.find((b) => !taken.some((o) => b[0] < o[2] && b[2] > o[0] && b[1] < o[3] && b[3] > o[1])) || (l.must && boxes[0]);
    if (!box) continue;
    taken.push(box);
    drawLabel(c, t, l, box);
  }
}

function labelBox(v, l, [x, y, align = l.align], width) {
  const pad = l.box ? 8 : 3, half = l.box ? 12 : 8;
  let left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
  const centred = align !== 'left' && align !== 'right';
  if (l.clamp || (centred && x > v.gutter && x < v.w)) left = Math.max(v.gutter + pad, Math.min(left, v.w - width - pad - 4));
  return [left - pad, y - half, left + width + pad, y + half];
}

function drawLabel(c, t, l, box) {
  const left = box[0] + (l.box ? 8 : 3), y = (box[1] + box[3]) / 2;
  c.textAlign = 'left';
  c.globalAlpha = l.alpha ?? 1;
  if (l.box) {
    c.beginPath();
    c.roundRect(box[0], box[1], box[2] - box[0], box[3] - box[1], 5);
    c.fillStyle = t.bg;
    c.fill();
    c.strokeStyle = l.box;
    c.lineWidth = 1.5;
    c.stroke();
  } else {
    c.strokeStyle = t.bg;
    c.lineWidth = 4;
    c.strokeText(l.text, left, y);
  }
  c.fillStyle = l.colour || t.ink;
  c.fillText(l.text, left, y);
  c.globalAlpha = 1;
}

// labelMessage writes a message on its arrow, and the cause at the cross of a lost one.
function labelMessage(v, m, s) {
  const faded = messageClass(v, m) === CONCURRENT || !matched(v, m);
  const alpha = faded ? 0.3 : 1;
  const chosen = v.sel !== NONE && (m.end === v.sel || m.send === v.sel);
  if (m.lost && v.shown[m.end]) {
    v.labels.add(s.x1 + 10, s.y1, v.r.causes[v.r.cause[m.end]], 
      { align: 'left', weight: 600, priority: 7, alpha, must: !faded, or: [[s.x1, s.y1 - 17, 'left'], [s.x1 - 10, s.y1, 'right'], [s.x1, s.y1 + 17, 'left'], [s.x1 + 10, s.y1 - 24, 'left']] });
  }
  if (faded || Math.hypot(s.x1 - s.x0, s.y1 - s.y0) < 44) return;
  const along = (share) => [s.x0 + (s.x1 - s.x0) * share, s.y0 + (s.y1 - s.y0) * share];
  v.labels.add(...along(0.42), messageWords(v.r, m),
    { priority: chosen ? 8 : 1, alpha, or: [along(0.6), along(0.28)] });
}

// labelEvent writes beside its glyph what an event says that its shape does not.
function labelEvent(v, i, x, y) {
  const { r } = v, kind = r.kind[i], alpha = eventAlpha(v, i) < 0.5 ? 0.35 : 1;
  if (kind === NOTE) v.labels.add(x + 9, y, valueText(r, i) || textOf(r, i), { align: 'left', priority: 3, alpha });
  if (kind === WALL_STEPPED) v.labels.add(x + 11, y, signedDuration(r.step[i]), { align: 'left', weight: 600, priority: 7, alpha, must: true, or: [[x - 11, y, 'right'], [x, y - 16, 'center']] });
  if (kind === WRITE_LOST) v.labels.add(x + 10, y, ['lost', 'kept', 'torn'][r.fate[i]] || '', { align: 'left', weight: 600, priority: 7, alpha, must: true, or: [[x - 10, y, 'right'], [x, y + 16, 'center']] });
  if (kind === CUSTOM) v.labels.add(x + 10, y, textOf(r, i), { align: 'left', priority: 6, alpha });
  if (kind === PERSIST) v.labels.add(x + 8, y, textOf(r, i), { align: 'left', priority: 2, alpha, colour: v.theme.muted });
}
