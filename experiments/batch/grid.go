package batch

import "fmt"

// grid is which runs a part of a batch needs, and which it has.
type grid struct {
	task  Task
	shard Shard
	// points are those of the task; those of other parts need nothing.
	points []point
	// turns are the points that have runs to be handed out, in the order of their turns.
	turns []int
	known int // runs that are known to be needed
	done  int // of these, those that are there
}

// point is the runs of one point.
type point struct {
	before  int      // how many runs the points before it need, if the task is not sequential
	records [][]byte // of the replications that were asked for; nil: not there, or of another part
	missing int      // how many of this part are not there
	next    int      // the first that may have to be handed out
	early   []entry  // replications that are there, and were not asked for yet, in order
	waits   bool     // whether it is among the turns
}

// newGrid returns the grid of a part, with the runs that are there, which are in order.
func newGrid(t Task, s Shard, entries []entry) *grid {
	g := &grid{task: t, shard: s, points: make([]point, t.Points)}
	before := 0
	for i := range g.points {
		p := &g.points[i]
		p.before = before
		n := 0
		for n < len(entries) && entries[n].Point == i {
			n++
		}
		p.early, entries = entries[:n:n], entries[n:]
		if g.ask(i); !t.Sequential {
			before += len(p.records)
		}
	}
	return g
}

// owner returns which of so many parts a run is of.
func (g *grid) owner(j Job, parts int) int {
	if g.task.Sequential {
		return j.Point % parts
	}
	return (g.points[j.Point].before + j.Replication) % parts
}

// mine reports whether a run is of this part.
func (g *grid) mine(j Job) bool { return g.owner(j, g.shard.Count) == g.shard.Index }

// ask asks how many replications a point is to have until it has not got them all, or needs no more.
func (g *grid) ask(i int) {
	p := &g.points[i]
	if g.task.Sequential && !g.mine(Job{i, 0}) {
		return
	}
	for first := true; first || g.task.Sequential && p.missing == 0; first = false {
		had := len(p.records)
		n := g.task.Need(i, p.records[:had:had])
		if n <= had {
			return
		}
		p.records = append(p.records, make([][]byte, n-had)...)
		g.extend(i, had)
	}
	if p.missing > 0 && !p.waits {
		p.waits = true
		g.turns = append(g.turns, i)
	}
}

// extend counts what a point needs from a replication on, and puts what is there in its place.
func (g *grid) extend(i, from int) {
	p := &g.points[i]
	for r := from; r < len(p.records); r++ {
		if len(p.early) > 0 && p.early[0].Replication == r {
			p.records[r] = p.early[0].record
			p.early = p.early[1:]
		}
		if !g.mine(Job{i, r}) {
			continue
		}
		g.known++
		if p.records[r] != nil {
			g.done++
		} else {
			p.missing++
		}
	}
	p.next = from
}

// next returns the run to be made next, and false if there is none at the moment.
func (g *grid) next() (Job, bool) {
	for len(g.turns) > 0 {
		i := g.turns[0]
		p := &g.points[i]
		for p.next < len(p.records) && (p.records[p.next] != nil || !g.mine(Job{i, p.next})) {
			p.next++
		}
		if p.next < len(p.records) {
			return Job{i, p.next}, true
		}
		p.waits = false
		g.turns = g.turns[1:]
	}
	return Job{}, false
}

// took says that the run that next returned is being made: it is the next point's turn.
func (g *grid) took(j Job) {
	g.points[j.Point].next++
	g.turns = append(g.turns[1:], j.Point)
}

// put adds a run.
func (g *grid) put(e entry) {
	p := &g.points[e.Point]
	p.records[e.Replication] = e.record
	p.missing--
	g.done++
	if p.missing == 0 {
		g.ask(e.Point)
	}
}

// all returns the records by point and replication.
func (g *grid) all() Records {
	records := make(Records, len(g.points))
	for i, p := range g.points {
		records[i] = p.records
	}
	return records
}

// entries returns the runs that are there, in order.
func (g *grid) entries() []entry {
	list := make([]entry, 0, g.done)
	for i, p := range g.points {
		for r, record := range p.records {
			if record != nil {
				list = append(list, entry{Job{i, r}, record})
			}
		}
	}
	return list
}

// unasked returns a run that is there and that nothing asks for.
func (g *grid) unasked() error {
	for _, p := range g.points {
		if len(p.early) > 0 {
			return fmt.Errorf("%v is there, want %d replications of that point: the program that made it was another one", p.early[0].Job, len(p.records))
		}
	}
	return nil
}
