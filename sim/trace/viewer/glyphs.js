// Glyphs: the shapes of events, so that nothing is told by colour alone. Each is drawn round (x, y) in the current
// style; most fit a circle of radius 5.

const TURN = 2 * Math.PI;

const glyphs = {
  [INIT](c, x, y) { polygon(c, [[x - 4, y - 5], [x + 5, y], [x - 4, y + 5]]); c.fill(); },
  [DELIVER](c, x, y) { disc(c, x, y, 4); c.fill(); },
  [TIMEOUT](c, x, y) { c.beginPath(); c.rect(x - 3.6, y - 3.6, 7.2, 7.2); c.fill(); },
  [SEND](c, x, y) { disc(c, x, y, 2.8); hollow(c); },
  [DROP](c, x, y) { cross(c, x, y, 5); },
  [TIMER_SET](c, x, y) { c.beginPath(); c.moveTo(x, y - 5); c.lineTo(x, y + 2); c.stroke(); },
  [TIMER_STOPPED](c, x, y) { c.beginPath(); c.moveTo(x - 4, y - 3); c.lineTo(x + 4, y - 3); c.moveTo(x, y - 3); c.lineTo(x, y + 3); c.stroke(); },
  [PERSIST](c, x, y) { disk(c, x, y, 4); hollow(c); },
  [DURABLE](c, x, y) { disk(c, x, y, 4); c.fill(); },
  [WRITE_LOST](c, x, y) { disk(c, x, y, 4.5); hollow(c); cross(c, x, y, 6); },
  [NOTE](c, x, y) { polygon(c, [[x - 4, y - 5], [x + 2, y - 5], [x + 5, y - 2], [x + 5, y + 5], [x - 4, y + 5]]); hollow(c); },
  [BADGE](c, x, y) { polygon(c, [[x, y - 5], [x + 5, y], [x, y + 5], [x - 5, y]]); hollow(c); },
  [CRASHED](c, x, y) { c.beginPath(); c.moveTo(x, y - 12); c.lineTo(x, y + 12); c.stroke(); cross(c, x, y, 6); },
  [RECOVERED](c, x, y) { polygon(c, [[x, y - 6], [x + 6, y + 5], [x - 6, y + 5]]); c.fill(); },
  [PAUSED](c, x, y) { c.fillRect(x - 5, y - 6, 3.4, 12); c.fillRect(x + 1.6, y - 6, 3.4, 12); },
  [RESUMED](c, x, y) { polygon(c, [[x - 4, y - 6], [x + 6, y], [x - 4, y + 6]]); hollow(c); },
  [CUT_MADE](c, x, y) { c.beginPath(); c.moveTo(x - 5, y - 5); c.lineTo(x - 1, y); c.lineTo(x - 5, y + 5); c.moveTo(x + 5, y - 5); c.lineTo(x + 1, y); c.lineTo(x + 5, y + 5); c.stroke(); },
  [CUT_HEALED](c, x, y) { c.beginPath(); c.moveTo(x - 6, y); c.lineTo(x + 6, y); c.moveTo(x - 2, y - 4); c.lineTo(x - 6, y); c.lineTo(x - 2, y + 4); c.moveTo(x + 2, y - 4); c.lineTo(x + 6, y); c.lineTo(x + 2, y + 4); c.stroke(); },
  [WALL_STEPPED](c, x, y) { clockFace(c, x, y, 6); },
  [CUSTOM](c, x, y) { star(c, x, y, 6); c.fill(); },
};

function disc(c, x, y, radius) { c.beginPath(); c.arc(x, y, radius, 0, TURN); }

function polygon(c, points) {
  c.beginPath();
  points.forEach(([x, y], i) => i ? c.lineTo(x, y) : c.moveTo(x, y));
  c.closePath();
}

// hollow fills the path with the background and outlines it.
function hollow(c) {
  const ink = c.fillStyle;
  c.fillStyle = c.canvasColour || ink;
  c.fill();
  c.fillStyle = ink;
  c.stroke();
}

function cross(c, x, y, size) {
  c.beginPath();
  c.moveTo(x - size, y - size); c.lineTo(x + size, y + size);
  c.moveTo(x - size, y + size); c.lineTo(x + size, y - size);
  c.stroke();
}

// disk is the path of a small cylinder: durable storage.
function disk(c, x, y, size) {
  const w = size, h = size, lid = size * 0.45;
  c.beginPath();
  c.ellipse(x, y - h + lid, w, lid, 0, Math.PI, TURN);
  c.lineTo(x + w, y + h - lid);
  c.ellipse(x, y + h - lid, w, lid, 0, 0, Math.PI);
  c.closePath();
  c.moveTo(x + w, y - h + lid);
  c.ellipse(x, y - h + lid, w, lid, 0, 0, Math.PI);
}

function star(c, x, y, size) {
  const points = [];
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? size * 0.45 : size, angle = i * Math.PI / 5 - Math.PI / 2;
    points.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
  }
  polygon(c, points);
}

// clockFace is a clock: a late message, a stepped wall clock.
function clockFace(c, x, y, size) {
  disc(c, x, y, size);
  hollow(c);
  c.beginPath();
  c.moveTo(x, y - size * 0.65); c.lineTo(x, y); c.lineTo(x + size * 0.5, y + size * 0.2);
  c.stroke();
}

// arrowHead adds a filled head at (x, y), coming from (x0, y0), to the path.
function arrowHead(path, x0, y0, x, y, size) {
  const d = Math.hypot(x - x0, y - y0) || 1, ux = (x - x0) / d, uy = (y - y0) / d;
  const bx = x - ux * size, by = y - uy * size, w = size * 0.42;
  path.moveTo(x, y);
  path.lineTo(bx - uy * w, by + ux * w);
  path.lineTo(bx + uy * w, by - ux * w);
  path.closePath();
}

// zigzag adds a line that does not go straight: what was sent is not what arrives.
function zigzag(path, x0, y0, x, y) {
  const d = Math.hypot(x - x0, y - y0) || 1, ux = (x - x0) / d, uy = (y - y0) / d;
  const straight = Math.min(14, d / 3), teeth = Math.max(2, Math.floor((d - 2 * straight) / 9));
  path.moveTo(x0, y0);
  for (let i = 0; i <= teeth; i++) {
    const along = straight + (d - 2 * straight) * i / teeth, side = i === 0 || i === teeth ? 0 : i % 2 ? 4.5 : -4.5;
    path.lineTo(x0 + ux * along - uy * side, y0 + uy * along + ux * side);
  }
  path.lineTo(x, y);
}
