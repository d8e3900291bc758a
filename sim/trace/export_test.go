package trace

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lightcone/sim"
)

// TestShiVizLog reads the log as ShiViz does, by its default expression, and checks what ShiViz asks of clocks: a
// host's own entry counts its events from 1, entries never fall, and no clock knows of an event that is not in the log.
// The clocks have to order the events as happened-before does.
func TestShiVizLog(t *testing.T) {
	for _, tr := range []*Trace{everythingTrace(t), randomTrace(3, 5, 200)} {
		log := draw(t, tr, "shiviz", Options{})
		entries := regexp.MustCompile(`(?m)^(\S*) ({.*})\n(.*)$`).FindAllStringSubmatch(log, -1)
		if len(entries) != len(tr.Events) || strings.Count(log, "\n") != 2*len(entries) {
			t.Fatalf("%d entries and %d lines, want %d events of two lines", len(entries), strings.Count(log, "\n"), len(tr.Events))
		}
		had := map[string]map[string]int{}
		clocks := make([]map[string]int, len(entries))
		for i, e := range entries {
			host, clock := e[1], map[string]int{}
			if err := json.Unmarshal([]byte(e[2]), &clock); err != nil {
				t.Fatalf("entry %d: %v", i, err)
			}
			if clock[host] != had[host][host]+1 {
				t.Fatalf("entry %d: own entry of %s is %d after %d", i, host, clock[host], had[host][host])
			}
			for h, n := range had[host] {
				if clock[h] < n {
					t.Fatalf("entry %d: the entry of %s falls from %d to %d", i, h, n, clock[h])
				}
			}
			had[host], clocks[i] = clock, clock
			for h, n := range clock {
				if n > had[h][h] {
					t.Fatalf("entry %d knows event %d of %s, which is not in the log yet", i, n, h)
				}
			}
			if e[3] == "" {
				t.Fatalf("entry %d says nothing", i)
			}
		}
		o := NewOrder(tr)
		for b := range entries {
			for a := range entries {
				if o.Index(a) < 0 || o.Index(b) < 0 || a == b {
					continue
				}
				if got := clocks[b][entries[a][1]] >= clocks[a][entries[a][1]]; got != o.HappenedBefore(a, b) {
					t.Fatalf("by the log event %d happened before %d: %v", a, b, got)
				}
			}
		}
	}
}

// perfettoEvent is an event of the Trace Event Format.
type perfettoEvent struct {
	Ph   string      `json:"ph"`
	Pid  *int        `json:"pid"`
	Tid  *int        `json:"tid"`
	Ts   json.Number `json:"ts"`
	Dur  json.Number `json:"dur"`
	Name string      `json:"name"`
	Cat  string      `json:"cat"`
	ID   int         `json:"id"`
	Bp   string      `json:"bp"`
	S    string      `json:"s"`
	Args map[string]any
}

// ns returns a number of microseconds with three decimals in nanoseconds.
func ns(t *testing.T, n json.Number) int64 {
	t.Helper()
	var us, rest int64
	if _, err := fmt.Sscanf(string(n), "%d.%03d", &us, &rest); err != nil {
		t.Fatalf("%q: %v", n, err)
	}
	return us*1000 + rest
}

// TestPerfettoTrace checks the rules of the Trace Event Format: every event has a phase, process, thread, time and
// name; complete events have a duration and nest on their thread; each flow begins and ends once, in a slice each; each
// asynchronous event begins and ends once.
func TestPerfettoTrace(t *testing.T) {
	for _, tr := range []*Trace{everythingTrace(t), randomTrace(3, 5, 200)} {
		var file struct {
			TraceEvents []perfettoEvent
		}
		if err := json.Unmarshal([]byte(draw(t, tr, "perfetto", Options{})), &file); err != nil {
			t.Fatal(err)
		}
		slices_ := map[int][][2]int64{}
		flows, async, asyncNames := map[int]string{}, map[int]string{}, map[int]string{}
		phases := map[string]int{}
		for i, e := range file.TraceEvents {
			if e.Ph == "" || e.Pid == nil || e.Tid == nil || e.Ts == "" || e.Name == "" {
				t.Fatalf("event %d lacks something: %+v", i, e)
			}
			if *e.Tid < 0 || *e.Tid > tr.Header.Nodes {
				t.Fatalf("event %d is on thread %d", i, *e.Tid)
			}
			phases[e.Ph]++
			at := ns(t, e.Ts)
			switch e.Ph {
			case "X":
				slices_[*e.Tid] = append(slices_[*e.Tid], [2]int64{at, at + ns(t, e.Dur)})
			case "s", "f":
				flows[e.ID] += e.Ph
				if e.Ph == "f" && e.Bp != "e" {
					t.Errorf("flow %d is not bound to the slice that encloses it", e.ID)
				}
			case "b", "e":
				async[e.ID] += e.Ph
				if name := asyncNames[e.ID]; name != "" && name != e.Name {
					t.Errorf("partition %d begins as %q and ends as %q", e.ID, name, e.Name)
				}
				asyncNames[e.ID] = e.Name
			}
		}
		stats := tr.Stats()
		if len(flows) != stats.Delivered || phases["s"] != stats.Delivered {
			t.Errorf("%d flows, want one for each of %d deliveries", len(flows), stats.Delivered)
		}
		for id, phases := range flows {
			if phases != "sf" {
				t.Errorf("flow %d goes %q, want it to start and then finish", id, phases)
			}
		}
		for id, phases := range async {
			if phases != "be" {
				t.Errorf("partition %d goes %q, want it to begin and then end", id, phases)
			}
		}
		for _, e := range file.TraceEvents {
			if at := ns(t, e.Ts); (e.Ph == "s" || e.Ph == "f") && !slices.ContainsFunc(slices_[*e.Tid], func(s [2]int64) bool { return s[0] <= at && at <= s[1] }) {
				t.Errorf("flow %d has an end at %d outside all slices", e.ID, at)
			}
		}
		for _, tid := range slices.Sorted(maps.Keys(slices_)) {
			for i, a := range slices_[tid] {
				for _, b := range slices_[tid][:i] {
					if b[0] < a[0] && a[0] < b[1] && b[1] < a[1] || a[0] < b[0] && b[0] < a[1] && a[1] < b[1] {
						t.Errorf("thread %d: slices %v and %v overlap without nesting", tid, a, b)
					}
				}
			}
		}
		if phases["M"] != 1+2*(tr.Header.Nodes+1) {
			t.Errorf("%d names of threads", phases["M"])
		}
		lost := countKind(tr, sim.Drop)
		if n := strings.Count(draw(t, tr, "perfetto", Options{}), `"name":"lost: `); n != lost {
			t.Errorf("%d losses are drawn, want %d", n, lost)
		}
	}
}

