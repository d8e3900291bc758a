package protocols

import (
	"errors"
	"math"
	"time"

	"lightcone/protocols/lamport"
	"lightcone/sim"
)

// MutexParams are the parameters of "lamport-mutex".
type MutexParams struct {
	Entries int           `yaml:"entries" jsonschema:"minimum=0,description=how often each node takes the resource"`
	Think   time.Duration `yaml:"think" jsonschema:"description=mean time between a release and the next request of a node"`
	Hold    time.Duration `yaml:"hold" jsonschema:"description=how long a node holds the resource"`
}

func lamportMutex() Entry {
	return Entry{
		Name:   "lamport-mutex",
		About:  "Mutual exclusion in the order of the requests, by Lamport's clocks; needs FIFO links and no faults",
		Params: func() any { return &MutexParams{Entries: 5, Think: 50 * time.Millisecond, Hold: 5 * time.Millisecond} },
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[MutexParams]("lamport-mutex", params)
			if err != nil {
				return Instance{}, err
			}
			mp := lamport.MutexParams{Entries: p.Entries, Think: p.Think, Hold: p.Hold}
			return Instance{
				New:        func(sim.NodeID) sim.Process { return lamport.NewMutex(mp) },
				Properties: lamport.MutexProperties(),
				Measures:   mutexMeasures,
			}, errors.Join(mp.Validate(), atLeast("lamport-mutex", 1, nodes))
		},
	}
}

// mutexMeasures counts the messages of an entry: exactly 3(N-1), once no entry is under way.
func mutexMeasures(v sim.View) []Measure {
	entries, idle := 0, true
	for id := range sim.NodeID(v.Nodes()) {
		p, ok := v.Process(id).(*lamport.Mutex)
		if !ok {
			idle = false
			continue
		}
		entries += p.Entered
		idle = idle && p.State == lamport.Thinking
	}
	stats := v.Stats()
	each := count("messages per entry", "messages", 0)
	each.Value = math.NaN()
	if idle && entries > 0 && stats.InFlight == 0 {
		each.Value, each.N = float64(stats.Sent)/float64(entries), entries
		each.Expected = float64(3 * (v.Nodes() - 1))
	}
	return []Measure{count("entries", "entries", entries), each}
}
