package checkpoint

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Config is a job.
type Config struct {
	Work    time.Duration // how much there is to do
	Every   time.Duration // work between checkpoints
	Cost    time.Duration // of saving
	Restart time.Duration // from coming up after a crash to being at work
}

// Validate reports everything that is wrong with the job.
func (c Config) Validate() error {
	var errs []error
	for _, f := range []struct {
		name string
		got  time.Duration
		zero bool
	}{{"Work", c.Work, false}, {"Every", c.Every, false}, {"Cost", c.Cost, true}, {"Restart", c.Restart, true}} {
		if f.got < 0 || f.got == 0 && !f.zero {
			want := "more than 0"
			if f.zero {
				want = "at least 0"
			}
			errs = append(errs, fmt.Errorf("checkpoint: Config.%s is %v, want %s", f.name, f.got, want))
		}
	}
	return errors.Join(errs...)
}

// Finished is the note of a job that is done and saved.
type Finished struct{}

// Process runs a job.
type Process struct {
	Config
	Saved time.Duration // of the work
	doing phase
}

// phase is what the process does until its timer fires.
type phase uint8

const (
	resting phase = iota // done
	restarting
	working
	saving
)

func (p phase) String() string { return [...]string{"done", "restarts", "works", "saves"}[p] }

// New makes processes, for sim.Config.New.
func New(c Config) func(sim.NodeID) sim.Process {
	return func(sim.NodeID) sim.Process { return &Process{Config: c} }
}

const savedKey = "saved"

// Init begins the job, or takes up what was saved of it. A machine that comes up has to restart first.
func (p *Process) Init(env *sim.Env) {
	if v, ok := env.Recall(savedKey); ok {
		p.Saved = v.(time.Duration)
	}
	if env.Incarnation() > 0 && p.Saved < p.Work {
		p.do(env, restarting, p.Restart)
		return
	}
	p.next(env)
}

// next goes on with the next piece of work, if there is one.
func (p *Process) next(env *sim.Env) {
	if p.Saved == p.Work {
		p.doing = resting
		return
	}
	p.do(env, working, p.piece())
}

func (p *Process) do(env *sim.Env, what phase, d time.Duration) {
	p.doing = what
	env.After(d, what)
}

// piece is how much is done before it is saved.
func (p *Process) piece() time.Duration { return min(p.Every, p.Work-p.Saved) }

// Timeout ends what the process was doing.
func (p *Process) Timeout(env *sim.Env, tag any) {
	switch tag.(phase) {
	case restarting:
		p.next(env)
	case working:
		p.do(env, saving, p.Cost)
	case saving:
		p.Saved += p.piece()
		env.Persist(savedKey, p.Saved)
		if p.Saved == p.Work {
			env.Note(Finished{})
		}
		p.next(env)
	}
}

// Receive is never called: jobs do not talk.
func (p *Process) Receive(_ *sim.Env, from sim.NodeID, m sim.Message) {
	panic(fmt.Sprintf("checkpoint: message %v (%T) from %v, want none", m, m, from))
}

// Done returns how much of the work is done and saved.
func (p *Process) Done() time.Duration { return p.Saved }

// Clone copies the process.
func (p *Process) Clone() sim.Process {
	q := *p
	return &q
}

// Badge shows what the process does, and how far it has come.
func (p *Process) Badge() (role, text string) {
	return p.doing.String(), fmt.Sprintf("%d%%", p.Saved*100/p.Work)
}

// Properties returns what holds of a run: what a node has done is never less than what it has saved, even after a crash,
// and every job comes to its end.
func Properties(nodes int) []sim.Property {
	return []sim.Property{
		{Name: "what is saved is not lost", Mode: sim.Always, Check: func(v sim.View) error {
			for id := range sim.NodeID(nodes) {
				p, up := v.Process(id).(interface{ Done() time.Duration })
				if saved, _ := v.Durable(id, savedKey); up && saved != nil && p.Done() < saved.(time.Duration) {
					return fmt.Errorf("%v is at %v, and has saved %v", id, p.Done(), saved)
				}
			}
			return nil
		}},
		{Name: "all jobs are done", Mode: sim.Sometimes, Check: func(v sim.View) error {
			for id := range sim.NodeID(nodes) {
				if p, ok := v.Process(id).(*Process); !ok || p.Saved < p.Work {
					return fmt.Errorf("%v is not done", id)
				}
			}
			return nil
		}},
	}
}
