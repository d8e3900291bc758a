package sim

// Works reports whether a node is up and not paused.
func (v View) Works(id NodeID) bool { return v.w.nodes[id].status&(statusUp|statusPaused) == statusUp }

// Reaches reports whether two nodes work and no cut separates them in either direction: whether they could talk. A node
// that works reaches itself.
func (v View) Reaches(a, b NodeID) bool {
	return v.Works(a) && (a == b || v.Works(b) && !v.w.severed(a, b) && !v.w.severed(b, a))
}

// Reached counts the nodes, of those numbered from 0 to n-1, that a node reaches: itself too, if it is among them.
func (v View) Reached(from NodeID, n int) int {
	count := 0
	for id := range NodeID(n) {
		if v.Reaches(from, id) {
			count++
		}
	}
	return count
}
