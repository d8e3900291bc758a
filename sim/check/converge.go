package check

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is a key of which replicas hold different values.
type Difference struct {
	Key  string
	Held []string // by replica: the value quoted, or none
}

// Differences compares replicas, key by key in order.
func Differences(replicas []Replica) []Difference {
	var keys []string
	for _, r := range replicas {
		for k := range r.State { //det:ok sorted below
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var all []Difference
	for _, k := range slices.Compact(keys) {
		d := Difference{Key: k}
		same := true
		for _, r := range replicas {
			v, ok := r.State[k]
			d.Held = append(d.Held, Result{Value: v, Found: ok}.read())
			same = same && d.Held[0] == d.Held[len(d.Held)-1]
		}
		if !same {
			all = append(all, d)
		}
	}
	return all
}

// Convergence decides whether all of Options.Replicas are equal: after a run that let them exchange what they had, they
// must be.
func Convergence(_ History, o Options) Report {
	r := Report{Name: "convergence"}
	if len(o.Replicas) == 0 {
		r.Detail = "the states of the replicas are not known"
		return r
	}
	diffs := Differences(o.Replicas)
	if len(diffs) == 0 {
		r.Verdict = Holds
		r.Detail = fmt.Sprintf("%s hold the same %s", count(len(o.Replicas), "replica"), count(len(o.Replicas[0].State), "key"))
		return r
	}
	r.Verdict = Violated
	w := &Witness{}
	for _, d := range diffs[:min(len(diffs), 10)] {
		var held []string
		for i, v := range d.Held {
			held = append(held, o.Replicas[i].Name+" "+v)
		}
		w.Story = append(w.Story, fmt.Sprintf("%s: %s", word(d.Key), strings.Join(held, ", ")))
	}
	r.Witness = w
	r.Detail = fmt.Sprintf("replicas differ in %s: %s", count(len(diffs), "key"), w.Story[0])
	return r
}
