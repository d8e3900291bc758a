// Painting: the stage, from the back to the front. v is the viewer's state (viewer.js); c its canvas context.

// paint draws the stage.
function paint(v) {
  const c = v.c;
  c.setTransform(v.dpr, 0, 0, v.dpr, 0, 0);
  c.canvasColour = v.theme.bg;
  c.fillStyle = v.theme.bg;
  c.fillRect(0, 0, v.w, v.h);
  c.font = '12px ' + v.theme.font;
  v.visible = visibleBlocks(v.eventBlocks, v);
  v.visibleMessages = visibleBlocks(v.messageBlocks, v);
  v.labels = newLabels(v);
  paintAxis(v);
  c.save();
  c.beginPath();
  const top = v.maxTop > 0 ? STRIP - 4 : 0;
  c.rect(v.gutter - 8, top, v.w - v.gutter + 8, v.h - AXIS - top);
  c.clip();
  paintCuts(v);
  paintCone(v);
  paintLanes(v);
  if (crowded(v)) paintDensity(v);
  else {
    if (v.visible.count <= ALL_LABELS * 2) paintTimers(v);
    paintMessages(v);
  }
  paintEvents(v);
  paintMarks(v);
  paintFocus(v);
  drawLabels(v, top);
  c.restore();
  paintStrip(v);
  paintGutter(v);
}

function paintAxis(v) {
  const c = v.c, t = v.theme, y = v.h - AXIS;
  const step = axisStep(v), apart = Math.max(1, (tickTime(v, v.u1) - tickTime(v, v.u0)) * step / (v.u1 - v.u0) / 2);
  c.lineWidth = 1;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  for (let u = Math.ceil(v.u0 / step) * step, left = 200; u <= v.u1 && left > 0; u += step, left--) {
    const x = Math.round(xOf(v, u)) + 0.5;
    if (x < v.gutter - 4) continue;
    c.strokeStyle = t.grid;
    c.beginPath(); c.moveTo(x, STRIP - 4); c.lineTo(x, y); c.stroke();
    c.fillStyle = t.muted;
    const text = tickWords(v, u, apart);
    const half = c.measureText(text).width / 2;
    c.fillText(text, Math.max(v.gutter - 6 + half, Math.min(x, v.w - half - 4)), y + 15);
  }
  c.strokeStyle = t.line;
  c.beginPath(); c.moveTo(v.gutter, y + 0.5); c.lineTo(v.w, y + 0.5); c.stroke();
}

function axisStep(v) {
  return Math.max(1, niceStep((v.u1 - v.u0) * 112 / (v.w - v.gutter - RIGHT)));
}

// tickTime is the time that the axis writes at place u.
const tickTime = (v, u) => v.scale.steps ? v.scale.tick(Math.min(Math.max(u, v.scale.lo), v.scale.hi)) : u;

function tickWords(v, u, apart) {
  const t = tickTime(v, u);
  return t === 0 ? '0' : graded(t, apart);
}

// paintGutter writes the names of the lanes.
function paintGutter(v) {
  const c = v.c, t = v.theme;
  c.fillStyle = t.bg;
  c.fillRect(0, 0, v.gutter - 8, v.h);
  c.textAlign = 'left';
  c.textBaseline = 'middle';
  for (let j = 0; j < v.r.nodes; j++) {
    const y = laneY(v, j), name = v.r.head.lanes && v.r.head.lanes[j];
    if (y < STRIP - 6 || y > v.h - AXIS) continue;
    c.fillStyle = v.as === j ? t.past : t.ink;
    c.font = '600 14px ' + t.font;
    c.fillText(nodeName(j), 14, name ? y - 8 : y);
    if (!name) continue;
    c.fillStyle = t.muted;
    c.font = '12px ' + t.font;
    c.fillText(name, 14, y + 9, v.gutter - 28);
  }
  c.font = '12px ' + t.font;
  c.fillStyle = t.muted;
  c.fillText(v.scale.mapping === 'rank' ? 'order' : 'time', 14, v.h - AXIS + 15);
  if (v.maxTop > 0) paintScroll(v);
}

// paintScroll shows which of the lanes are in view, where not all are.
function paintScroll(v) {
  const c = v.c, room = v.h - STRIP - AXIS, all = v.gap * v.r.nodes;
  c.globalAlpha = 0.5;
  c.fillStyle = v.theme.muted;
  c.beginPath();
  c.roundRect(v.w - 8, STRIP + v.top / all * room, 4, Math.max(12, room / all * room), 2);
  c.fill();
  c.globalAlpha = 1;
}
