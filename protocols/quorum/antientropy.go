package quorum

import (
	"slices"

	"lightcone/sim"
)

// beginSync compares Merkle trees with another server, chosen at random: the roots of all ranges that both keep.
func (p *Dynamo) beginSync(env *sim.Env) {
	env.After(p.cfg.SyncEvery, compare{})
	if p.servers == 1 {
		return
	}
	peer := sim.NodeID(env.Rand().IntN(p.servers - 1))
	if peer >= p.id {
		peer++
	}
	var roots []Node
	for span := range p.ranges {
		if p.keeps(span, p.id) && p.keeps(span, peer) {
			roots = append(roots, Node{span, 1, p.trees[span][1]})
		}
	}
	p.Syncs++
	p.sendNodes(env, peer, roots)
}

// keeps reports whether a server is a replica of the keys of a range.
func (p *Dynamo) keeps(span int, id sim.NodeID) bool {
	return p.position(span, id) < p.cfg.Quorums.Size()
}

func (p *Dynamo) sendNodes(env *sim.Env, to sim.NodeID, nodes []Node) {
	if len(nodes) > 0 {
		p.Compared += len(nodes)
		env.Send(to, Compare{nodes})
	}
}

// onCompare goes one level down where the trees differ, and at the leaves sends what is there.
func (p *Dynamo) onCompare(env *sim.Env, from sim.NodeID, m Compare) {
	var children, leaves []Node
	for _, n := range m.Nodes {
		t := p.trees[n.Range]
		switch {
		case t[n.Index] == n.Hash:
		case t.isLeaf(n.Index):
			leaves = append(leaves, n)
		default:
			children = append(children, Node{n.Range, 2 * n.Index, t[2*n.Index]}, Node{n.Range, 2*n.Index + 1, t[2*n.Index+1]})
		}
	}
	p.sendNodes(env, from, children)
	if len(leaves) > 0 {
		p.sendEntries(env, from, Fill{Leaves: leaves, Entries: p.entriesOf(leaves), Answer: true})
	}
}

func (p *Dynamo) entriesOf(leaves []Node) []Entry {
	var entries []Entry
	for _, n := range leaves {
		for _, e := range p.pages[n.Range*p.leaves+n.Index-p.leaves].entries {
			if len(e.Versions) > 0 {
				entries = append(entries, Entry{Key: e.Key, Versions: e.Versions})
			}
		}
	}
	return entries
}

func (p *Dynamo) sendEntries(env *sim.Env, to sim.NodeID, m Fill) {
	p.Exchanged += len(m.Entries)
	env.Send(to, m)
}

// onFill takes in what is newer, and sends back what is newer here.
func (p *Dynamo) onFill(env *sim.Env, from sim.NodeID, m Fill) {
	for _, e := range m.Entries {
		p.see(e.Versions)
		if p.store(p.page(p.place(e.Key)), e.Key, e.Versions) {
			p.Mended++
			p.happened(happening{what: mended})
		}
	}
	if !m.Answer {
		return
	}
	newer := slices.DeleteFunc(p.entriesOf(m.Leaves), func(mine Entry) bool {
		i := slices.IndexFunc(m.Entries, func(theirs Entry) bool { return theirs.Key == mine.Key })
		return i >= 0 && equal(m.Entries[i].Versions, mine.Versions)
	})
	if len(newer) > 0 {
		p.sendEntries(env, from, Fill{Entries: newer})
	}
}
