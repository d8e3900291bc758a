package experiments

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols"
	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// watched runs clocks-wan with overrides and returns what its watch saw.
func watched(t *testing.T, seed uint64, more sim.Observer, sets ...string) (*Plan, *stampWatch, sim.Time) {
	t.Helper()
	s, _, err := Open("clocks-wan", sets...)
	require.NoError(t, err)
	p, err := s.Plan(seed)
	require.NoError(t, err)
	delay, err := linkDelays(s)
	require.NoError(t, err)
	w := newStampWatch(p.Config.Nodes, delay)
	p.Config.Observers = append(p.Config.Observers, w)
	if more != nil {
		p.Config.Observers = append(p.Config.Observers, more)
	}
	world, err := sim.New(p.Config)
	require.NoError(t, err)
	r := world.Run()
	require.NoError(t, r.Err)
	return p, w, r.Now
}

// closure is an independent account of the stamped events: each with the set of all events before it, as bits.
type closure struct {
	events []closed
	last   map[sim.NodeID]*big.Int
	sends  map[uint64]*big.Int
	from   map[sim.NodeID]*big.Int // the past that a message just brought
	open   map[sim.NodeID]uint64   // a send that the node's next event is
}

type closed struct {
	node sim.NodeID
	s    protocols.Stamp
	past *big.Int
}

func (c *closure) Observe(e *sim.Event) {
	switch v := e.Value.(type) {
	case traffic.Message[protocols.Stamp]:
		if e.Kind == sim.Send {
			c.open[e.Node] = e.ID
		} else if e.Kind == sim.Deliver {
			c.from[e.Node] = c.sends[e.Link]
		}
	case protocols.Stamp:
		past := new(big.Int)
		if l := c.last[e.Node]; l != nil {
			past.Or(past, l)
		}
		if f := c.from[e.Node]; f != nil {
			past.Or(past, f)
		}
		c.events = append(c.events, closed{e.Node, v, new(big.Int).Set(past)})
		past.SetBit(past, len(c.events)-1, 1)
		c.last[e.Node], c.from[e.Node] = past, nil
		if id := c.open[e.Node]; id != 0 {
			c.sends[id], c.open[e.Node] = past, 0
		}
	}
}

func TestPairsAreCountedAsOneByOne(t *testing.T) {
	c := &closure{last: map[sim.NodeID]*big.Int{}, sends: map[uint64]*big.Int{}, from: map[sim.NodeID]*big.Int{}, open: map[sim.NodeID]uint64{}}
	_, w, _ := watched(t, 3, c, "duration=10s", "params.interval=50ms", "clocks.sync.every=2s")
	var want pairs
	want.events = len(c.events)
	for j, b := range c.events {
		for i, a := range c.events {
			if a.node == b.node {
				continue
			}
			if a.s.Lamport.Time < b.s.Lamport.Time {
				want.ordered++
			}
			before := b.past.Bit(i) == 1
			require.Equal(t, before, a.s.Vector.Before(b.s.Vector), "events %d and %d", i, j)
			if !before {
				continue
			}
			want.causal++
			if a.s.Wall > b.s.Wall {
				want.inverted++
			}
			if a.s.Lamport.Time >= b.s.Lamport.Time {
				want.lamport++
			}
			if !a.s.HLC.Before(b.s.HLC) {
				want.hybrid++
			}
		}
	}
	require.NotZero(t, want.inverted, "nothing was inverted: the test shows nothing")
	require.NotZero(t, want.ordered-want.causal, "nothing was concurrent and ordered: the test shows nothing")
	require.Equal(t, want, w.count())
}

func TestInvertedAsExpectedOverManySeeds(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		_, w, end := watched(t, seed, nil, "duration=2m", "clocks.sync.every=40s")
		w.settle(end)
		var all shares
		for _, f := range w.flights {
			all.add(f)
		}
		require.NotZero(t, all.messages)
		require.LessOrEqual(t, all.deviation(), 4.0, "seed %d: %d inverted, expected %.1f", seed, all.inverted, all.mean)
	}
}

// A network that is faster than the matrix says inverts more than expected: the agreement must see it.
func TestAgreementSeesAWrongNetwork(t *testing.T) {
	s, study, err := Open("clocks-wan")
	require.NoError(t, err)
	p, err := s.Plan(2)
	require.NoError(t, err)
	m, err := network.AWS().Network(s.Regions, network.Jitter{Extra: dist.Constant{}})
	require.NoError(t, err)
	p.Config.Network = m
	o, err := p.Execute(Execution{Study: study})
	require.NoError(t, err)
	verdicts := map[string]sim.Verdict{}
	for _, v := range o.Verdicts {
		verdicts[v.Name] = v.Verdict
	}
	require.Equal(t, sim.Violation, verdicts["inverted as expected"])
	require.Equal(t, sim.Pass, verdicts["lamport never inverts"])
}

