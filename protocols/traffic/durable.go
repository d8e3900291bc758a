package traffic

import (
	"fmt"

	"lightcone/sim"
)

// kept is what is durable of a process.
type kept[S any] struct {
	Last                    S
	Locals, Sends, Receives int
}

func (k kept[S]) events() int { return k.Locals + k.Sends + k.Receives }

func (k kept[S]) String() string { return fmt.Sprint(k.Last) }

// ring is how many keys are written in turn. A torn write takes what was under its key, so a crash that tears fewer
// than ring writes in flight leaves the last durable one.
const ring = 16

func key(i int) string { return fmt.Sprintf("clock %d", i%ring) }

// keep writes the stamp of the event that was just counted. What is sent after it waits for the write.
func (p *Process[S]) keep(env *sim.Env, s S) {
	if p.Params.Durable {
		env.Persist(key(p.Events()), kept[S]{s, p.Locals, p.Sends, p.Receives})
	}
}

// recall goes on from the latest event that is durable.
func (p *Process[S]) recall(env *sim.Env) {
	clock, ok := p.Clock.(Restorer[S])
	if !ok {
		panic(fmt.Sprintf("traffic: Params.Durable with a %T, want a Clock that is a Restorer", p.Clock))
	}
	var latest kept[S]
	for i := range ring {
		v, _ := env.Recall(key(i))
		if k, ok := v.(kept[S]); ok && k.events() > latest.events() { // else nothing, or a sim.Torn
			latest = k
		}
	}
	if latest.events() > 0 {
		p.Last, p.Locals, p.Sends, p.Receives = latest.Last, latest.Locals, latest.Sends, latest.Receives
		clock.Restore(latest.Last)
	}
}
