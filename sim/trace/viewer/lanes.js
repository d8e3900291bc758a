// Lanes: the lines, and what lasts for a time on them: partitions, the cone, roles, pauses, gaps, timers.

// paintCone draws the past and the future of the selected event as bands along the lanes, one with a solid border, one
// dashed.
function paintCone(v) {
  if (!v.cls) return;
  const c = v.c, t = v.theme, half = Math.min(17, v.gap * 0.3);
  for (const span of v.coneSpans) {
    const y = laneY(v, span.node);
    const a = Math.max(v.gutter - 20, xOf(v, v.scale.u[span.start]) - 9), b = Math.min(v.w + 20, xOf(v, v.scale.u[span.end]) + 9);
    if (b < v.gutter || a > v.w) continue;
    const colour = span.cls === PAST ? t.past : t.future;
    c.beginPath();
    c.roundRect(a, y - half, b - a, 2 * half, 6);
    c.globalAlpha = 0.1;
    c.fillStyle = colour;
    c.fill();
    c.globalAlpha = 0.8;
    c.strokeStyle = colour;
    c.lineWidth = 1.25;
    c.setLineDash(span.cls === PAST ? [] : [5, 4]);
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = 1;
  }
}

function paintLanes(v) {
  const c = v.c, t = v.theme;
  for (let j = 0; j < v.r.nodes; j++) {
    const y = Math.round(laneY(v, j)) + 0.5;
    if (y < STRIP - v.gap || y > v.h) continue;
    c.strokeStyle = t.lane;
    c.lineWidth = 1.5;
    c.beginPath(); c.moveTo(v.gutter - 8, y); c.lineTo(laneEnd(v), y); c.stroke();
  }
  for (const role of v.scene.roles) paintRole(v, role);
  for (const pause of v.scene.pauses) if (v.as === NONE || v.shown[pause.start]) paintPause(v, pause);
  for (const gap of v.scene.gaps) if (v.as === NONE || v.shown[gap.start]) paintGap(v, gap);
}

const laneEnd = (v) => Math.min(v.w, xOf(v, v.scale.hi) + 8);

function spanEnds(v, span) {
  const a = xOf(v, v.scale.u[span.start]), b = span.end === NONE || !v.shown[span.end] ? laneEnd(v) : xOf(v, v.scale.u[span.end]);
  return [Math.max(a, v.gutter - 30), Math.min(b, v.w + 30), laneY(v, span.node)];
}

// paintRole draws the stretch of a role as a thick lane with its letter and text.
function paintRole(v, role) {
  const c = v.c, t = v.theme, [a, b, y] = spanEnds(v, role);
  if (b < v.gutter || a > v.w || !v.shown[role.start]) return;
  if (role.role) {
    c.globalAlpha = v.cls ? 0.45 : 0.75;
    c.fillStyle = t.roles[v.roleNames.indexOf(role.role) % t.roles.length];
    c.fillRect(a, y - 4.5, b - a, 9);
    c.globalAlpha = 1;
  }
  const x = Math.max(a, v.gutter - 8) + 6, letter = role.role && role.role[0].toUpperCase();
  if (letter && (role.first || a < v.gutter)) {
    v.labels.add(x, y + 15, letter, { align: 'left', weight: 700, priority: 6, must: true, or: [[x + 1, y - 14], [x + 1, y + 28]] });
  }
  v.labels.add(letter ? x + 16 : x, y + 15, role.text, { align: 'left', priority: 0.5, colour: t.muted, within: b - a - 24, or: [[letter ? x + 16 : x, y - 14]] });
}

function paintPause(v, pause) {
  const c = v.c, t = v.theme, [a, b, y] = spanEnds(v, pause);
  if (b < v.gutter || a > v.w) return;
  c.fillStyle = t.bg;
  c.fillRect(a, y - 5, b - a, 10);
  c.strokeStyle = t.ink;
  c.lineWidth = 2.5;
  c.lineCap = 'round';
  c.setLineDash([0.1, 7]);
  c.beginPath(); c.moveTo(a + 9, y); c.lineTo(b - 9, y); c.stroke();
  c.setLineDash([]);
  c.lineCap = 'butt';
  if (b - a > 70) v.labels.add((Math.max(a, v.gutter) + Math.min(b, v.w)) / 2, y - 12, 'paused', { colour: t.muted, priority: 5 });
}

// paintGap draws the time that a node is down: volatile state is gone; a disk says that something durable was left.
function paintGap(v, gap) {
  const c = v.c, t = v.theme, [a, b, y] = spanEnds(v, gap);
  if (b < v.gutter || a > v.w) return;
  const half = Math.min(11, v.gap * 0.22);
  c.fillStyle = t.bg;
  c.fillRect(a, y - half, b - a, 2 * half);
  c.save();
  c.beginPath();
  c.rect(a, y - half, b - a, 2 * half);
  c.clip();
  c.strokeStyle = t.crash;
  c.lineWidth = 1;
  c.beginPath();
  for (let x = Math.floor(a / 7) * 7 - 2 * half; x < b; x += 7) { c.moveTo(x, y + half); c.lineTo(x + 2 * half, y - half); }
  c.stroke();
  c.restore();
  c.strokeStyle = t.crash;
  c.strokeRect(a, y - half, b - a, 2 * half);
  const middle = (Math.max(a, v.gutter) + Math.min(b, v.w)) / 2;
  if (gap.durable && b - a > 34) {
    c.fillStyle = t.bg;
    disc(c, middle, y, 11); c.fill();
    c.fillStyle = t.ink; c.strokeStyle = t.ink; c.lineWidth = 1.4;
    disk(c, middle, y, 5.5); hollow(c);
    v.labels.reserve(middle, y, 9);
  }
  if (b - a > 70) v.labels.add(middle, y - half - 10, gap.durable ? 'down, disk survives' : 'down', { colour: t.muted, priority: 5 });
}

