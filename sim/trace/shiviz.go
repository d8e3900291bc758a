package trace

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"

	"lightcone/sim"
)

// networkHost is the ShiViz host of what happens on no node: lost copies, partitions.
const networkHost = "network"

// writeShiViz writes the log that ShiViz (Beschastnikh et al., CACM 2016) reads with its default expression,
//
//	(?<host>\S*) (?<clock>{.*})\n(?<event>.*)
//
// two lines an event: the host and its vector clock, and what happened. A host's own entry counts its events from 1.
// Lost copies and partitions are events of one more host, the network, which learns of the send.
func writeShiViz(w io.Writer, t *Trace) error {
	x := &shiviz{
		trace:  t,
		out:    bufio.NewWriter(w),
		clocks: make([]sparseClock, t.Header.Nodes+1),
		sent:   map[int]sparseClock{},
		ends:   make([]int, len(t.Events)),
	}
	for id := range t.Header.Nodes {
		x.hosts = append(x.hosts, hostName(&t.Header, sim.NodeID(id)))
	}
	x.hosts = append(x.hosts, networkHost)
	for i := range t.Events {
		if send := t.sendOf(i); send >= 0 {
			x.ends[send]++
		}
	}
	for i := range t.Events {
		x.event(i)
	}
	return x.out.Flush()
}

// hostName is a lane's name without spaces.
func hostName(h *Header, id sim.NodeID) string {
	return strings.Join(strings.Fields(h.Lane(id)), "-")
}

// sendOf returns the Send of a Deliver or Drop, -1 if it is not in the trace or i is of another kind.
func (t *Trace) sendOf(i int) int {
	if k := t.Events[i].Kind; k != sim.Deliver && k != sim.Drop {
		return -1
	}
	return t.Cause(i)
}

// shiviz is a log being written. Hosts are the nodes by number, and after them the network.
type shiviz struct {
	trace  *Trace
	out    *bufio.Writer
	hosts  []string
	clocks []sparseClock       // of each host
	sent   map[int]sparseClock // of each Send of which copies are on their way
	ends   []int               // of each Send: how many of its copies are on their way
}

func (x *shiviz) event(i int) {
	e := &x.trace.Events[i]
	host := len(x.hosts) - 1
	if e.Node != sim.Nobody {
		host = int(e.Node)
	}
	clock := x.clocks[host]
	if send := x.trace.sendOf(i); send >= 0 {
		clock = clock.join(x.sent[send])
		if x.ends[send]--; x.ends[send] == 0 {
			delete(x.sent, send)
		}
	}
	clock = clock.tick(host)
	x.clocks[host] = clock
	if x.ends[i] > 0 {
		x.sent[i] = slices.Clone(clock)
	}
	x.out.WriteString(x.hosts[host] + " {")
	for n, entry := range clock {
		if n > 0 {
			x.out.WriteByte(',')
		}
		x.out.Write(appendString(x.out.AvailableBuffer(), x.hosts[entry.host]))
		x.out.WriteString(":" + strconv.Itoa(entry.events))
	}
	x.out.WriteString("}\n" + strings.Join(strings.Fields(x.trace.minute(i)), " ") + "\n")
}

// sparseClock is a vector clock without the entries that are 0, in the order of the hosts.
type sparseClock []clockEntry

type clockEntry struct{ host, events int }

// tick counts an event of a host. It may change the clock in place.
func (c sparseClock) tick(host int) sparseClock {
	at, ok := slices.BinarySearchFunc(c, host, func(e clockEntry, host int) int { return e.host - host })
	if !ok {
		return slices.Insert(c, at, clockEntry{host, 1})
	}
	c[at].events++
	return c
}

// join returns a clock that knows what either knows.
func (c sparseClock) join(d sparseClock) sparseClock {
	j := make(sparseClock, 0, max(len(c), len(d))+1)
	for len(c) > 0 && len(d) > 0 {
		switch a, b := c[0], d[0]; {
		case a.host < b.host:
			j, c = append(j, a), c[1:]
		case a.host > b.host:
			j, d = append(j, b), d[1:]
		default:
			j, c, d = append(j, clockEntry{a.host, max(a.events, b.events)}), c[1:], d[1:]
		}
	}
	return append(append(j, c...), d...)
}
