package simtest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lightcone/sim"
)

// TestProcess checks that the processes made by cfg.New keep the rules that every sim.Process must keep, and fails the
// test with the name of each rule that is broken and where:
//
//   - the factory keeps no state: a process that it makes after a run is like one that it made before;
//   - nobody changes a message after Send, neither its sender nor its receiver, nor a value after Persist;
//   - no process keeps an Env;
//   - equal runs: the same seed gives the same events, contents and digest, every time;
//   - clones (of a sim.Cloner) are complete, and share no state with their original;
//   - a crash after any effect of a handler and a recovery do not make a process panic;
//   - a message of an unknown type makes it panic.
//
// The run that cfg describes should exercise the process: all kinds of messages, some timeouts, losses. At most its
// first 400 events are looked at, so it need not end. Its properties are not judged: Run does that.
func TestProcess(t testing.TB, cfg sim.Config) {
	t.Helper()
	cfg.Properties, cfg.Strict = nil, false
	if _, err := sim.New(cfg); err != nil {
		t.Fatal(err)
	}
	c := &contract{cfg: cfg}
	// Each rule rests on those before it: a process that ranges over a map has no clones that go the same way.
	determinism := firstBroken(c.factory, c.values, c.strict, c.repeats, c.clones)
	for _, broken := range []string{determinism, c.crashes(), c.unknown()} {
		if broken != "" {
			t.Errorf("%s breaks the contract of a Process: %s", c.types(), broken)
		}
	}
}

// firstBroken checks rules up to the first that is broken.
func firstBroken(rules ...func() string) string {
	for _, rule := range rules {
		if broken := rule(); broken != "" {
			return broken
		}
	}
	return ""
}

const (
	contractEvents = 400 // how many events of a run are looked at
	repeats        = 8   // runs that must be alike; two orders of a map of two entries are, in half of all pairs
	forkPoints     = 12
)

// contract is one process under test. Each of its rules returns what broke it, "" if nothing did.
type contract struct{ cfg sim.Config }

// world makes a world of the configuration.
func (c *contract) world(observers ...sim.Observer) *sim.World {
	cfg := c.cfg
	cfg.Observers = append(slices.Clone(cfg.Observers), observers...)
	w, err := sim.New(cfg)
	if err != nil {
		panic(err) // TestProcess made one of the same configuration
	}
	return w
}

// types lists the types of the processes.
func (c *contract) types() string {
	var types []string
	for id := range sim.NodeID(c.cfg.Nodes) {
		if t := fmt.Sprintf("%T", c.cfg.New(id)); !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return strings.Join(types, ", or ")
}

// finish runs a world up to the end of what the contract looks at, and closes it.
func (c *contract) finish(w *sim.World) {
	defer w.Close()
	until := c.cfg.Until
	if until == 0 {
		until = sim.Never - 1
	}
	for w.Result().Events < contractEvents && w.NextTime() <= until && w.Step() {
	}
}

// run runs the configuration once.
func (c *contract) run() *stream {
	s := &stream{}
	w := c.world(s)
	c.finish(w)
	s.result = w.Result()
	return s
}

// factory checks that New keeps no state.
func (c *contract) factory() string {
	var before [][]leaf
	for id := range sim.NodeID(c.cfg.Nodes) {
		before = append(before, leaves(c.cfg.New(id)))
	}
	c.finish(c.world())
	for id := range sim.NodeID(c.cfg.Nodes) {
		if d := differs(before[id], leaves(c.cfg.New(id))); d != "" {
			return fmt.Sprintf("state kept in the factory: New(%v) gives another process after a run than before: %s", id, d)
		}
	}
	return ""
}

// strict runs in strict mode, which takes the Env away after each handler.
func (c *contract) strict() string {
	strict := *c
	strict.cfg.Strict = true
	w := strict.world()
	c.finish(w)
	if e, ok := w.Err().(*sim.Error); ok && e.Verdict == sim.Panicked {
		return strings.TrimSpace(fmt.Sprintf("in strict mode, %v\n%s", e, e.Stack))
	}
	return ""
}

// repeats checks that runs of one seed are alike.
func (c *contract) repeats() string {
	a := c.run()
	for range repeats {
		b := c.run()
		if i := firstDifference(a.events, b.events); i >= 0 {
			return fmt.Sprintf("runs of seed %d differ: %s%s", c.cfg.Seed, suspicion(a.events, b.events, i), parting(a.events, b.events, i))
		}
		if d := divergence(a, b); d != "" {
			return fmt.Sprintf("runs of seed %d differ: %s", c.cfg.Seed, d)
		}
	}
	return ""
}

// suspicion says why two runs part at event i: a handler that does the same things in another order, or says the same
// in another order, has ranged over a map.
func suspicion(a, b []happening, i int) string {
	x, y := effectsAround(a, i), effectsAround(b, i)
	if sorted(x) == sorted(y) {
		return "map order: a handler had the same effects in another order"
	}
	if sortedLetters(x) == sortedLetters(y) {
		return "map order: an effect of a handler has the same contents in another order"
	}
	return "a handler did something else: map order, global randomness, true time, or state outside the process"
}

// effectsAround returns the texts of the effects of the handler that event i belongs to.
func effectsAround(hs []happening, i int) []string {
	if i >= len(hs) {
		return nil
	}
	from := i
	for from > 0 && !hs[from].kind.Handler() {
		from--
	}
	var texts []string
	for _, h := range hs[from+1:] {
		if h.kind.Handler() {
			break
		}
		texts = append(texts, h.text)
	}
	return texts
}

func sorted(texts []string) string {
	texts = slices.Clone(texts)
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}

func sortedLetters(texts []string) string {
	letters := []rune(strings.Join(texts, ""))
	slices.Sort(letters)
	return string(letters)
}

// unknownMessage is a message that no process knows.
type unknownMessage struct{}

// unknown checks that no process takes a message of an unknown type in silence: one node of each type of process.
func (c *contract) unknown() string {
	seen := map[reflect.Type]bool{}
	for id := range sim.NodeID(c.cfg.Nodes) {
		p := c.cfg.New(id)
		t := reflect.TypeOf(p)
		if seen[t] {
			continue
		}
		seen[t] = true
		if broken := c.takesUnknown(id, p); broken != "" {
			return broken
		}
	}
	return ""
}

func (c *contract) takesUnknown(id sim.NodeID, p sim.Process) string {
	r, err := newRecorder(p, id, c.cfg.Nodes)
	if err != nil {
		return err.Error()
	}
	if err := r.do(input{kind: sim.Init}); err != nil {
		return fmt.Sprintf("Init of %v (%T): %v", id, p, err)
	}
	from := (id + 1) % sim.NodeID(c.cfg.Nodes)
	if r.do(input{kind: sim.Deliver, from: from, value: unknownMessage{}}) == nil {
		return fmt.Sprintf("unknown message: Receive of %v (%T) takes a %T without a panic", id, p, unknownMessage{})
	}
	return ""
}