// paintTimers draws each timer as a hook over its lane: set, due, fired; a bar where it was stopped, open where it is
// still pending.
function paintTimers(v) {
  const c = v.c, t = v.theme;
  c.lineWidth = 1.1;
  for (const timer of v.scene.timers) {
    if (!v.shown[timer.set]) continue;
    const x0 = xOf(v, v.scale.u[timer.set]), y = laneY(v, v.r.node[timer.set]);
    const ended = timer.end !== NONE && v.shown[timer.end];
    const x1 = ended ? xOf(v, v.scale.u[timer.end]) : x0 + 14;
    if (x1 < v.gutter - 20 || x0 > v.w + 20) continue;
    const colour = v.cls ? classColour(v, v.cls[timer.set] === SELF && ended ? v.cls[timer.end] : v.cls[timer.set]) : t.muted;
    c.globalAlpha = eventAlpha(v, timer.set) * 0.8;
    c.strokeStyle = c.fillStyle = colour;
    hook(c, x0, x1, y, ended, timer.fired);
  }
  c.globalAlpha = 1;
}

function hook(c, x0, x1, y, ended, fired) {
  const top = y - 11, bend = Math.min(6, Math.max(0.5, (x1 - x0) / 2));
  c.beginPath();
  c.moveTo(x0, y - 2);
  c.arcTo(x0, top, x0 + bend, top, bend);
  if (!ended) {
    c.lineTo(x1 - 8, top);
    c.setLineDash([2, 3]);
    c.lineTo(x1, top); c.stroke();
    c.setLineDash([]);
    return;
  }
  if (!fired) {
    c.lineTo(x1, top); c.moveTo(x1, top - 4); c.lineTo(x1, top + 4); c.stroke();
    return;
  }
  c.arcTo(x1, top, x1, y, bend);
  c.lineTo(x1, y - 5);
  c.stroke();
  c.beginPath();
  arrowHead(c, x1, top, x1, y - 3, 5);
  c.fill();
}

// paintCuts draws each partition as a labelled band over its time, with a letter for the side of each lane.
function paintCuts(v) {
  const c = v.c, t = v.theme;
  v.cutLabels = [];
  if (v.as !== NONE) return; // no node sees a partition
  for (const cut of v.scene.cuts) {
    const lanes = [...cut.from.map((j) => [j, 'A']), ...cut.to.map((j) => [j, 'B'])];
    const ends = lanes.map(([j]) => cutEnds(v, cut, j));
    const x0 = Math.min(...ends.map((e) => e[0]), cutEnds(v, cut, NOBODY)[0]), x1 = Math.max(...ends.map((e) => e[1]), cutEnds(v, cut, NOBODY)[1]);
    if (x1 < v.gutter || x0 > v.w) continue;
    lanes.forEach(([j, side], k) => {
      const y = laneY(v, j), [a, b] = ends[k];
      c.globalAlpha = t.bandAlpha;
      c.fillStyle = t.cut;
      c.fillRect(a, y - v.gap / 2, b - a, v.gap);
      c.globalAlpha = 1;
      c.strokeStyle = t.cutLine;
      c.lineWidth = 1.25;
      c.setLineDash([5, 4]);
      c.beginPath(); c.moveTo(a, y - v.gap / 2); c.lineTo(a, y + v.gap / 2); c.moveTo(b, y - v.gap / 2); c.lineTo(b, y + v.gap / 2); c.stroke();
      c.setLineDash([]);
      if (b - a > 22) v.labels.add(Math.max(a, v.gutter) + 10, y + v.gap / 2 - 11, side, { weight: 600, colour: t.muted, priority: 2 });
    });
    const arrow = cut.oneWay ? '↛' : '|';
    const words = `partition ${cut.name ? cut.name + ': ' : ''}A ${nodeSet(cut.from)} ${arrow} B ${nodeSet(cut.to)}`;
    v.cutLabels.push({ from: Math.max(x0, v.gutter), to: Math.min(x1, v.w), words });
  }
}

function cutEnds(v, cut, lane) {
  const u = (i) => lane === NOBODY ? v.scale.u[i] : laneU(v, lane, i);
  return [xOf(v, u(cut.start)), cut.end === NONE ? v.w : xOf(v, u(cut.end))];
}

// laneU is the place on a lane of the moment of an event elsewhere.
function laneU(v, lane, i) {
  return v.scale.steps ? v.scale.u[i] : v.scale.place(lane, v.r.time[i]);
}
