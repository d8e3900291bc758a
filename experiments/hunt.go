package experiments

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"lightcone/sim"
)

// Hunt runs a scenario over seeds, on all cores, and looks for those at which it fails. What it finds does not depend
// on the number of cores, nor on which run ends first.
type Hunt struct {
	Scenario    *Scenario
	First, Last uint64      // the seeds, both included
	KeepGoing   bool        // runs all seeds; else those up to the first that fails
	From        sim.Verdict // what counts as failing: from this verdict on; 0 is anything but Pass and Unseen
	Strict      bool
	Workers     int           // how many runs at once; 0: as many as there are cores
	More        func() bool   // asked before each run whether to go on, for a budget of time; nil: always
	Progress    func(*Hunted) // called after each run, in the order of seeds, with what there is so far; may be nil
}

// Hunted is what a hunt came to.
type Hunted struct {
	Scenario    *Scenario
	First, Last uint64              // the seeds that were run
	Runs        map[sim.Verdict]int // by the verdict of the run
	Checks      []Tally             // in the order in which a run reports them
	Failures    []Failure           // in the order of seeds
	Events      uint64              // handlers and faults executed, in all runs
	VirtualTime sim.Time            // in all runs
}

// Tally is how one check fared over the runs.
type Tally struct {
	Name string
	Runs map[sim.Verdict]int
}

// Failure is a run that failed, by its first check that did.
type Failure struct {
	Seed  uint64
	First Verdict
}

// failed reports whether a verdict is that of a run, or a check, that failed.
func failed(v sim.Verdict) bool { return v > sim.Unseen }

// Run makes the runs. An error means that a run could not be made.
func (h *Hunt) Run() (*Hunted, error) {
	if h.Last < h.First {
		return nil, fmt.Errorf("experiments: seeds are %d to %d, want a first one that is not after the last", h.First, h.Last)
	}
	seeds, runs, stop := make(chan uint64), make(chan ran), make(chan struct{})
	go h.feed(seeds, stop)
	go h.work(seeds, runs)
	found, err := h.collect(runs, stop)
	for range runs { // those under way when the hunt stopped
	}
	return found, err
}

// ran is what a hunt keeps of a run.
type ran struct {
	seed     uint64
	verdicts []Verdict
	events   uint64
	now      sim.Time
	err      error
}

func (h *Hunt) feed(seeds chan<- uint64, stop <-chan struct{}) {
	defer close(seeds)
	for seed := h.First; h.More == nil || seed == h.First || h.More(); seed++ {
		select {
		case seeds <- seed:
		case <-stop:
			return
		}
		if seed == h.Last {
			return
		}
	}
}

func (h *Hunt) work(seeds <-chan uint64, runs chan<- ran) {
	workers := h.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for seed := range seeds {
				runs <- h.run(seed)
			}
		})
	}
	busy.Wait()
	close(runs)
}

func (h *Hunt) run(seed uint64) ran {
	p, err := h.Scenario.Plan(seed)
	if err != nil {
		return ran{seed: seed, err: err}
	}
	o, err := p.Execute(Execution{Strict: h.Strict, Quick: true})
	if err != nil {
		return ran{seed: seed, err: err}
	}
	return ran{seed: seed, verdicts: o.Verdicts, events: o.Result.Events, now: o.Result.Now}
}

// collect adds up the runs in the order of their seeds, and says when to stop.
func (h *Hunt) collect(runs <-chan ran, stop chan<- struct{}) (*Hunted, error) {
	found := &Hunted{Scenario: h.Scenario, First: h.First, Last: h.First, Runs: map[sim.Verdict]int{}}
	early := map[uint64]ran{}
	for next := h.First; ; next++ {
		r, ok := early[next]
		for !ok {
			got, more := <-runs
			if !more {
				return found, nil
			}
			early[got.seed] = got
			r, ok = early[next]
		}
		delete(early, next)
		if r.err != nil {
			close(stop)
			return nil, fmt.Errorf("experiments: seed %d: %w", r.seed, r.err)
		}
		found.add(r, max(h.From, sim.Undecided))
		if h.Progress != nil {
			h.Progress(found)
		}
		if len(found.Failures) > 0 && !h.KeepGoing {
			close(stop)
			return found, nil
		}
	}
}

func (d *Hunted) add(r ran, from sim.Verdict) {
	d.Last = r.seed
	d.Events += r.events
	d.VirtualTime += r.now
	worst := sim.Pass
	first := Verdict{}
	for _, v := range r.verdicts {
		d.tally(v)
		worst = max(worst, v.Verdict)
		if v.Verdict >= from && first.Verdict < from {
			first = v
		}
	}
	if worst == sim.Unseen {
		worst = sim.Pass
	}
	d.Runs[worst]++
	if worst >= from {
		d.Failures = append(d.Failures, Failure{r.seed, first})
	}
}

func (d *Hunted) tally(v Verdict) {
	i := slices.IndexFunc(d.Checks, func(t Tally) bool { return t.Name == v.Name })
	if i < 0 {
		i = len(d.Checks)
		d.Checks = append(d.Checks, Tally{v.Name, map[sim.Verdict]int{}})
	}
	d.Checks[i].Runs[v.Verdict]++
}

// Total returns the number of runs.
func (d *Hunted) Total() int {
	n := 0
	for _, count := range d.Runs {
		n += count
	}
	return n
}

// Verdict is the worst of the runs'.
func (d *Hunted) Verdict() sim.Verdict {
	worst := sim.Pass
	for v := range d.Runs {
		worst = max(worst, v)
	}
	return worst
}

// Unseen returns the checks that came true in no run at all: what they look for, the hunt has not tested.
func (d *Hunted) Unseen() []string {
	var names []string
	for _, t := range d.Checks {
		if t.Runs[sim.Unseen] == d.Total() {
			names = append(names, t.Name)
		}
	}
	return names
}
