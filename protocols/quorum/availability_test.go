package quorum_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// flapping crashes and recovers a server for ever: exponential times with these means, so that it is up with probability
// up/(up+down) at any moment. It begins in that law.
type flapping struct {
	id       sim.NodeID
	up, down time.Duration
}

// flaps is a flapping under way.
type flaps struct {
	flapping
	started, isDown bool
}

func (f flapping) Next(sim.Time, sim.View, *sim.Rand) (sim.Time, sim.Action, bool) {
	panic("not cloned")
}
func (f flapping) CloneFault() sim.Fault { return &flaps{flapping: f} }
func (f *flaps) CloneFault() sim.Fault   { c := *f; return &c }

func (f *flaps) Next(now sim.Time, _ sim.View, r *sim.Rand) (sim.Time, sim.Action, bool) {
	if !f.started {
		f.started = true
		if r.Bool(f.down.Seconds() / (f.up + f.down).Seconds()) {
			f.isDown = true
			return now + 1, sim.Crash{Node: f.id}, true
		}
	}
	mean, action := f.up, sim.Action(sim.Crash{Node: f.id})
	if f.isDown {
		mean, action = f.down, sim.Recover{Node: f.id}
	}
	f.isDown = !f.isDown
	return now.Add(time.Duration(-math.Log(1-r.Float64()) * float64(mean))), action, true
}

// surveyor asks for reads and writes in turn, far enough apart that the servers have forgotten who was up.
type surveyor struct {
	server    sim.NodeID
	key       string
	asked, ok [2]int // reads, writes
	every     time.Duration
}

func (s *surveyor) Init(env *sim.Env) { env.After(s.every, nil) }

func (s *surveyor) Timeout(env *sim.Env, _ any) {
	i := (s.asked[0] + s.asked[1]) % 2
	s.asked[i]++
	kind := [2]kv.Kind{kv.Get, kv.Put}[i]
	env.Send(s.server, kv.Request{ID: uint64(2*s.asked[i] + i), Op: kv.Op{Kind: kind, Key: s.key, Value: "v"}})
	env.After(s.every, nil)
}

func (s *surveyor) Receive(_ *sim.Env, _ sim.NodeID, m sim.Message) {
	if r := m.(kv.Reply); r.Status == kv.OK {
		s.ok[r.ID%2]++
	}
}

// The share of reads and writes that are served is the probability that the replicas that are up contain a quorum. The
// coordinator is a server that is no replica and is never down.
func TestAvailabilityIsThatOfTheQuorums(t *testing.T) {
	n := samples(t) / 2
	for _, q := range []quorum.System{
		quorum.Threshold{N: 3, R: 2, W: 2}, quorum.Threshold{N: 3, R: 1, W: 3}, quorum.Weighted{Votes: []int{3, 1, 1, 1, 1}, R: 4, W: 4}, quorum.Grid{Rows: 2, Columns: 3},
	} {
		t.Run(fmt.Sprint(q), func(t *testing.T) {
			replicas := q.Size()
			c := quorum.Config{Servers: replicas + 1, Quorums: q, Timeout: 20 * ms, Leaves: 1}
			s := &surveyor{server: sim.NodeID(replicas), key: "a", every: 5 * time.Second}
			for c.Replicas(s.key)[0] != 0 {
				s.key += "a"
			}
			cfg := sim.Config{Seed: 1, Nodes: replicas + 2, Until: sim.Time(n) * sim.Time(s.every), New: func(id sim.NodeID) sim.Process {
				if int(id) == replicas+1 {
					return s
				}
				return quorum.NewDynamo(c)
			}}
			for id := range sim.NodeID(replicas) {
				cfg.Faults = append(cfg.Faults, flapping{id, 4 * time.Second, time.Second})
			}
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			read, write := quorum.Availability(q, 0.8)
			for i, want := range []float64{read, write} {
				got := float64(s.ok[i]) / float64(s.asked[i])
				t.Logf("%s served: %.4f, by the formula %.4f", [2]string{"reads", "writes"}[i], got, want)
				require.InDelta(t, want, got, 4*math.Sqrt(want*(1-want)/float64(s.asked[i])))
			}
		})
	}
}
