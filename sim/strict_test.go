package sim_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// Strict mode names the bug of a process: what it did, on which node, when, and how to see it again.
func TestStrictModeCatches(t *testing.T) {
	tests := []struct {
		name  string
		roles func() []sim.Process
		disk  sim.Disk
		loose bool // caught without strict mode too
		node  sim.NodeID
		time  sim.Time
		what  string
	}{
		{
			name: "a message changed by its sender", node: 1, time: at(2), what: "message n0->n1#1 ([]int) was changed after it was sent",
			roles: func() []sim.Process {
				var list []int
				return []sim.Process{acts{
					init:    func(env *sim.Env) { list = []int{1}; env.Send(1, list); env.After(unit, nil) },
					timeout: func(*sim.Env, any) { list[0]++ },
				}}
			},
		}, {
			name: "a message changed by a receiver of it", node: 2, time: at(2), what: "message n0->n2#1 ([]int) was changed after it was sent",
			roles: func() []sim.Process {
				change := acts{receive: func(_ *sim.Env, _ sim.NodeID, m sim.Message) { m.([]int)[0]++ }}
				return []sim.Process{acts{init: func(env *sim.Env) { env.Broadcast([]int{1}) }}, change, change}
			},
		}, {
			name: "a map in a message", node: 1, time: at(2), what: "message n0->n1#1 (map[string]int) was changed after it was sent",
			roles: func() []sim.Process {
				return []sim.Process{acts{init: func(env *sim.Env) {
					m := map[string]int{"a": 1, "b": 2}
					env.Send(1, m)
					delete(m, "a")
				}}}
			},
		}, {
			name: "a message changed while it waited for a write", node: 0, time: at(3), what: "a message of n0 to n1 ([]int) was changed after it was sent",
			disk: testDisk{latency: 3 * unit},
			roles: func() []sim.Process {
				return []sim.Process{acts{init: func(env *sim.Env) {
					list := []int{1}
					env.Persist("k", 1)
					env.Send(1, list)
					list[0]++
				}}}
			},
		}, {
			name: "a value changed while it was being written", node: 0, time: at(3), what: `the value that n0 persisted under "k" ([]int) was changed afterwards`,
			disk: testDisk{latency: 3 * unit},
			roles: func() []sim.Process {
				return []sim.Process{acts{init: func(env *sim.Env) {
					list := []int{1}
					env.Persist("k", list)
					list[0]++
				}}}
			},
		}, {
			name: "a value changed after it was written", node: 0, time: at(5), what: `the value that n0 persisted under "k" ([]int) was changed afterwards`,
			roles: func() []sim.Process {
				var list []int
				return []sim.Process{acts{
					init:    func(env *sim.Env) { list = []int{1}; env.Persist("k", list); env.After(5*unit, nil) },
					timeout: func(env *sim.Env, _ any) { list[0]++; env.Recall("k") },
				}}
			},
		}, {
			name: "an Env kept by its own process", node: 0, time: at(1), what: "the Env of n0 was kept and used after its handler had returned",
			roles: func() []sim.Process {
				var kept *sim.Env
				return []sim.Process{acts{
					init:    func(env *sim.Env) { kept = env; env.After(unit, nil) },
					timeout: func(*sim.Env, any) { kept.Send(1, "m") },
				}}
			},
		}, {
			name: "an Env used by another node", node: 1, time: 0, what: "the Env of n0 was kept and used after its handler had returned",
			roles: func() []sim.Process {
				var kept *sim.Env
				return []sim.Process{acts{init: func(env *sim.Env) { kept = env }}, acts{init: func(*sim.Env) { kept.Now() }}}
			},
		}, {
			name: "a nil message", loose: true, node: 1, time: 0, what: "n1 sent a nil message to n0",
			roles: func() []sim.Process {
				return []sim.Process{acts{}, acts{init: func(env *sim.Env) { env.Send(0, nil) }}}
			},
		}, {
			name: "a node that does not exist", loose: true, node: 1, time: 0, what: "n1 sent a message to n3, want n0 to n2",
			roles: func() []sim.Process {
				return []sim.Process{acts{}, acts{init: func(env *sim.Env) { env.Send(3, "m") }}}
			},
		}, {
			name: "words to a node that does not exist", loose: true, node: 1, time: 0, what: "n1 sent a message to n-1, want n0 to n2",
			roles: func() []sim.Process {
				return []sim.Process{acts{}, acts{init: func(env *sim.Env) { env.SendWords(-1, sim.Words{}) }}}
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := sim.Config{Seed: 42, Nodes: 3, Disk: tt.disk, Network: sim.ConstantDelay(2 * unit), Replay: "the command", Strict: true}
			cfg.New = cast(tt.roles()...)
			r := run(t, cfg)
			require.Equal(t, sim.Panicked, r.Verdict)
			var err *sim.Error
			require.True(t, errors.As(r.Err, &err))
			require.Contains(t, err.What, tt.what)
			require.Equal(t, tt.node, err.Node)
			require.Equal(t, tt.time, err.Time)
			require.Equal(t, uint64(42), err.Seed)
			require.Equal(t, r.Records, err.Event)
			require.Positive(t, err.Event)
			require.Contains(t, err.Error(), "\nreplay: the command")

			if !tt.loose {
				cfg.Strict = false
				cfg.New = cast(tt.roles()...)
				require.NoError(t, run(t, cfg).Err, "it takes strict mode to see it")
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	type inner struct{ A, b int }
	type node struct {
		Next *node
		V    int
	}
	ring := func(v int) *node {
		a, b := &node{V: 1}, &node{V: v}
		a.Next, b.Next = b, a
		return a
	}
	one, other := 1, 1
	equal := [][2]any{
		{nil, nil}, {"a", "a"}, {&one, &other}, {[]int{1, 2}, []int{1, 2}},
		{map[string]int{"a": 1, "b": 2, "c": 3}, map[string]int{"c": 3, "b": 2, "a": 1}},
		{inner{1, 2}, inner{1, 2}}, {ring(2), ring(2)}, {func() {}, func() { _ = one }},
	}
	for _, p := range equal {
		require.Equal(t, sim.Fingerprint(p[0]), sim.Fingerprint(p[1]), "%v", p)
	}
	var values = []any{
		nil, 0, 1, -1, "", "a", "b", "ab", "abcdefgh", "abcdefgi", "abcdefghi", true, false, 1.5, float32(2.5), 1i, uint8(1), [2]int{1, 2}, [2]int{2, 1},
		[]int(nil), []int{}, []int{0}, []int{0, 0}, []string{"a", "b"}, []string{"ab", ""}, []any{1}, []any{"1"}, []any{int32(1)}, []any{nil},
		map[string]int(nil), map[string]int{}, map[string]int{"a": 1}, map[string]int{"a": 2}, map[string]int{"a": 1, "b": 2}, map[string]int{"a": 2, "b": 1},
		inner{1, 2}, inner{2, 1}, struct{ A inner }{inner{1, 3}}, &inner{5, 5}, (*inner)(nil), ring(2), ring(3), &node{V: 1}, func() {}, (func())(nil),
		[]*int{&one, &one}, []*int{&one, nil},
	}
	seen := map[uint64]int{}
	for i, v := range values {
		f := sim.Fingerprint(v)
		if j, ok := seen[f]; ok {
			t.Errorf("%#v and %#v have one fingerprint", values[j], v)
		}
		seen[f] = i
	}
}
