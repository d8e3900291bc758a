package sim

import "time"

// FailStop makes crashes fail-stop (Schlichting and Schneider 1983): a node that is down can be told from one that is
// slow or cut off. Env.Failed tells so Within after the crash, and is never wrong: a perfect failure detector, which no
// asynchronous network could build (Chandra and Toueg 1996).
type FailStop struct {
	Within time.Duration // at least 0
}

// Failed reports whether a node is known to have crashed: it is down, and has been for FailStop.Within at least. It is
// never true of a node that is up, however slow, paused or cut off. A process may ask only where Config.FailStop says
// that crashes are fail-stop: elsewhere nobody can know.
func (e *Env) Failed(id NodeID) bool {
	w := e.world()
	if w.cfg.FailStop == nil {
		panic(misuse{"Env.Failed without Config.FailStop: a crashed node cannot be told from a slow one"})
	}
	n := w.node(id)
	return int(id) < w.starting && n.status&statusUp == 0 && w.now.Sub(w.coldOf(id).failed) >= w.cfg.FailStop.Within
}
