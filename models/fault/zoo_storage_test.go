package fault_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// ledger is a client, n0, that writes 1, 2, 3, ... to the servers n1 to nServers, one every 100 ms, and asks for the
// last one at the end.
type ledger struct {
	Servers  int
	AckFirst bool // a server acknowledges before it writes
	Slots    bool // it writes to two keys in turn
	Check    bool // it stores three times the number: one bit flipped is not a multiple of 3

	next int
	acks map[int]int
	have int
	well bool
}

type (
	put  struct{ N int }
	ack  struct{ N int }
	read struct{}
	last struct {
		N    int
		Well bool // the server has something to say
	}
	acked  struct{ N int }
	result struct{ N int }
)

const (
	puts   = 25 // the last at 2.5 s
	readAt = 3 * time.Second
)

func (p *ledger) Clone() sim.Process { c := *p; c.acks = nil; return &c }
func (p *ledger) Init(env *sim.Env) {
	if env.ID() == 0 {
		p.acks = map[int]int{}
		env.After(tick, "put")
		env.After(readAt, "read")
		return
	}
	for _, key := range []string{"slot 0", "slot 1"} {
		v, ok := env.Recall(key)
		n, sound := v.(int)
		if p.Check && sound {
			n, sound = n/3, n%3 == 0
		}
		if ok && sound && n >= p.have {
			p.have, p.well = n, true
		}
	}
}
func (p *ledger) Timeout(env *sim.Env, tag any) {
	if tag == "read" {
		env.Broadcast(read{})
		return
	}
	p.next++
	env.Broadcast(put{p.next})
	if p.next < puts {
		env.After(tick, "put")
	}
}
func (p *ledger) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case put:
		p.put(env, from, m.N)
	case ack:
		if p.acks[m.N]++; p.acks[m.N] == p.Servers {
			env.Note(acked(m))
		}
	case read:
		env.Send(from, last{p.have, p.well})
	case last:
		if m.Well {
			env.Note(result{m.N})
		}
	}
}
func (p *ledger) put(env *sim.Env, from sim.NodeID, n int) {
	if int(env.ID()) > p.Servers {
		return
	}
	if p.AckFirst {
		env.Send(from, ack{n})
	}
	p.have, p.well = n, true
	key, v := "slot 0", n
	if p.Slots && n%2 == 1 {
		key = "slot 1"
	}
	if p.Check {
		v = 3 * n
	}
	env.Persist(key, v)
	if !p.AckFirst {
		env.Send(from, ack{n})
	}
}

// reads returns the last number that was acknowledged, and the highest that was read.
func reads(s *story) (acknowledged, got int) {
	for _, x := range s.notes {
		switch v := x.What.(type) {
		case acked:
			acknowledged = max(acknowledged, v.N)
		case result:
			got = max(got, v.N)
		}
	}
	return acknowledged, got
}

// keeps claims that what was acknowledged is read.
func keeps(s *story) bool {
	acknowledged, got := reads(s)
	return got >= acknowledged && acknowledged > 0
}

// restart has n1 crash and recover between the last write and the read, after other failures.
func restart(claim func(*story) bool, faults ...sim.At) trial {
	return trial{nodes: 3, until: 4000, disk: sim.LatentDisk{Min: time.Millisecond, Max: 2 * time.Millisecond}, claim: claim,
		faults: append(sim.Schedule(faults), when(2600, sim.Crash{Node: 1}), when(2610, sim.Heal{}), when(2700, sim.Recover{Node: 1}))}
}

// A disk that is slow, or full, keeps all that it says it has, later or only when there is room. Who acknowledges before it
// does loses what was acknowledged; who does not acknowledges nothing while the disk is full, and goes on afterwards.
func TestSlowAndFullDisk(t *testing.T) {
	hasty := &ledger{Servers: 1, AckFirst: true}
	restart(keeps).survives(t, hasty)
	for _, act := range []sim.Action{sim.SlowDisk{Name: "x", Node: 1, Factor: 300}, sim.FullDisk{Name: "x", Node: 1}} {
		x := restart(keeps, when(1050, act))
		x.breaks(t, hasty)
		s := x.survives(t, &ledger{Servers: 1})
		writes, stored := s.some(sim.Persist, 1), s.some(sim.Durable, 1)
		require.Len(t, writes, puts)
		require.Less(t, len(stored), puts, "some waited at the crash")
		for i, e := range stored {
			require.Equal(t, writes[i].Value, e.Value, "in order")
		}
	}
	x := restart(keeps)
	x.faults = sim.Schedule{when(1050, sim.FullDisk{Name: "x", Node: 1}), when(2050, sim.Heal{Name: "x"})}
	s := x.survives(t, &ledger{Servers: 1})
	during := 0
	for _, n := range s.notes {
		if _, ok := n.What.(acked); ok && n.At > ms(1050) && n.At < ms(2050) {
			during++
		}
	}
	require.Zero(t, during)
	acknowledged, got := reads(s)
	require.Equal(t, []int{puts, puts}, []int{acknowledged, got}, "nothing is lost")
}

// A lost write was said to be durable and is not, as a crash shows. One server loses what it acknowledged, two do not.
func TestLostWrites(t *testing.T) {
	x := restart(keeps, when(2050, sim.LoseWrites{Name: "x", Node: 1, P: 1}))
	x.breaks(t, &ledger{Servers: 1})
	s := x.survives(t, &ledger{Servers: 2})
	require.Equal(t, []any{result{20}, result{25}}, results(s), "n1 has what there was before")
}

// results is what the servers said at the end, the lowest first.
func results(s *story) []any {
	var list []any
	for _, x := range s.notes {
		if r, ok := x.What.(result); ok {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b any) int { return a.(result).N - b.(result).N })
	return list
}

// A torn write is neither the old value nor the new one. With a single key all is lost; two in turn have the old or the new.
func TestTornWrites(t *testing.T) {
	oldOrNew := func(s *story) bool {
		acknowledged, got := reads(s)
		return got >= acknowledged-1
	}
	x := restart(oldOrNew, when(2450, sim.TearWrites{Name: "x", Node: 1, P: 1, Max: 1}))
	x.breaks(t, &ledger{Servers: 1})
	s := x.survives(t, &ledger{Servers: 1, Slots: true})
	require.Equal(t, []any{result{24}}, results(s))
}

// Rot damages what is stored. Where it is detected one server has nothing to say, and another has. Where it is not, a server
// says what nobody wrote, unless it checks what it reads.
func TestRot(t *testing.T) {
	detected := restart(keeps, when(2550, sim.Rot{Node: 1, Key: "slot 0"}))
	detected.breaks(t, &ledger{Servers: 1})
	s := detected.survives(t, &ledger{Servers: 2})
	require.Equal(t, []any{result{puts}}, results(s), "n1 knows that it knows nothing")

	written := func(s *story) bool {
		r := results(s)
		return len(r) > 0 && !slices.ContainsFunc(r, func(x any) bool { return x != result{puts} })
	}
	undetected := restart(written, when(2550, sim.Rot{Node: 1, Key: "slot 0", Undetected: true}))
	undetected.breaks(t, &ledger{Servers: 2})
	s = undetected.survives(t, &ledger{Servers: 2, Check: true})
	require.Equal(t, []any{result{puts}}, results(s))
}
