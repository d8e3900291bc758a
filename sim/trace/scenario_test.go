package trace

import (
	"fmt"
	"testing"
	"time"

	"lightcone/sim"
)

// job is what clients ask of the worker in the test's scenario.
type job struct {
	N    int
	Body string
}

func (j job) String() string { return fmt.Sprintf("job %d", j.N) }

// done is the answer to a job. It has no String method.
type done struct {
	N int
}

// worker is node 0: it writes each job before it answers. Client nodes send it jobs, with a timer for each.
type worker struct{ jobs int }

func (p *worker) Init(env *sim.Env) {
	if v, ok := env.Recall("jobs"); ok {
		p.jobs, _ = v.(int)
	}
	env.After(100*time.Millisecond, "tick")
}

func (p *worker) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	j := m.(job)
	p.jobs++
	env.Persist("jobs", p.jobs)
	env.Send(from, done{j.N})
}

func (p *worker) Timeout(env *sim.Env, tag any) {
	env.Notef("%d jobs so far", p.jobs)
	env.After(100*time.Millisecond, tag)
}

func (p *worker) Badge() (role, text string) {
	if p.jobs > 0 {
		return "worker", fmt.Sprintf("%d jobs", p.jobs)
	}
	return "", ""
}

type client struct {
	n     int
	timer sim.Timer
}

func (p *client) Init(env *sim.Env) {
	env.After(time.Duration(env.ID())*7*time.Millisecond, "next")
	if env.ID() == 1 {
		env.Send(env.ID(), job{N: 0})
	}
}

func (p *client) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	if _, ok := m.(done); ok {
		env.Cancel(p.timer)
	}
}

func (p *client) Timeout(env *sim.Env, tag any) {
	if tag == "retry" {
		env.Note("gave up")
		return
	}
	p.n++
	env.Send(0, job{N: p.n, Body: "x"})
	p.timer = env.After(26*time.Millisecond, "retry")
	env.After(40*time.Millisecond, "next")
}

// fates is a network in which the k-th message of each link has a fate of its own.
type fates struct{}

func (fates) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	delay := 8*time.Millisecond + time.Duration(p.From)*time.Millisecond
	switch j, _ := p.Message.(job); {
	case p.From == 1 && j.N == 2:
		return append(dst, sim.Copy{Delay: 4 * time.Millisecond, Cause: sim.Loss})
	case p.From == 2 && j.N == 2:
		return append(dst, sim.Copy{Delay: delay}, sim.Copy{Delay: 2 * delay})
	case p.From == 3 && j.N == 1:
		return append(dst, sim.Copy{Delay: delay, Altered: job{N: 100, Body: "y"}})
	case p.From == 3 && j.N == 2:
		return append(dst, sim.Copy{Delay: 35 * time.Millisecond})
	case p.From == 2 && j.N == 5:
		return append(dst, sim.Copy{Delay: 3 * time.Millisecond, Cause: sim.Corrupt})
	}
	return append(dst, sim.Copy{Delay: delay})
}

// driftClock runs fast by a number of parts per million and starts off by some time.
type driftClock struct {
	ppm    int64
	offset sim.Local
}

func (c driftClock) Read(t sim.Time) sim.Local {
	return c.offset + sim.Local(t) + sim.Local(int64(t)/1000*c.ppm/1000)
}

func (c driftClock) When(l sim.Local) sim.Time {
	t := sim.Time(int64(l-c.offset) * 1_000_000 / (1_000_000 + c.ppm))
	for c.Read(t-1) >= l {
		t--
	}
	for c.Read(t) < l {
		t++
	}
	return t
}

// say is an action that the engine does not know.
type say struct {
	node sim.NodeID
	text string
}

func (a say) Apply(c *sim.Control) { c.Record(a.node, a.text) }
func (a say) String() string       { return a.text }

func milli(n int64) sim.Time { return sim.Time(n) * sim.Time(time.Millisecond) }

// everything is a run in which every kind of event occurs, and every fate of a message that the engine and this network
// can bring about.
func everything(observers ...sim.Observer) sim.Config {
	return sim.Config{
		Seed:  7,
		Nodes: 4,
		New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return &worker{}
			}
			return &client{}
		},
		Network: fates{},
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			return driftClock{ppm: 20_000 * int64(id), offset: sim.Local(id) * sim.Local(5*time.Millisecond)}
		},
		Disk: sim.LatentDisk{Min: 2 * time.Millisecond, Max: 2 * time.Millisecond, Torn: 1},
		Drop: []sim.MessageName{{From: 2, To: 0, K: 4}},
		Faults: []sim.Fault{sim.Schedule{
			{Time: milli(60), Action: sim.StepWall{Node: 3, By: -30 * time.Millisecond}},
			{Time: milli(72), Action: sim.Pause{Node: 1}},
			{Time: milli(104), Action: sim.Resume{Node: 1}},
			{Time: milli(110), Action: sim.Cut{Name: "east", From: []sim.NodeID{0, 1}, To: []sim.NodeID{3}}},
			{Time: milli(148), Action: sim.Heal{Name: "east"}},
			{Time: milli(156), Action: say{2, "n2 overheats"}},
			{Time: milli(160), Action: say{sim.Nobody, "a storm"}},
			{Time: milli(188), Action: sim.CrashDuring{Node: 0, After: 1}},
			{Time: milli(225), Action: sim.Recover{Node: 0}},
		}},
		Until:     milli(300),
		Observers: observers,
	}
}

// record runs a configuration and returns its trace.
func record(t testing.TB, c sim.Config, k Keep, h Header) *Trace {
	t.Helper()
	h.Nodes, h.Seed = c.Nodes, c.Seed
	r := &Recorder{Header: h, Keep: k}
	c.Observers = append(c.Observers, r)
	w, err := sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	result := w.Run()
	if result.Err != nil {
		t.Fatal(result.Err)
	}
	trace := r.Trace()
	trace.Header.Digest = fmt.Sprintf("%016x", result.Digest)
	trace.Header.End = max(trace.Header.End, result.Now)
	return trace
}

var everythingHeader = Header{Scenario: "everything", Title: "Three clients, a worker and all that can go wrong",
	Lanes: []string{"worker", "Ohio", "Paris", "Tokyo"}}

func everythingTrace(t testing.TB) *Trace { return record(t, everything(), Keep{}, everythingHeader) }

// TestEverythingOccurs keeps the scenario honest: tests of pictures rest on it.
func TestEverythingOccurs(t *testing.T) {
	tr := everythingTrace(t)
	if err := tr.Check(); err != nil {
		t.Fatal(err)
	}
	seen := map[sim.Kind]bool{}
	causes := map[sim.Cause]bool{}
	for _, e := range tr.Events {
		seen[e.Kind] = true
		causes[e.Cause] = true
	}
	for k := sim.Init; k <= sim.Custom; k++ {
		if !seen[k] {
			t.Errorf("no event of kind %v in the scenario", k)
		}
	}
	for _, c := range []sim.Cause{sim.Loss, sim.Partition, sim.Dead, sim.Corrupt, sim.Edited} {
		if !causes[c] {
			t.Errorf("no loss by %v in the scenario", c)
		}
	}
}
