package experiments

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/models/network"
	"lightcone/protocols"
)

// clients checks that clients have somebody to ask, and that the figures of each of their parts are those of its law.
func (c *checker) clients() {
	if c.Clients == nil {
		return
	}
	if entry, ok := c.entry(); ok && !entry.Serves {
		c.bad("$.clients", "clients of "+c.Protocol+", which serves none", "a protocol that serves clients, one of "+list(serving()))
	}
	if c.Population() > MaxNodes {
		c.bad("$.clients.count", "", fmt.Sprintf("at most %d nodes together with the servers", MaxNodes))
	}
	c.clientRegions()
	if c.has("clients", "timeout") && c.Clients.Timeout == 0 {
		c.bad("$.clients.timeout", "", "more than 0s")
	}
	if d := c.Clients.Deadline; c.has("clients", "deadline") && d == 0 {
		c.bad("$.clients.deadline", "", "more than 0s (by default there is no deadline)")
	}
	if c.has("clients", "hedge") && (c.Clients.Hedge == 0 || c.Clients.Timeout > 0 && c.Clients.Hedge >= c.Clients.Timeout) {
		c.bad("$.clients.hedge", "", fmt.Sprintf("more than 0s and less than the timeout, %v", time.Duration(c.Clients.Timeout)))
	}
	c.retry()
	c.workload()
}

// serving returns the protocols that serve clients.
func serving() []string {
	var names []string
	for _, e := range protocols.Catalog() {
		if e.Serves {
			names = append(names, e.Name)
		}
	}
	return names
}

func (c *checker) clientRegions() {
	if c.has("clients", "regions") && !c.has("regions") {
		c.bad("$.clients.regions", "regions of clients alone", "regions of the nodes too")
	}
	if c.Clients.Near && !c.has("regions") {
		c.bad("$.clients.near", "near without regions", "the regions that nodes and clients are in")
	}
	if c.Network.Matrix == "" {
		return
	}
	known := network.AWS().Regions()
	for i, r := range c.Clients.Regions {
		if !slices.Contains(known, r) {
			c.bad(element("$.clients.regions", i), strconv.Quote(shorten(r, 60))+", which is not in the matrix", oneOf(r, known))
		}
	}
}

func (c *checker) retry() {
	r := c.Clients.Retry
	if r == nil || r.Policy == "" {
		return
	}
	only := func(key string, policies ...string) {
		if c.has("clients", "retry", key) && !slices.Contains(policies, r.Policy) {
			c.bad("$.clients.retry."+key, key+" with policy "+r.Policy, "it only with "+strings.Join(policies, ", "))
		}
	}
	growing := []string{"exponential", "full-jitter", "equal-jitter", "decorrelated"}
	only("base", append([]string{"fixed"}, growing...)...)
	only("attempts", append([]string{"fixed"}, growing...)...)
	only("budget", append([]string{"fixed"}, growing...)...)
	only("cap", growing...)
	if r.Policy != "none" && !c.has("clients", "retry", "base") {
		c.bad("$.clients.retry.base", "nothing", "the unit of the waits, such as 10ms")
	}
	if c.has("clients", "retry", "cap") && r.Cap < r.Base {
		c.bad("$.clients.retry.cap", "", fmt.Sprintf("at least the base, %v", time.Duration(r.Base)))
	}
}

func (c *checker) workload() {
	w := &c.Clients.Workload
	open := w.Loop == "open"
	loop := "a closed loop"
	if open {
		loop = "an open loop"
	}
	only := func(key string, fits bool, where string) {
		if c.has("clients", "workload", key) && !fits {
			c.bad("$.clients.workload."+key, key+" in "+loop, "it only in "+where)
		}
	}
	only("think", !open, "a closed loop (open: rate)")
	only("arrivals", open, "an open loop (closed: think)")
	only("rate", open, "an open loop (closed: think)")
	only("bursts", open, "an open loop")
	if open && !c.has("clients", "workload", "rate") {
		c.bad("$.clients.workload.rate", "nothing", "how many operations a second, such as 20/s")
	}
	if bursts := w.Arrivals == "bursts"; open && bursts != c.has("clients", "workload", "bursts") {
		if bursts {
			c.bad("$.clients.workload.bursts", "nothing", "how long bursts last, such as {on: 100ms, off: 900ms}")
		} else {
			c.bad("$.clients.workload.bursts", "bursts of arrivals that have none", "arrivals: bursts")
		}
	}
	if w.Operations == 0 && !c.has("duration") {
		c.bad("$.duration", "nothing", "how long the run is, since clients ask without end (or how often, clients.workload.operations)")
	}
	if m := w.Mix; m != nil && m.Get+m.Put+m.Append+m.CAS+m.Delete == 0 {
		c.bad("$.clients.workload.mix", "no kind of operation", "some that is more often than never, such as {get: 1, put: 1}")
	}
	c.keys(&w.Keys)
	if !concerns(c.problems, "$.clients") && !concerns(c.given, "$.clients") {
		if _, err := w.asks(); err != nil {
			c.bad("$.clients.workload", shorten(err.Error(), 200), "what can be asked")
		}
	}
}

func (c *checker) keys(k *Keys) {
	law := k.Law
	if law == "" {
		law = uniformKeys
	}
	only := func(key, wanted string) {
		if c.has("clients", "workload", "keys", key) && law != wanted {
			c.bad("$.clients.workload.keys."+key, key+" with law "+law, "it only with "+wanted)
		}
	}
	only("exponent", zipfKeys)
	only("hot", hotKeys)
	only("share", hotKeys)
	if n := k.count(); k.Hot >= n && law == hotKeys {
		c.bad("$.clients.workload.keys.hot", "", fmt.Sprintf("fewer than all keys, %d", n))
	}
}
