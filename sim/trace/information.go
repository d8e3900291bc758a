package trace

import (
	"slices"

	"lightcone/sim"
)

// Informed returns the information cone of event i: the events, i included, in order, whose effects can have reached it
// through what processes remembered. It is part of the causal past. Process order goes on through a crash, but volatile
// state does not: what a recovered process knows of its node's earlier life is what had been written, and was durable
// or half durable (torn), when it started.
//
// That the crash took place is itself information which a recovered process can have (Env.Incarnation); the cone leaves
// it out. A trace below level Full has no writes, and then nothing passes a crash.
func (o *Order) Informed(i int) []int {
	if o.index[i] < 0 {
		return nil
	}
	in := map[int]bool{i: true}
	cone, memory := []int{i}, o.memories()
	reach := func(e int) {
		if e >= 0 && !in[e] {
			in[e] = true
			cone = append(cone, e)
		}
	}
	for n := 0; n < len(cone); n++ {
		e := cone[n]
		reach(int(o.sent[e]))
		if o.trace.Events[e].Kind == sim.Recovered {
			for _, p := range memory.at(e) {
				reach(p)
			}
			continue
		}
		if at := o.index[e]; at > 0 {
			reach(int(o.lane[o.trace.Events[e].Node][at-1]))
		}
	}
	slices.Sort(cone)
	return cone
}

// memory is what was durable on a node when it recovered: the Persist records whose values were there.
type memory struct {
	recovered int
	writes    []int
}

type memories []memory

func (m memories) at(recovered int) []int {
	i, ok := slices.BinarySearchFunc(m, recovered, func(m memory, e int) int { return m.recovered - e })
	if !ok {
		return nil
	}
	return m[i].writes
}

// memories returns what was durable at each recovery, in order of the recoveries.
func (o *Order) memories() memories {
	disk := make([][]write, o.nodes)
	var all memories
	for i := range o.trace.Events {
		switch e := &o.trace.Events[i]; {
		case e.Kind == sim.Durable, e.Kind == sim.WriteLost && e.Fate != sim.WriteGone:
			disk[e.Node] = store(disk[e.Node], e.Text, o.trace.Cause(i))
		case e.Kind == sim.Recovered:
			m := memory{recovered: i}
			for _, w := range disk[e.Node] {
				m.writes = append(m.writes, w.persist)
			}
			all = append(all, m)
		}
	}
	return all
}

// write is the latest durable write under a key.
type write struct {
	key     string
	persist int // the Persist record, -1 if it is not in the trace
}

// store replaces the write under a key. A removal is remembered as a write: to find nothing is to know something.
func store(disk []write, key string, persist int) []write {
	for i := range disk {
		if disk[i].key == key {
			disk[i].persist = persist
			return disk
		}
	}
	return append(disk, write{key, persist})
}