// tied replays a trace as Perfetto's importer does: in order of time, of equal times the slices first, the longer the
// earlier. A slice is on its thread's stack until another begins at its end or later, and a flow is tied to the slice
// on top. It returns the records of the slices that each flow leaves and enters.
func tied(t *testing.T, file []perfettoEvent) map[int][2]string {
	t.Helper()
	order := slices.Clone(file)
	slices.SortStableFunc(order, func(a, b perfettoEvent) int {
		isSlice := func(e perfettoEvent) int64 {
			if e.Ph == "X" {
				return ns(t, e.Dur)
			}
			return -1
		}
		return cmp.Or(cmp.Compare(ns(t, a.Ts), ns(t, b.Ts)), cmp.Compare(isSlice(b), isSlice(a)))
	})
	type open struct {
		until int64
		event string
	}
	stacks, flows := map[int][]open{}, map[int][2]string{}
	for _, e := range order {
		at, stack := ns(t, e.Ts), stacks[*e.Tid]
		switch e.Ph {
		case "X", "i":
			for len(stack) > 0 && stack[len(stack)-1].until <= at {
				stack = stack[:len(stack)-1]
			}
			o := open{until: at, event: fmt.Sprint(e.Args["event"])}
			if e.Ph == "X" {
				o.until += ns(t, e.Dur)
			}
			stacks[*e.Tid] = append(stack, o)
		case "s", "f":
			f := flows[e.ID]
			f[strings.Index("sf", e.Ph)] = stack[len(stack)-1].event
			flows[e.ID] = f
		}
	}
	return flows
}

// TestPerfettoTiesFlows checks which slices a viewer ties messages to, also where handlers of one node run at one time.
func TestPerfettoTiesFlows(t *testing.T) {
	crowd := record(t, sim.Config{Nodes: 4, Until: milli(20), New: func(sim.NodeID) sim.Process { return echo{} }}, Keep{}, Header{})
	for _, tr := range []*Trace{everythingTrace(t), crowd} {
		var file struct{ TraceEvents []perfettoEvent }
		if err := json.Unmarshal([]byte(draw(t, tr, "perfetto", Options{})), &file); err != nil {
			t.Fatal(err)
		}
		flows, o := tied(t, file.TraceEvents), NewOrder(tr)
		deliveries := 0
		for i := range tr.Events {
			if tr.Events[i].Kind != sim.Deliver {
				continue
			}
			deliveries++
			from := o.Sent(i)
			if h := o.Handler(from); h >= 0 {
				from = h
			}
			want := [2]string{fmt.Sprint(tr.Events[from].ID), fmt.Sprint(tr.Events[i].ID)}
			if got := flows[i+1]; got != want {
				t.Errorf("%s: the flow goes from the slice of event %s to that of event %s, want %s to %s", tr.Sentence(i), got[0], got[1], want[0], want[1])
			}
		}
		if deliveries < 20 {
			t.Errorf("only %d deliveries", deliveries)
		}
	}
}

// echo notes and answers everything that it hears, so that many handlers of a node run at one time.
type echo struct{}

func (echo) Init(env *sim.Env) { env.Broadcast("hello") }
func (echo) Receive(env *sim.Env, from sim.NodeID, _ sim.Message) {
	env.Note("heard")
	env.Send(from, "again")
}
func (echo) Timeout(*sim.Env, any) {}

func countKind(tr *Trace, k sim.Kind) int {
	n := 0
	for i := range tr.Events {
		if tr.Events[i].Kind == k {
			n++
		}
	}
	return n
}
