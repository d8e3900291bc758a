// Messages: an arrow for each copy, in the look of its fate; where there are too many, how many there are.

const OPACITY = [0.16, 1, 0.92, 1]; // of the classes of events: three steps, and bands with borders beside
const PATH = 16; // arrows a path

// classColour is the colour of what is past, future, neither, or the selected event itself.
function classColour(v, cls) {
  return [v.theme.ink, v.theme.past, v.theme.future, v.theme.ink][cls];
}

function eventAlpha(v, i) {
  const alpha = v.cls ? OPACITY[v.cls[i]] : 1;
  return v.matches && !v.matches[i] ? alpha * 0.22 : alpha;
}

// messageClass is that of the relation a message carries: to the selected event, from it, or neither.
function messageClass(v, m) {
  if (!v.cls) return SELF;
  const start = m.send === NONE ? CONCURRENT : v.cls[m.send], end = m.end === NONE ? CONCURRENT : v.cls[m.end];
  if (end === PAST || (end === SELF && start === PAST)) return PAST;
  return start === SELF || start === FUTURE ? FUTURE : CONCURRENT;
}

// matched reports whether a message is not ruled out by a search.
const matched = (v, m) => !v.matches || (m.end !== NONE && v.matches[m.end] === 1) || (m.send !== NONE && v.matches[m.send] === 1);

// paintMessages draws the arrows, some of one look together: a path of very many lines is slow.
function paintMessages(v) {
  const looks = new Map(), labelled = v.visible.count <= ALL_LABELS;
  const look = (colour, alpha, dash, width) => {
    const key = colour + alpha + dash + width;
    let l = looks.get(key);
    if (!l || l.count === PATH) {
      if (l) strokeArrows(v.c, l);
      l = { colour, alpha, dash, width, lines: new Path2D(), heads: new Path2D(), count: 0 };
      looks.set(key, l);
    }
    l.count++;
    return l;
  };
  eachVisible(v.visibleMessages, (k) => {
    const m = v.scene.messages[k];
    const seenSend = m.send !== NONE && v.shown[m.send], seenEnd = m.end !== NONE && v.shown[m.end];
    if (!seenSend && !seenEnd) return;
    const s = segment(v, m);
    if (Math.max(s.x0, s.x1) < v.gutter - 30 || Math.min(s.x0, s.x1) > v.w + 30) return;
    paintMessage(v, m, s, look);
    if (labelled) labelMessage(v, m, s);
  });
  for (const l of looks.values()) strokeArrows(v.c, l);
  v.c.globalAlpha = 1;
}

function strokeArrows(c, l) {
  c.globalAlpha = l.alpha;
  c.strokeStyle = c.fillStyle = l.colour;
  c.lineWidth = l.width;
  c.setLineDash(l.dash);
  c.stroke(l.lines);
  c.setLineDash([]);
  c.fill(l.heads);
}

function paintMessage(v, m, s, look) {
  const cls = messageClass(v, m), t = v.theme;
  const one = m.end !== NONE ? m.end : m.send;
  let alpha = v.cls ? (cls === CONCURRENT ? 0.16 : 1) : 0.78;
  if (!matched(v, m)) alpha *= 0.22;
  const plain = m.lost ? t.lost : m.altered ? t.altered : t.ink;
  const colour = v.cls ? (cls === CONCURRENT ? plain : classColour(v, cls)) : plain;
  const dash = !s.whole ? [2, 3] : m.copy ? [7, 4] : [];
  const strong = v.cls && cls !== CONCURRENT && v.visibleMessages.count <= ALL_HEADS;
  const thin = v.visibleMessages.count > ALL_HEADS ? 1 / v.dpr : 1; // one pixel is many times faster than 1.3
  const l = look(colour, alpha, dash, strong ? 2 : thin);
  if (v.r.from[one] === v.r.to[one] && s.whole && !m.lost) {
    l.lines.moveTo(s.x0, s.y0);
    l.lines.bezierCurveTo(s.x0, s.y0 - 26, s.x1, s.y1 - 26, s.x1, s.y1 - 4);
    arrowHead(l.heads, s.x1 - 1, s.y1 - 20, s.x1, s.y1 - 4, 7);
    return;
  }
  if (m.altered) zigzag(l.lines, s.x0, s.y0, s.x1, s.y1);
  else { l.lines.moveTo(s.x0, s.y0); l.lines.lineTo(s.x1, s.y1); }
  if (m.lost || m.end === NONE || !v.shown[m.end] || v.visibleMessages.count > ALL_HEADS) return;
  const d = Math.hypot(s.x1 - s.x0, s.y1 - s.y0) || 1, back = 4 / d;
  const hx = s.x1 - (s.x1 - s.x0) * back, hy = s.y1 - (s.y1 - s.y0) * back;
  arrowHead(l.heads, s.x0, s.y0, hx, hy, 8);
  if (m.copy) { // a second head, before the first
    const behind = 13 / d;
    arrowHead(l.heads, s.x0, s.y0, s.x1 - (s.x1 - s.x0) * behind, s.y1 - (s.y1 - s.y0) * behind, 8);
  }
}

// paintClocks draws a clock at the head of each message that came after its sender had given up.
function paintClocks(v, t) {
  const c = v.c;
  eachVisible(v.visibleMessages, (k) => {
    const m = v.scene.messages[k];
    if (!m.late || !v.shown[m.end] || !v.shown[m.send]) return;
    const s = segment(v, m), d = Math.hypot(s.x1 - s.x0, s.y1 - s.y0) || 1, back = Math.min(0.5, 24 / d);
    c.globalAlpha = eventAlpha(v, m.end);
    c.strokeStyle = c.fillStyle = t.ink;
    c.lineWidth = 1.3;
    clockFace(c, s.x1 - (s.x1 - s.x0) * back, s.y1 - (s.y1 - s.y0) * back, 6);
  });
  c.globalAlpha = 1;
}

// paintDensity draws, where there are too many to tell apart, how many messages leave (above the lane) and arrive
// (below) a column of pixels.
function paintDensity(v) {
  const { r, c, theme: t } = v, width = Math.ceil(v.w) + 1;
  const up = Array.from({ length: r.nodes }, () => new Float32Array(width)), down = up.map(() => new Float32Array(width));
  const lit = up.map(() => new Uint8Array(width));
  let most = 1;
  eachVisible(v.visible, (i) => {
    const kind = r.kind[i];
    if ((kind !== SEND && kind !== DELIVER) || !v.shown[i] || r.node[i] < 0) return;
    const x = Math.round(xOf(v, v.scale.u[i]));
    if (x < v.gutter || x >= width) return;
    const column = (kind === SEND ? up : down)[r.node[i]];
    most = Math.max(most, ++column[x]);
    if (v.cls) lit[r.node[i]][x] |= v.cls[i] === PAST ? 1 : v.cls[i] === FUTURE ? 2 : 0;
  });
  const height = Math.min(v.gap * 0.42, 34);
  for (let j = 0; j < r.nodes; j++) {
    const y = laneY(v, j);
    for (let x = 0; x < width; x++) {
      if (!up[j][x] && !down[j][x]) continue;
      c.fillStyle = lit[j][x] & 1 ? t.past : lit[j][x] & 2 ? t.future : t.ink;
      c.globalAlpha = v.cls ? (lit[j][x] ? 0.85 : 0.2) : 0.6;
      const a = height * Math.sqrt(up[j][x] / most), b = height * Math.sqrt(down[j][x] / most);
      c.fillRect(x, y - a, 1, a + b);
    }
  }
  c.globalAlpha = 1;
}
