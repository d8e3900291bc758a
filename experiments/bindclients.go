package experiments

import (
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Population returns how many nodes a world of the scenario has: those that run the protocol, then the clients.
func (s *Scenario) Population() int {
	if s.Clients == nil {
		return s.NodeCount()
	}
	return s.NodeCount() + s.Clients.Count
}

// withClients adds clients to what runs the protocol.
func (s *Scenario) withClients(server func(sim.NodeID) sim.Process) (func(sim.NodeID) sim.Process, error) {
	if s.Clients == nil {
		return server, nil
	}
	asks, err := s.Clients.Workload.asks()
	if err != nil {
		return nil, err
	}
	configs := make([]kv.ClientConfig, s.Clients.Count)
	for i := range configs {
		configs[i] = s.client(i)
		configs[i].Workload = asks
		if err := configs[i].Validate(); err != nil {
			return nil, err
		}
	}
	first := sim.NodeID(s.NodeCount())
	return func(id sim.NodeID) sim.Process {
		if id < first {
			return server(id)
		}
		return kv.NewClient(configs[id-first])
	}, nil
}

// client describes the i-th client but for what it asks for.
func (s *Scenario) client(i int) kv.ClientConfig {
	c := s.Clients
	return kv.ClientConfig{
		Servers: s.NodeCount(), Contacts: s.contacts(i), Timeout: time.Duration(c.Timeout), Deadline: time.Duration(c.Deadline),
		Retry: c.Retry.retrier(), Budget: c.Retry.budget(), Hedge: time.Duration(c.Hedge), Tokens: c.Tokens, Sticky: c.Sticky, Lanes: c.Lanes,
		NoDuplicates: s.Network.Duplicate == nil, Repeat: c.Repeat, Propagate: c.Propagate,
	}
}

// contacts returns the servers in the region of a client that asks only those; nil if it asks all, or there are none.
func (s *Scenario) contacts(client int) []sim.NodeID {
	if !s.Clients.Near || len(s.Regions) == 0 {
		return nil
	}
	var near []sim.NodeID
	for id := range s.NodeCount() {
		if s.placeOf(id) == s.placeOf(s.NodeCount()+client) {
			near = append(near, sim.NodeID(id))
		}
	}
	return near
}

// retrier returns the policy; nil is one attempt.
func (r *Retry) retrier() kv.Retrier {
	if r == nil {
		return nil
	}
	base, limit := time.Duration(r.Base), time.Duration(r.Cap)
	if limit == 0 {
		limit = max(base, 24*time.Hour)
	}
	switch r.Policy {
	case "none":
		return nil
	case "fixed":
		return kv.Fixed{Wait: base, Attempts: r.Attempts}
	case "exponential":
		return kv.Exponential{Base: base, Cap: limit, Attempts: r.Attempts}
	case "full-jitter":
		return kv.FullJitter{Base: base, Cap: limit, Attempts: r.Attempts}
	case "equal-jitter":
		return kv.EqualJitter{Base: base, Cap: limit, Attempts: r.Attempts}
	case "decorrelated":
		return kv.DecorrelatedJitter{Base: base, Cap: limit, Attempts: r.Attempts}
	}
	panic("experiments: unknown retry policy " + r.Policy) // the schema names them all
}

func (r *Retry) budget() kv.Budget {
	if r == nil || r.Budget == nil {
		return kv.Budget{}
	}
	return kv.Budget{Max: r.Budget.Tokens, Ratio: r.Budget.Ratio}
}
