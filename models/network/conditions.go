package network

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// PerLink gives some links a network of their own: a slow one, a lossy one, a one-way one.
type PerLink struct {
	Default sim.Network // all other links; nil: delivers at once
	Links   []Link      // at most one for each ordered pair

	index links[int32] // position in Links plus 1
}

// Link is a network for the messages that From sends to To.
type Link struct {
	From, To sim.NodeID
	Network  sim.Network // nil: delivers at once
}

// Route asks the link's own network.
func (n *PerLink) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	at, first := n.index.at(p.From, p.To)
	if first {
		is := func(l Link) bool { return l.From == p.From && l.To == p.To }
		*at = int32(slices.IndexFunc(n.Links, is) + 1)
	}
	if *at == 0 {
		return route(n.Default, dst, p, r)
	}
	return route(n.Links[*at-1].Network, dst, p, r)
}

// CloneNetwork clones all networks.
func (n *PerLink) CloneNetwork() sim.Network {
	c := PerLink{Default: clone(n.Default), Links: slices.Clone(n.Links), index: n.index.clone()}
	for i := range c.Links {
		c.Links[i].Network = clone(c.Links[i].Network)
	}
	return &c
}

// Validate reports links that are named twice.
func (n *PerLink) Validate() error {
	p := problems{model: "PerLink"}
	inner := []sim.Network{n.Default}
	var seen links[struct{}]
	for i, l := range n.Links {
		if _, first := seen.at(l.From, l.To); !first {
			p.add(fmt.Sprintf("Links[%d]", i), fmt.Sprintf("%v to %v again", l.From, l.To), "each link once")
		}
		inner = append(inner, l.Network)
	}
	return p.join(inner...)
}

// Phases changes the network at stated times: congestion in the afternoon, an outage that only loses more.
type Phases []Phase

// Phase is the network in force for messages sent at From or later, until the next phase. Before the first one messages
// are delivered at once.
type Phase struct {
	From    sim.Time
	Network sim.Network // nil: delivers at once
}

// Route asks the network in force.
func (n Phases) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	var now sim.Network
	for i := range n {
		if n[i].From > p.Now {
			break
		}
		now = n[i].Network
	}
	return route(now, dst, p, r)
}

// CloneNetwork clones all networks. A network that is in several phases becomes several.
func (n Phases) CloneNetwork() sim.Network {
	c := slices.Clone(n)
	for i := range c {
		c[i].Network = clone(c[i].Network)
	}
	return c
}

// Validate reports phases that are not in rising order of time.
func (n Phases) Validate() error {
	p := problems{model: "Phases"}
	inner := make([]sim.Network, len(n))
	for i, ph := range n {
		if i > 0 && ph.From <= n[i-1].From {
			p.add(fmt.Sprintf("[%d].From", i), ph.From, fmt.Sprintf("after %v", n[i-1].From))
		}
		inner[i] = ph.Network
	}
	return p.join(inner...)
}
