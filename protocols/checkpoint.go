package protocols

import (
	"fmt"
	"math"
	"time"

	"lightcone/protocols/checkpoint"
	"lightcone/sim"
)

// CheckpointParams are the parameters of "checkpoint".
type CheckpointParams struct {
	Work    time.Duration `yaml:"work" jsonschema:"description=how much each job has to do"`
	Every   time.Duration `yaml:"every" jsonschema:"description=work between two checkpoints"`
	Cost    time.Duration `yaml:"cost" jsonschema:"description=how long saving takes, while the job stops"`
	Restart time.Duration `yaml:"restart" jsonschema:"description=how long it takes to be at work again once a machine has come up after a crash"`
}

func checkpointJob() Entry {
	return Entry{
		Name:  "checkpoint",
		About: "Long jobs that save how far they have come, and go on from there after a crash",
		Params: func() any {
			return &CheckpointParams{Work: time.Second, Every: 100 * time.Millisecond, Cost: 5 * time.Millisecond, Restart: 10 * time.Millisecond}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[CheckpointParams]("checkpoint", params)
			if err != nil {
				return Instance{}, err
			}
			c := checkpoint.Config(p)
			if err := c.Validate(); err != nil {
				return Instance{}, fmt.Errorf("protocols: %w", err)
			}
			return Instance{
				New:        checkpoint.New(c),
				Properties: checkpoint.Properties(nodes),
				Measures:   checkpointMeasures,
				Watch:      func() Watcher { return &JobTimes{} },
			}, atLeast("checkpoint", 1, nodes)
		},
	}
}

// checkpointMeasures counts the jobs that are done.
func checkpointMeasures(v sim.View) []Measure {
	done := 0
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*checkpoint.Process); ok && p.Saved == p.Work {
			done++
		}
	}
	return []Measure{count("jobs done", "jobs", done)}
}

// JobTimes is an observer that notes when jobs of checkpoint are done.
type JobTimes struct {
	Done []time.Duration // by the end of the job
}

// Observe takes an event.
func (j *JobTimes) Observe(e *sim.Event) {
	if _, ok := e.Value.(checkpoint.Finished); ok && e.Kind == sim.Note {
		j.Done = append(j.Done, time.Duration(e.Time))
	}
}

// Measures gives the mean completion time, with four standard errors either way.
func (j *JobTimes) Measures(sim.View) []Measure {
	m := Measure{Name: "completion", Unit: "h", Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Expected: math.NaN(), N: len(j.Done)}
	n, sum, squares := float64(len(j.Done)), 0., 0.
	for _, d := range j.Done {
		sum += d.Hours()
	}
	for _, d := range j.Done {
		squares += float64((d.Hours() - sum/n) * (d.Hours() - sum/n))
	}
	if n > 1 {
		half := float64(4 * math.Sqrt(squares/(n-1)/n))
		m.Value, m.Low, m.High = sum/n, sum/n-half, sum/n+half
	}
	return []Measure{m}
}
