package experiments

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/models/network"
	"lightcone/sim/check"
)

// MaxNodes is how many nodes a scenario may have.
const MaxNodes = 1_000_000

// The checks that do not come from the protocol.
const (
	checkTiming = "timing" // the network kept to its timing model
	checkRecord = "record" // the record of the run adds up: recordAbout
)

const recordAbout = "every message is accounted for, and nothing runs while it is down"

// checker checks what a schema cannot say: how the parts of a scenario fit together.
type checker struct {
	*Scenario
	nodes    int      // how many run the protocol; 0 if that is not known
	given    Problems // what is known to be wrong already: a part of the scenario may then be missing
	problems Problems
}

// check returns what is wrong with how the parts fit together, beside what is given.
func (s *Scenario) check(given Problems) Problems {
	c := &checker{Scenario: s, nodes: s.NodeCount(), given: given}
	c.population()
	c.clients()
	c.length()
	c.network()
	c.clocks()
	c.disk()
	for i := range s.Faults {
		c.fault(&s.Faults[i], element("$.faults", i))
	}
	c.domains()
	c.budget()
	c.selection()
	c.availability()
	c.sweep()
	return c.problems
}

// NodeCount returns how many nodes run the protocol.
func (s *Scenario) NodeCount() int {
	if s.Nodes == 0 {
		return len(s.Regions)
	}
	return s.Nodes
}

// bad reports a problem at a path: with the value there or, if there is none, with the nearest one around it.
func (c *checker) bad(path, got, want string) {
	v := c.document.follow(path)
	if got == "" {
		got = v.String()
	}
	c.problems = append(c.problems, v.problem(path, got, want))
}

// follow returns the value at a path, or the nearest around it.
func (v *value) follow(path string) *value {
	location := strings.FieldsFunc(strings.TrimPrefix(path, "$"), func(r rune) bool { return strings.ContainsRune(".[]", r) })
	found, _ := locate(v, location)
	return found
}

func (c *checker) has(path ...string) bool {
	v := c.document
	for _, name := range path {
		if v = v.get(name); v == nil {
			return false
		}
	}
	return true
}

// hasAt reports whether there is a value at a path.
func (c *checker) hasAt(path string) bool {
	i := strings.LastIndexByte(path, '.')
	return c.document.follow(path[:i]).get(path[i+1:]) != nil
}

func (c *checker) population() {
	if !c.has("nodes") && !c.has("regions") {
		c.bad("$.nodes", "nothing", "how many nodes there are (or regions, one node in each)")
	}
	if c.Network.Matrix == "" {
		return
	}
	if !c.has("regions") {
		c.bad("$.regions", "nothing", "the regions of the matrix that the nodes are in")
	}
	known := network.AWS().Regions()
	for i, r := range c.Regions {
		if !slices.Contains(known, r) {
			c.bad(element("$.regions", i), strconv.Quote(shorten(r, 60))+", which is not in the matrix", oneOf(r, known))
		}
	}
}

func (c *checker) network() {
	n := &c.Network
	if n.Matrix != "" && n.Latency != nil {
		c.bad("$.network.latency", "a latency beside a matrix", "one of them (jitter adds to a matrix)")
	}
	if n.Jitter != nil && n.Matrix == "" {
		c.bad("$.network.jitter", "jitter without a matrix", "a matrix, or a latency law that spreads")
	}
	if n.Queue != nil && n.Bandwidth == nil {
		c.bad("$.network.queue", "a queue without a bandwidth", "a bandwidth that fills it")
	}
	if n.Timing != nil {
		c.timing(n.Timing)
	}
}

// timing checks that the figures of a timing model are those of that model.
func (c *checker) timing(t *Timing) {
	const synchronous, partially, asynchronous = "synchronous", "partially-synchronous", "asynchronous"
	only := func(key string, models ...string) {
		if t.Model != "" && c.has("network", "timing", key) && !slices.Contains(models, t.Model) {
			c.bad("$.network.timing."+key, key+" in an "+t.Model+" network", "it only in "+strings.Join(models, " or "))
		}
	}
	only("delta", synchronous, partially)
	only("gst", partially)
	only("early-loss", partially)
	only("held", asynchronous)
	only("starved", asynchronous)
	only("reversed", asynchronous)
	if !c.has("network", "timing", "delta") && (t.Model == synchronous || t.Model == partially) {
		c.bad("$.network.timing.delta", "nothing", "the bound on a message's delay, such as 100ms")
	}
	if t.Delta != nil && t.Model == synchronous && !t.Delta.constant() {
		c.bad("$.network.timing.delta", "", "a duration: the bound of a synchronous network is known")
	}
	if t.Delta != nil && t.Delta.constant() && drawn(t.Delta, 0, 0) <= 1 {
		c.bad("$.network.timing.delta", "", "a bound of more than 1ns")
	}
}

