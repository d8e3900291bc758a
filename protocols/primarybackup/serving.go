package primarybackup

import "lightcone/sim"

// Serving reports whether a write that reached the right server now would be acknowledged, if everything stayed as it
// is: some primary would accept it, by its lease if there are leases, and is not paused; and of the backups of its view
// it reaches, both ways, as many as must have the write, that have not promised themselves to a later view.
func (c Config) Serving(v sim.View) bool {
	c = c.resolved()
	for id := sim.NodeID(c.first()); int(id) < c.Servers; id++ {
		p, ok := v.Process(id).(*Replica)
		if ok && !v.Paused(id) && p.Serving(v.Local(id)) && c.backed(v, p) {
			return true
		}
	}
	return false
}

// backed reports whether a primary can get the acknowledgements that it needs.
func (c Config) backed(v sim.View, p *Replica) bool {
	n := 0
	for _, id := range p.view.Backups {
		q, ok := v.Process(id).(*Replica)
		if ok && v.Reaches(p.id, id) && (c.Unfenced || q.promised <= p.view.Number) {
			n++
		}
	}
	return n >= c.acks(len(p.view.Backups))
}
