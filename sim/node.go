package sim

// node is what every event touches, one cache line.
type node struct {
	proc        Process
	words       WordReceiver // proc, if it is one
	rand        Rand
	sent        uint32 // PerSender: messages sent
	spare       uint32 // 1 + slot of a cancelled timer that is still queued and can be used again; 0 for none
	incarnation uint32
	status      uint8
}

const (
	statusUp uint8 = 1 << iota
	statusPaused
	statusArmed    // a CrashDuring waits
	statusClock    // has a clock of its own, in cold
	statusTroubled // has a condition that is about what arrives, and falls due
)

// cold is what only some nodes need.
type cold struct {
	clock   Clock
	waller  Waller // clock, if it is one
	step    Local  // sum of the wall clock's steps
	store   storage
	waiting []uint32 // slots of events held back while paused
	armed   int      // statusArmed: effects before the crash
	server  server
	failed  Time // down: since when, if Config.FailStop
}

func (w *World) giveClock(id NodeID) error {
	if w.cfg.Clock == nil {
		return nil
	}
	r := NewRand(w.cfg.Seed, forClock, uint64(id))
	c := w.cfg.Clock(id, &r)
	if c == nil || c == (PerfectClock{}) {
		return nil
	}
	x := w.coldOf(id)
	x.clock = c
	x.waller, _ = c.(Waller)
	w.nodes[id].status |= statusClock
	return nil
}

func (w *World) coldOf(id NodeID) *cold {
	if w.cold[id] == nil {
		w.cold[id] = &cold{}
		w.cooled = true
	}
	return w.cold[id]
}

// nodeRand is Env.Rand.
func (w *World) nodeRand(id NodeID) *Rand { return &w.nodes[id].rand }

// peersOf is Env.Peers.
func (w *World) peersOf(id NodeID) []NodeID {
	n := len(w.nodes)
	if w.ring == nil {
		w.ring = make([]NodeID, 2*n)
		for i := range w.ring {
			w.ring[i] = NodeID(i % n)
		}
	}
	return w.ring[int(id)+1 : int(id)+n : int(id)+n]
}

// local is what a node's monotonic clock shows.
func (w *World) local(id NodeID) Local {
	if w.nodes[id].status&statusClock == 0 {
		return Local(w.now)
	}
	return w.cold[id].clock.Read(w.now)
}

// wall is what a node's wall clock shows.
func (w *World) wall(id NodeID) Local {
	if !w.cooled {
		return Local(w.now)
	}
	x := w.cold[id]
	switch {
	case x == nil:
		return Local(w.now)
	case x.waller != nil:
		return x.waller.Wall(w.now) + x.step
	case x.clock != nil:
		return x.clock.Read(w.now) + x.step
	}
	return Local(w.now) + x.step
}

func (w *World) stepWall(id NodeID, by Local) {
	w.coldOf(id).step += by
	w.mark(Event{Kind: WallStepped, Node: id, Step: by})
}
