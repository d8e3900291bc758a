package quorum

import (
	"fmt"

	"lightcone/sim"
)

// past is what a replica is known to have had.
type past struct {
	now, durable [][]Entry            // by page
	graves       map[string][]Version // tombstones that were collected
}

// versionsAdvance follows what every replica has of every key.
func versionsAdvance() sim.Property {
	return always("versions never go backwards", func() *watch {
		pasts := map[sim.NodeID]*past{}
		return &watch{
			restarted: func(id sim.NodeID, r *replica) error {
				p := pasts[id]
				if p == nil {
					n := r.ranges * r.leaves
					p = &past{make([][]Entry, n), make([][]Entry, n), map[string][]Version{}}
					pasts[id] = p
				}
				return p.restart(id, r)
			},
			tell: func(_ sim.View, id sim.NodeID, r *replica, h *happening) error {
				p := pasts[id]
				switch {
				case h.page >= len(p.now):
				case h.what == pageChanged:
					return p.change(id, r, h.page, p.now)
				case h.what == pageDurable:
					p.durable[h.page] = h.entries
				}
				return nil
			},
		}
	})
}

// restart compares what a server recalls with what was durable.
func (p *past) restart(id sim.NodeID, r *replica) error {
	for i := range p.now {
		if err := p.change(id, r, i, p.durable); err != nil {
			return fmt.Errorf("after a restart %w", err)
		}
		p.now[i], p.durable[i] = r.pages[i].entries, r.pages[i].entries
	}
	return nil
}

// change compares a page with how it was before.
func (p *past) change(id sim.NodeID, r *replica, i int, before [][]Entry) error {
	new := &r.pages[i]
	for _, e := range before[i] {
		var have []Version
		if f := new.find(e.Key); f != nil {
			have = f.Versions
		}
		switch {
		case r.atLeast(have, e.Versions):
		case len(have) == 0 && allDeleted(e.Versions):
			p.graves[e.Key] = e.Versions
		default:
			return fmt.Errorf("%v has %v of %s, and had %v before", id, have, e.Key, e.Versions)
		}
	}
	for _, e := range new.entries {
		if len(e.Versions) > 0 && !r.atLeast(e.Versions, p.graves[e.Key]) {
			return fmt.Errorf("%v has %v of %s, which was deleted by %v", id, e.Versions, e.Key, p.graves[e.Key])
		}
	}
	before[i] = new.entries
	return nil
}
