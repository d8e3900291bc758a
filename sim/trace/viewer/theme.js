// The theme: the colours and the type of the style sheet, as the canvas needs them.

// readTheme reads them; it is read again when the colour scheme changes.
function readTheme() {
  const probe = document.getElementById('probe'), style = getComputedStyle(document.documentElement);
  const colour = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const theme = { font: style.getPropertyValue('--font').trim(), bandAlpha: Number(style.getPropertyValue('--band')) };
  for (const name of ['bg', 'panel', 'ink', 'muted', 'line', 'grid', 'lane', 'past', 'future', 'lost', 'altered', 'crash', 'cut', 'mark', 'focus']) theme[name] = colour(name);
  theme.cutLine = colour('cut-line');
  theme.roles = [1, 2, 3, 4].map((k) => colour('role-' + k));
  return theme;
}

// gutterWidth is how wide the names of the lanes are, within reason.
function gutterWidth(v) {
  v.c.font = '12px ' + v.theme.font;
  let widest = 34;
  const names = v.r.head.lanes || [];
  for (const name of names.slice(0, 500)) widest = Math.max(widest, v.c.measureText(name).width);
  return Math.min(widest, v.w * 0.22) + 40;
}
