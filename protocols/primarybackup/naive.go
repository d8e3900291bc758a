package primarybackup

import (
	"time"

	"lightcone/sim"
)

// watchPrimary starts anew to wait for a sign of life of the primary, if nobody else does. The backups wait the longer
// the later they are in the order of succession.
func (p *Replica) watchPrimary(env *sim.Env) {
	if p.cfg.Failover != Naive || p.role != Backup {
		return
	}
	rank := len(p.view.Backups)
	for i, id := range p.view.Backups {
		if id == p.id {
			rank = i
		}
	}
	wait := p.cfg.Timeout * time.Duration(1+rank)
	if !env.Reset(p.silence, wait) {
		p.silence = env.After(wait, silent{})
	}
}

// onSilence promotes itself, whatever the others think, as soon as its view is durable. The number of that is one which
// nobody else can use.
func (p *Replica) onSilence(env *sim.Env) {
	if p.role != Backup {
		return
	}
	v := View{Number: p.promised + 1, Primary: p.id, Incarnation: p.incarnation}
	for int(v.Number)%p.cfg.Servers != int(p.id) {
		v.Number++
	}
	for id := range sim.NodeID(p.cfg.Servers) {
		if id != p.id && id != p.view.Primary {
			v.Backups = append(v.Backups, id)
		}
	}
	p.prepare(env, v)
	p.promise(env, v.Number)
	env.Send(env.ID(), decided{v.Number})
}

func (p *Replica) onDecided(env *sim.Env, m decided) {
	if p.role == Candidate && m.number == p.view.Number {
		p.begin(env)
		p.tend(env)
	}
}