// What the closed form does not cover is refused, and named.
func TestClocksWANSaysWhatItCannotExpect(t *testing.T) {
	for set, want := range map[string]string{
		"protocol=lamport":                          `protocol is "lamport", want clocks`,
		"network.matrix=null":                       "network.matrix is missing, want aws",
		"network.duplicate=0.1":                     "network.duplicate is set, want none",
		"network.fifo=true":                         "network.fifo is set, want none",
		"network.bandwidth=1Mbit/s":                 "network.bandwidth is set, want none",
		"network.jitter=pareto(min=1ms, alpha=1.1)": "network.jitter is pareto(min=1ms, alpha=1.1), want a law that all but never makes a delay of 2s",
		"faults=[{kind: heal, at: 1s}, {kind: crash, node: 1, at: 1s, for: 1s}]": "faults[1] is a crash, want none",
		"faults=[{kind: pause, node: 1, up: 1m, down: 1s}]":                      "faults[0] is a pause, want none",
	} {
		sets := []string{set, "duration=3s"}
		if set == "network.matrix=null" {
			sets = append(sets, "network.jitter=null")
		}
		s, study, err := Open("clocks-wan", sets...)
		require.NoError(t, err, set)
		p, err := s.Plan(1)
		require.NoError(t, err, set)
		_, err = p.Execute(Execution{Study: study})
		require.ErrorContains(t, err, "experiments: study clocks-wan: "+want)
	}
}

// What it covers keeps its expected value: lost messages, partitions, stepped clocks, several nodes in a region.
func TestClocksWANExpectsUnderFaults(t *testing.T) {
	for _, set := range []string{
		"network.loss=0.3", "network.corrupt={share: 0.2}", "nodes=8",
		"faults=[{kind: partition, nodes: [1], at: 10s, for: 10s}, {kind: wall-step, node: 2, at: 30s, by: -40ms}]",
	} {
		_, w, end := watched(t, 5, nil, "duration=2m", "clocks.sync.every=40s", set)
		w.settle(end)
		var all shares
		for _, f := range w.flights {
			all.add(f)
		}
		require.NotZero(t, all.inverted, set)
		require.True(t, all.agrees(), "%s: %d inverted, expected %.1f", set, all.inverted, all.mean)
	}
}

// A trace that ends early has a picture of what it holds.
func TestInvertedPairIsOneOfTheTrace(t *testing.T) {
	for _, events := range []string{"1", "20000"} {
		s, study, err := Open("clocks-wan", "trace.events="+events)
		require.NoError(t, err)
		p, err := s.Plan(1)
		require.NoError(t, err)
		o, err := p.Execute(Execution{Study: study, Record: true})
		require.NoError(t, err)
		for _, m := range o.Picture.Marks {
			for _, id := range m.Events {
				require.Less(t, id, uint64(20000))
			}
		}
		require.Equal(t, events == "20000", len(o.Picture.Marks) > 0)
		_, err = o.ResultFiles()
		require.NoError(t, err)
	}
}

func TestLinkTableSaysWhetherEachLinkAgrees(t *testing.T) {
	p, w, end := watched(t, 1, nil)
	w.settle(end)
	links := make([]shares, 25)
	for _, f := range w.flights {
		links[int(f.from)*5+int(f.to)].add(f)
	}
	rows, err := csv.NewReader(bytes.NewReader(linkTable(p, links))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 21)
	require.Equal(t, []string{"n4", "us-east-2", "n3", "us-east-1"}, rows[20][:4])
	require.Equal(t, "true", rows[20][10])
	require.Equal(t, sim.Pass, linksVerdict(p, links).Verdict)

	links[23].inverted += 40
	rows, err = csv.NewReader(bytes.NewReader(linkTable(p, links))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, "false", rows[20][10])
	v := linksVerdict(p, links)
	require.Equal(t, sim.Violation, v.Verdict)
	require.Contains(t, v.Detail, "19 of 20 links (links.csv); farthest off is n4 us-east-2 to n3 us-east-1: ")
}

func TestExpectedInvertedHasItsLimits(t *testing.T) {
	link := func(sim.NodeID, sim.NodeID) linkDelay { return linkDelay{base: 10 * time.Millisecond} }
	require.InDelta(t, 0, newInvertedForm(3, link).share(time.Millisecond), 1e-9)
	require.InDelta(t, 0.5, newInvertedForm(3, link).share(time.Hour), 1e-4)
	// P(N(0, 2 sd^2) > 10 ms) for sd = 10 ms / sqrt 2 is P(N(0,1) > 1) = 0.158655 (any table of the normal law).
	require.InDelta(t, 0.158655, newInvertedForm(3, link).share(7071068*time.Nanosecond), 1e-6)
}