func (c *checker) length() {
	if c.has("duration") && c.Duration == 0 {
		c.bad("$.duration", "", "more than 0s")
	}
	if c.Duration > 0 && c.WarmUp >= c.Duration {
		c.bad("$.warm-up", "", fmt.Sprintf("less than the scenario's duration, %v", time.Duration(c.Duration)))
	}
	if c.Clocks.Sync != nil && !c.has("duration") {
		c.bad("$.duration", "nothing", "how long the run is, since clocks are synchronised without end")
	}
}

func (c *checker) clocks() {
	for i, s := range c.Clocks.Steps {
		c.inRange(s.Nodes, member(element("$.clocks.steps", i), "nodes"))
	}
	if w := c.Clocks.Walk; w != nil && w.Every == 0 && c.has("clocks", "walk", "every") {
		c.bad("$.clocks.walk.every", "", "more than 0s")
	}
	if s := c.Clocks.Sync; s != nil {
		c.node(int(s.Server), "$.clocks.sync.server")
		if s.Every == 0 && c.has("clocks", "sync", "every") {
			c.bad("$.clocks.sync.every", "", "more than 0s")
		}
	}
}

func (c *checker) disk() {
	if d := c.Disk; d.Kept+d.Torn > 1 {
		c.bad("$.disk.torn", fmt.Sprintf("%g torn and %g kept", d.Torn, d.Kept), "at most 1 together")
	}
}

// selection checks that the protocol accepts its parameters, and that the named checks exist.
func (c *checker) selection() {
	entry, ok := c.entry()
	if !ok || c.nodes < 1 || c.nodes > MaxNodes || concerns(c.given, "$.params") {
		return
	}
	instance, err := entry.Build(c.Params, c.nodes)
	if err != nil {
		c.refused(err)
		return
	}
	names := []string{checkTiming, checkRecord}
	for _, p := range slices.Concat(instance.Properties, instance.Moments) {
		names = append(names, p.Name)
	}
	c.until(instance)
	for _, h := range check.All() {
		names = append(names, h.Name)
	}
	for i, name := range c.Checks {
		switch {
		case !slices.Contains(names, name):
			c.bad(element("$.checks", i), "", oneOf(name, names))
		case c.Clients == nil && isHistoryCheck(name):
			c.bad(element("$.checks", i), name+" without clients", "clients whose history is checked")
		}
	}
	if c.Checks != nil && slices.Contains(c.Checks, checkTiming) && c.Network.Timing == nil {
		c.bad("$.checks", "timing without a timing model", "a model in network.timing")
	}
}

// concerns reports whether any of the problems is with the value at a path, or inside it.
func concerns(ps Problems, path string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return strings.HasPrefix(p.Path, path) })
}

// refused reports what the protocol finds wrong with its parameters: lines of `protocols: what is got, want ...`.
func (c *checker) refused(err error) {
	for _, line := range strings.Split(err.Error(), "\n") {
		got, want, ok := strings.Cut(strings.TrimPrefix(line, "protocols: "), ", want ")
		if !ok {
			want = "parameters that the protocol accepts"
		}
		c.bad("$.params", shorten(got, 200), shorten(want, 200))
	}
}

func (c *checker) node(id int, path string) {
	if n := c.Population(); c.nodes > 0 && id >= n {
		c.bad(path, fmt.Sprintf("node %d", id), fmt.Sprintf("a node from 0 to %d", n-1))
	}
}

func (c *checker) inRange(ids []NodeRef, path string) {
	for i, id := range ids {
		c.node(int(id), element(path, i))
	}
}

// beyond reports a time after the end of the run.
func (c *checker) beyond(d *Duration, path string) {
	if d != nil && c.Duration > 0 && *d > c.Duration {
		c.bad(path, "", fmt.Sprintf("at most the scenario's duration, %v", time.Duration(c.Duration)))
	}
}
