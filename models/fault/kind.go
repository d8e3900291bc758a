package fault

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Kind is what befalls one node for a while.
type Kind uint8

const (
	Crash       Kind = iota // the node is down; then it recovers
	Stop                    // it is down for good, even when all else is healed (crash-stop)
	Midway                  // it crashes inside a handler, between two effects; then it recovers
	Pause                   // it stops, with its state kept; then it resumes
	Isolate                 // it is cut off from all others, both ways; then the cut heals
	Mute                    // what it sends is lost; what others send arrives
	Deafen                  // what others send to it is lost; what it sends arrives
	OmitSend                // some of what it sends is never on the way: Degree.P, Max, Peers
	OmitReceive             // some of what reaches it is not received: Degree.P, Max, Peers
	Slow                    // it does everything slower: Degree.Factor, Work
	Drift                   // its clock runs fast, or slow: Degree.PPM
	DiskSlow                // its writes take longer: Degree.Factor
	DiskFull                // its writes wait until there is room
	DiskLost                // it is down, and its disk is gone; then it recovers as new
	DiskOld                 // it is down, and its disk is that of the last backup; then it recovers
	LoseWrites              // its disk says durable what the next crash shows was not: Degree.P, Max
	TearWrites              // the next crash leaves what it wrote torn: Degree.P, Max
	Lie                     // it is Byzantine: Degree.How
)

var kindNames = [...]string{"crash", "stop", "midway", "pause", "isolate", "mute", "deafen", "omit-send", "omit-receive", "slow", "drift",
	"disk-slow", "disk-full", "disk-lost", "disk-old", "lose-writes", "tear-writes", "lie"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Kinds returns all kinds.
func Kinds() []Kind {
	list := make([]Kind, len(kindNames))
	for i := range list {
		list[i] = Kind(i)
	}
	return list
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

// kindsText lists the kinds that are not left out.
func kindsText(without ...Kind) string {
	var names []string
	for k, name := range kindNames {
		if !slices.Contains(without, Kind(k)) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// action returns the fault of kind k on a node, to some degree. What Heal ends takes the name; a crash midway comes after
// so many effects.
func (k Kind) action(node sim.NodeID, nodes int, name string, effects int, d Degree) sim.Action {
	alone := []sim.NodeID{node}
	switch k {
	case Crash, Stop:
		return sim.Crash{Node: node}
	case Midway:
		return sim.CrashDuring{Node: node, After: effects}
	case Pause:
		return sim.Pause{Node: node}
	case Isolate, Mute, Deafen:
		return k.cut(alone, others(node, nodes), name)
	case DiskLost:
		return sim.LoseDisk{Node: node}
	case DiskOld:
		return sim.OldDisk{Node: node}
	case Lie:
		return sim.Lie{Name: name, Node: node, How: d.How}
	}
	if c := k.condition(node, name, d); c != nil {
		return c
	}
	panic("fault: no such " + k.String())
}

// condition returns the lasting condition that kind k is, nil if it is none.
func (k Kind) condition(node sim.NodeID, name string, d Degree) sim.Condition {
	switch k {
	case OmitSend:
		return sim.OmitSends{Name: name, Node: node, P: d.P, Max: d.Max, Peers: d.Peers}
	case OmitReceive:
		return sim.OmitReceives{Name: name, Node: node, P: d.P, Max: d.Max, Peers: d.Peers}
	case Slow:
		return sim.Slow{Name: name, Node: node, Factor: d.Factor, Work: d.Work}
	case Drift:
		return sim.Drift{Name: name, Node: node, PPM: d.PPM}
	case DiskSlow:
		return sim.SlowDisk{Name: name, Node: node, Factor: d.Factor}
	case DiskFull:
		return sim.FullDisk{Name: name, Node: node}
	case LoseWrites:
		return sim.LoseWrites{Name: name, Node: node, P: d.P, Max: d.Max}
	case TearWrites:
		return sim.TearWrites{Name: name, Node: node, P: d.P, Max: d.Max}
	}
	return nil
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
