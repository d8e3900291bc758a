package fault

import (
	"fmt"

	"lightcone/sim"
)

// Kind is what befalls one node for a while.
type Kind uint8

const (
	Crash   Kind = iota // the node is down; then it recovers
	Stop                // it is down for good, even when all else is healed (crash-stop)
	Midway              // it crashes inside a handler, between two effects; then it recovers
	Pause               // it stops, with its state kept; then it resumes
	Isolate             // it is cut off from all others, both ways; then the cut heals
	Mute                // what it sends is lost; what others send arrives
	Deafen              // what others send to it is lost; what it sends arrives
)

var kindNames = [...]string{"crash", "stop", "midway", "pause", "isolate", "mute", "deafen"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, bool) {
	for k, s := range kindNames {
		if s == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// action returns the fault of kind k on a node. Cuts take the name; a crash midway comes after so many effects.
func (k Kind) action(node sim.NodeID, nodes int, name string, effects int) sim.Action {
	alone := []sim.NodeID{node}
	switch k {
	case Crash, Stop:
		return sim.Crash{Node: node}
	case Midway:
		return sim.CrashDuring{Node: node, After: effects}
	case Pause:
		return sim.Pause{Node: node}
	case Isolate:
		return sim.Cut{Name: name, From: alone, To: others(node, nodes)}
	case Mute:
		return sim.Cut{Name: name, From: alone, To: others(node, nodes), OneWay: true}
	case Deafen:
		return sim.Cut{Name: name, From: others(node, nodes), To: alone, OneWay: true}
	}
	panic("fault: no such " + k.String())
}

// others returns all nodes but one.
func others(node sim.NodeID, nodes int) []sim.NodeID {
	ids := make([]sim.NodeID, 0, nodes)
	for id := range sim.NodeID(nodes) {
		if id != node {
			ids = append(ids, id)
		}
	}
	return ids
}
