// The minimap: all of the run, always in the aggregate, with what is notable and what is in view.

function paintMinimap(v) {
  const canvas = v.dom.minimap, c = canvas.getContext('2d'), t = v.theme;
  const w = canvas.clientWidth, h = canvas.clientHeight;
  if (!w) return;
  if (canvas.width !== Math.round(w * v.dpr) || canvas.height !== Math.round(h * v.dpr)) {
    canvas.width = Math.round(w * v.dpr);
    canvas.height = Math.round(h * v.dpr);
    v.minimapPicture = null;
  }
  if (!v.minimapPicture) v.minimapPicture = aggregate(v, w);
  c.setTransform(v.dpr, 0, 0, v.dpr, 0, 0);
  c.fillStyle = t.panel;
  c.fillRect(0, 0, w, h);
  const { counts, notable, most } = v.minimapPicture;
  for (let x = 0; x < w; x++) {
    if (!counts[x]) continue;
    const bar = (h - 14) * Math.sqrt(counts[x] / most);
    c.fillStyle = t.muted;
    c.globalAlpha = 0.55;
    c.fillRect(x, h - bar, 1, bar);
    c.globalAlpha = 1;
    if (!notable[x]) continue;
    c.fillStyle = t.lost;
    c.fillRect(x - 1, 3, 2, 7);
  }
  paintWindow(v, c, w, h);
}

function aggregate(v, w) {
  const counts = new Float32Array(w), notable = new Uint8Array(w);
  let most = 1;
  for (let i = 0; i < v.r.n; i++) {
    if (!v.shown[i]) continue;
    const x = Math.min(w - 1, Math.max(0, Math.round(minimapX(v, v.scale.u[i], w))));
    most = Math.max(most, ++counts[x]);
    if (v.scene.notable[i] && isFault(v.r.kind[i])) notable[x] = 1;
  }
  return { counts, notable, most };
}

const minimapX = (v, u, w) => (u - v.scale.lo) / (v.scale.hi - v.scale.lo) * (w - 4) + 2;
const minimapU = (v, x, w) => v.scale.lo + (x - 2) / (w - 4) * (v.scale.hi - v.scale.lo);

function paintWindow(v, c, w, h) {
  const t = v.theme, a = Math.max(0, minimapX(v, v.u0, w)), b = Math.min(w, minimapX(v, v.u1, w));
  c.fillStyle = t.bg;
  c.globalAlpha = 0.62;
  c.fillRect(0, 0, a, h);
  c.fillRect(b, 0, w - b, h);
  c.globalAlpha = 1;
  c.strokeStyle = t.focus;
  c.lineWidth = 1.5;
  c.beginPath();
  c.roundRect(a + 0.75, 0.75, Math.max(6, b - a - 1.5), h - 1.5, 4);
  c.stroke();
  if (v.sel === NONE) return;
  const x = minimapX(v, v.scale.u[v.sel], w);
  c.fillStyle = t.focus;
  c.beginPath(); c.moveTo(x - 5, 0); c.lineTo(x + 5, 0); c.lineTo(x, 7); c.closePath(); c.fill();
}

// wireMinimap makes a press or a drag on the minimap move the window there.
function wireMinimap(v) {
  const canvas = v.dom.minimap;
  const move = (e) => {
    const box = canvas.getBoundingClientRect(), span = v.u1 - v.u0;
    const u = minimapU(v, e.clientX - box.left, box.width);
    v.look(u - span / 2, u + span / 2);
  };
  canvas.addEventListener('pointerdown', (e) => { canvas.setPointerCapture(e.pointerId); move(e); });
  canvas.addEventListener('pointermove', (e) => { if (e.buttons) move(e); });
}
