package kv_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

type server struct{ s *kv.Store }

func (s *server) Init(env *sim.Env) { s.s = kv.NewStore(0) }
func (s *server) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	q := m.(kv.Request)
	env.Send(from, s.s.Apply(kv.Command{Token: q.Token, Op: q.Op, Register: q.Register, Request: q.ID, Client: from}))
}
func (s *server) Timeout(env *sim.Env, tag any) {}

type untidy struct{ p float64 }

func (u untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(u.p) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	return append(dst, sim.Copy{Delay: r.Duration(time.Millisecond, 30*time.Millisecond)}, sim.Copy{Delay: r.Duration(time.Millisecond, 300*time.Millisecond)})
}

func TestSmoke(t *testing.T) {
	for _, open := range []bool{false, true} {
		rec := kv.NewRecorder()
		cc := kv.ClientConfig{Servers: 1, Timeout: 50 * time.Millisecond, Deadline: time.Second, Tokens: true, Lanes: 4,
			Retry: kv.FullJitter{Base: 5 * time.Millisecond, Cap: time.Second}, Workload: kv.Plain{Ops: 100, Keys: 3, Think: 10 * time.Millisecond, Gets: 1, Puts: 1, Appends: 1, Swaps: 1, Deletes: 1, Open: open}}
		require.NoError(t, cc.Validate())
		cfg := sim.Config{Nodes: 4, Observers: []sim.Observer{rec}, Network: untidy{.2}, Strict: true, New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return &server{}
			}
			return kv.NewClient(cc)
		}}
		w, err := sim.New(cfg)
		require.NoError(t, err)
		r := w.Run()
		require.NoError(t, r.Err)
		h := rec.History(sim.Never)
		require.Len(t, h, 300)
		t.Logf("%+v %v", kv.CountsOf(w.View()), r.Now)
		for _, o := range h[:10] {
			t.Logf("%+v", o)
		}
	}
}
