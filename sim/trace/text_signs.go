package trace

import (
	"fmt"

	"lightcone/sim"
)

// The signs of the text diagram, each one column wide.
const (
	laneUp     = '│'
	laneDown   = '░'
	lanePaused = '┊'
	laneRole   = '┃'

	signStart   = '○'
	signReceive = '●'
	signTimeout = '↴'
	signStop    = '⊣'
	signEffect  = '◦'
	signNote    = '•'
	signWrite   = '▫'
	signDurable = '▪'
	signCrash   = '▓'
	signPause   = '‖'
	signResume  = '▷'
	signRecover = '△'
	signStep    = '±'
	signCustom  = '◆'
	signLost    = '✕'
	signLate    = '◷'
	signCut     = '▒'
)

// textSigns are the signs of kinds of events, and what the legend says of them.
var textSigns = [...]struct {
	sign rune
	says string
}{
	sim.Init:         {signStart, "starts"},
	sim.Deliver:      {signReceive, "receives"},
	sim.Timeout:      {signTimeout, "timer fires"},
	sim.Send:         {signEffect, "effect"},
	sim.TimerStopped: {signStop, "timer stopped"},
	sim.Persist:      {signWrite, "write issued"},
	sim.Durable:      {signDurable, "write durable"},
	sim.WriteLost:    {signCrash, "down, volatile state lost"},
	sim.Note:         {signNote, "note"},
	sim.Crashed:      {signCrash, "crash"},
	sim.Recovered:    {signRecover, "recovers"},
	sim.Paused:       {signPause, "pauses"},
	sim.Resumed:      {signResume, "resumes"},
	sim.WallStepped:  {signStep, "wall clock stepped"},
	sim.Custom:       {signCustom, "another fault"},
}

// sign puts an event's sign on its lane. The first event of a row keeps the place, unless a fault takes it; a role's
// letter stands beside it.
func (d *textDiagram) sign(line []rune, i int) {
	e := d.event(i)
	if e.Node == sim.Nobody || d.layout.row[e.Node] < 0 {
		return
	}
	at := d.at(d.layout.row[e.Node])
	if e.Kind == sim.BadgeSet {
		for _, r := range letterOf(e.Role) {
			line[at-1] = r
			d.use(string(laneRole) + " with a letter: role")
		}
		return
	}
	free := line[at] == d.states[d.layout.row[e.Node]].sign()
	if int(e.Kind) >= len(textSigns) || textSigns[e.Kind].sign == 0 || !free && !e.Kind.Fault() {
		return
	}
	line[at] = textSigns[e.Kind].sign
	d.use(string(line[at]) + " " + textSigns[e.Kind].says)
}

// use notes a sign for the legend.
func (d *textDiagram) use(says string) {
	for _, u := range d.used {
		if u == says {
			return
		}
	}
	d.used = append(d.used, says)
}

// arrow draws a message from its sender's lane to its receiver's, or as far as it got.
func (d *textDiagram) arrow(line []rune, a *arrow) {
	from, to := d.at(a.from), d.at(a.to)
	if from == to {
		line[to+1] = '↩'
		d.use("↩ message to oneself")
		return
	}
	step, head, tail := 1, '▶', '├'
	if to < from {
		step, head, tail = -1, '◀', '┤'
	}
	end := to - step
	if a.lost {
		end = min(max(from+int(a.stop*float64(to-from)), min(from, to)+2), max(from, to)-2)
		head = signLost
	}
	dash := d.dash(a)
	for x := from + step; x != end; x += step {
		if line[x] == laneUp || line[x] == laneRole || line[x] == laneDown || line[x] == lanePaused {
			line[x] = '┼'
		} else {
			line[x] = dash
		}
	}
	line[end] = head
	if line[from] == d.states[a.from].sign() {
		line[from] = tail
	}
	if a.duplicate && !a.lost {
		line[end-step] = head
	}
	if a.late {
		line[end-2*step] = signLate
		d.use(string(signLate) + " late: after the timer set for it")
	}
	d.label(line, a, from, end)
}

// dash is the character of an arrow's line.
func (d *textDiagram) dash(a *arrow) rune {
	if a.lost {
		d.use("─✕ lost")
	}
	switch {
	case a.altered:
		d.use("~ altered, or a lie")
		return '~'
	case a.duplicate:
		d.use("╌▶▶ duplicate")
		return '╌'
	}
	return '─'
}

// label writes a message's text on its line, if it fits between two lanes.
func (d *textDiagram) label(line []rune, a *arrow, from, end int) {
	text := a.label
	if a.like > 0 {
		text = fmt.Sprintf("×%d %s", a.like+1, text)
	}
	lo, hi := min(from, end), max(from, end)
	room := min(hi-lo-5, d.column-5)
	if room < 3 {
		return
	}
	runes := []rune(shorten(text, room))
	at := lo + 3
	if from > end {
		at = hi - 2 - len(runes)
		at = max(at, lo+3)
	}
	for i, r := range runes {
		if c := line[at+i]; c == '┼' || c == signLate || c == signLost {
			return
		}
		line[at+i] = r
	}
}
