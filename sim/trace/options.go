package trace

import (
	"errors"
	"fmt"
	"slices"

	"lightcone/sim"
)

// Options say how a trace is drawn. The zero value draws all of the run, by true time, as an observer outside it sees
// it.
type Options struct {
	Title string // the heading; "" is the trace's title

	Mapping Mapping    // how time becomes place
	View    View       // who is looking
	As      sim.NodeID // AsNode: which node looks

	From, To  sim.Time // the window of true time that is drawn; a To of 0 is the end of the run
	MaxEvents int      // draw at most so many events, and say how many are left out; 0 is the format's default
	Collapse  bool     // draw runs of like messages as their first and a count

	Marks []Mark // events to point out

	Width    int  // of a picture, in pixels; 0 is a width that fits what is drawn
	NoLegend bool // leave out the legend
}

// Mark points out some events, and the messages between them, with a caption.
type Mark struct {
	Events  []uint64 // the IDs of the events
	Caption string   // a few words
}

// Mapping says how time becomes place in a picture.
type Mapping uint8

// The mappings of time.
const (
	TrueTime   Mapping = iota // proportional to true time
	Rank                      // one step an event: 10 µs and 10 s are readable together
	Compressed                // gaps by their logarithm: order and rough size
	OwnClock                  // each lane by its node's monotonic clock: drift shears the lanes
	WallClock                 // each lane by its node's wall clock: a message may seem to arrive before it was sent
)

var mappingNames = [...]string{"true", "rank", "compressed", "own", "wall"}

func (m Mapping) String() string {
	if int(m) < len(mappingNames) {
		return mappingNames[m]
	}
	return fmt.Sprintf("mapping(%d)", uint8(m))
}

// ParseMapping returns the mapping of that name: true, rank, compressed, own or wall.
func ParseMapping(name string) (Mapping, bool) {
	i := slices.Index(mappingNames[:], name)
	return Mapping(max(i, 0)), i >= 0
}

// View says who looks at a run.
type View uint8

// The views.
const (
	Omniscient View = iota // all of it
	AsNode                 // only the causal past of one node's last event in the window: what it can know
)

// validate reports all that is wrong with options for a trace.
func (o *Options) validate(t *Trace) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("trace: Options."+format, args...)) }
	if o.Mapping > WallClock {
		bad("Mapping is %d, want TrueTime, Rank, Compressed, OwnClock or WallClock", o.Mapping)
	}
	if o.View > AsNode {
		bad("View is %d, want Omniscient or AsNode", o.View)
	}
	if o.View == AsNode && (o.As < 0 || int(o.As) >= t.Header.Nodes) {
		bad("As is %d, want a node from 0 to %d", o.As, t.Header.Nodes-1)
	}
	if o.From < 0 {
		bad("From is %v, want 0 or later", o.From)
	}
	if o.To != 0 && o.To < o.From {
		bad("To is %v, want %v (From) or later, or 0 for the end of the run", o.To, o.From)
	}
	if o.MaxEvents < 0 {
		bad("MaxEvents is %d, want at least 1, or 0 for the default", o.MaxEvents)
	}
	if o.Width != 0 && (o.Width < minWidth || o.Width > maxWidth) {
		bad("Width is %d, want %d to %d pixels, or 0 for one that fits", o.Width, minWidth, maxWidth)
	}
	for n, m := range o.Marks {
		for _, id := range m.Events {
			if _, ok := t.Index(id); !ok {
				bad("Marks[%d] names event %d, want one that is in the trace", n, id)
			}
		}
	}
	return errors.Join(errs...)
}
