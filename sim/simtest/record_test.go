package simtest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

// everything does one of each effect on Init.
type everything struct{ timer sim.Timer }

func (p *everything) Init(env *sim.Env) {
	p.timer = env.After(time.Second, "tag")
	env.Send(1, "before")
	env.Persist("key", 7)
	env.Send(2, "after")
	env.Note("note")
	env.StepWall(time.Minute)
	env.Send(env.ID(), "self")
}

func (p *everything) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	v, _ := env.Recall("key")
	env.Note([]any{from, m, v, env.Nodes(), env.Now()})
}

func (p *everything) Timeout(env *sim.Env, tag any) {
	if !env.Cancel(p.timer) {
		panic("the timer is over")
	}
	env.Note(tag)
}

func TestRecordReturnsEveryEffect(t *testing.T) {
	r := Record(t, &everything{}, 0, 3)
	want := Effects{
		Sends:  []Sent{{1, "before"}, {2, "after"}, {0, "self"}},
		Timers: []Armed{{time.Second, "tag"}},
		Writes: []Write{{"key", 7}},
		Notes:  []any{"note"},
		Steps:  []time.Duration{time.Minute},
	}
	if got := r.Init(); !reflect.DeepEqual(got, want) {
		t.Errorf("Init did %+v, want %+v", got, want)
	}
	r.Sleep(500 * time.Millisecond)
	said := []any{sim.NodeID(2), "hello", 7, 3, sim.Local(500 * time.Millisecond)}
	if got := r.Receive(2, "hello"); !reflect.DeepEqual(got, Effects{Notes: []any{said}}) {
		t.Errorf("Receive did %+v, want a note of %v and nothing else", got, said)
	}
	if got := r.Timeout(3); !reflect.DeepEqual(got, Effects{Stopped: []any{"tag"}, Notes: []any{3}}) {
		t.Errorf("Timeout did %+v, want the timer stopped and a note", got)
	}
}

func TestRecordFailsTheTestOnAPanic(t *testing.T) {
	got := failures("TestX", func(t testing.TB) {
		r := Record(t, &everything{}, 0, 3)
		r.Init()
		r.Sleep(2 * time.Second) // the timer falls due, and calls nobody
		r.Timeout(nil)
	})
	if !strings.Contains(got, "panic: the timer is over") {
		t.Errorf("got %q, want the panic", got)
	}
}

func TestRecordWantsANodeOfTheWorld(t *testing.T) {
	for _, id := range []sim.NodeID{-1, 3} {
		got := failures("TestX", func(t testing.TB) { Record(t, &everything{}, id, 3) })
		if !strings.Contains(got, "want n0 to n2") {
			t.Errorf("node %v gives %q, want an error", id, got)
		}
	}
}

// worded receives unboxed messages.
type worded struct {
	everything
	got sim.Words
}

func (p *worded) ReceiveWords(_ *sim.Env, _ sim.NodeID, w sim.Words) { p.got = w }

func TestRecordDeliversWords(t *testing.T) {
	p := &worded{}
	words := sim.Words{A: 1, B: 2, C: 3}
	Record(t, p, 0, 3).Receive(1, words)
	if p.got != words {
		t.Errorf("got %v, want %v", p.got, words)
	}
}
