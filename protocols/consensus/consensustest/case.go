package consensustest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// Case is one test.
type Case struct {
	Name          string
	Section       string // of the dissertation (§) or the paper
	Holds         string // what must hold
	Servers       int
	SnapshotEvery int
	Clients       int                                   // kv.Clients beside the tester
	Clock         func(sim.NodeID, *sim.Rand) sim.Clock // as in sim.Config; nil: all clocks are perfect
	Run           func(*Cluster)
}

// DefaultRuns is how many seeds Test tries; in -short mode it is one.
const DefaultRuns = 3

// Test tries the case over seeds 1 to DefaultRuns, or those that the flags of simtest name.
func (k Case) Test(t *testing.T, s System) {
	t.Helper()
	if why, ok := s.Missing[k.Name]; ok {
		t.Skipf("%s has no %s", s.Name, why)
	}
	runs := DefaultRuns
	if testing.Short() {
		runs = 1
	}
	simtest.Each(t, runs, func(seed uint64, log []sim.Observer) error { return k.Try(s, seed, log...) })
}

// Try runs the case for one seed, and returns what does not hold.
func (k Case) Try(s System, seed uint64, observers ...sim.Observer) error {
	c, err := k.cluster(s, seed, observers)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", s.Name, k.Name, err)
	}
	defer c.world.Close()
	if err := c.run(k.Run); err != nil {
		r := c.world.Result()
		return fmt.Errorf("%s: %s (%s): %w\n    must hold: %s\n    seed %d, event %d, virtual time %v, digest %016x",
			s.Name, k.Name, k.Section, err, k.Holds, seed, r.Records, r.Now, r.Digest)
	}
	return nil
}

// cluster makes the world of a case.
func (k Case) cluster(s System, seed uint64, observers []sim.Observer) (*Cluster, error) {
	serve, err := s.New(Setting{k.Servers, k.SnapshotEvery})
	if err != nil {
		return nil, err
	}
	c := &Cluster{
		system: s, servers: k.Servers, tester: sim.NodeID(k.Servers), cut: make([]bool, k.Servers), rand: sim.NewRand(seed, 0xc0),
		history: kv.NewRecorder(), meter: &meter{servers: sim.NodeID(k.Servers)}, network: newWeather(sim.NodeID(k.Servers)),
	}
	c.world, err = sim.New(sim.Config{
		Seed: seed, Nodes: k.Servers + 1 + k.Clients, Strict: true, Clock: k.Clock,
		Network:    c.network,
		Disk:       sim.LatentDisk{Min: 200 * time.Microsecond, Max: time.Millisecond, Kept: 0.5},
		Properties: consensus.Properties(k.Servers),
		Observers:  append([]sim.Observer{c.history, c.meter}, observers...),
		New: func(id sim.NodeID) sim.Process {
			switch {
			case id < c.tester:
				return serve(id)
			case id == c.tester:
				return &tester{}
			}
			return kv.NewClient(clientConfig(k.Servers))
		},
	})
	return c, err
}

// failed is what unwinds a case of which something does not hold.
type failed struct{ err error }

// run runs the code of a case, and then judges the run as a whole.
func (c *Cluster) run(body func(*Cluster)) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failed:
			err = p.err
		default:
			panic(p)
		}
	}()
	c.Run(0) // the processes start
	body(c)
	c.judge()
	return nil
}

// judge checks what must hold of every run, whatever it was about.
func (c *Cluster) judge() {
	for _, p := range c.world.Result().Properties {
		if p.Mode == sim.Sometimes && p.Verdict != sim.Pass {
			c.fail(fmt.Errorf("not once %s: nothing was tested", p.Name))
		}
	}
	c.sameStates()
	if r := check.Linearizable(c.history.History(sim.Never), check.Options{}); r.Verdict != check.Holds {
		c.fail(fmt.Errorf("what clients saw is not linearizable: %s (%v)", r.Detail, r.Verdict))
	}
}

// Require ends the case with a failure unless ok.
func (c *Cluster) Require(ok bool, format string, args ...any) {
	if !ok {
		c.fail(fmt.Errorf(format, args...))
	}
}

func (c *Cluster) fail(err error) { panic(failed{err}) }

// check ends the case if the world has failed.
func (c *Cluster) check(err error) {
	var e *sim.Error
	if errors.As(err, &e) {
		c.fail(errors.New(e.What))
	}
	if err != nil {
		c.fail(err)
	}
}
