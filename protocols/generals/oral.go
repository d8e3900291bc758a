package generals

import (
	"slices"

	"lightcone/sim"
)

// onOral keeps what came, the first time that it comes by this path.
func (p *Process) onOral(from sim.NodeID, m Oral) {
	if p.cfg.Signed || !p.came(m.Path, from) {
		return
	}
	key := keyOf(m.Path)
	if _, ok := p.heard[key]; !ok {
		p.heard[key] = m.Order & 1
	}
}

// relay is step (2) of OM for all paths of this round: the lieutenant acts as the commander towards those that are not
// on the path, with the order that came by it or, if none did, retreat.
func (p *Process) relay(env *sim.Env) {
	p.paths([]sim.NodeID{commander}, func(path []sim.NodeID) {
		mine := append(slices.Clone(path), p.id)
		for to := range p.others(path) {
			env.Send(to, Oral{mine, p.heard[keyOf(path)]})
		}
	})
}

// paths calls f for each path of this round to this lieutenant that begins with the given one.
func (p *Process) paths(path []sim.NodeID, f func([]sim.NodeID)) {
	if len(path) == p.round {
		f(path)
		return
	}
	for next := range p.others(path) {
		p.paths(append(slices.Clone(path), next), f)
	}
}

// result is what OM(m-k) with the last of k+1 generals as commander comes to, at this lieutenant: step (3), the
// majority of what that general said and of what the others, as this lieutenant makes out, were told by it.
func (p *Process) result(path []sim.NodeID) Order {
	said := p.heard[keyOf(path)]
	if len(path) > p.cfg.M {
		return said
	}
	votes, attack := 1, int(said)
	for j := range p.others(path) {
		votes++
		attack += int(p.result(append(slices.Clone(path), j)))
	}
	if 2*attack > votes {
		return Attack
	}
	return Retreat
}

// keyOf is a path as the key of a map.
func keyOf(path []sim.NodeID) string {
	key := make([]byte, len(path))
	for i, id := range path {
		key[i] = byte(id)
	}
	return string(key)
}
