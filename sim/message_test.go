package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// lossy is a network with everything that is random: loss, duplicates, and latencies of 0 to max units, plus noise so
// that they differ in every bit.
type lossy struct {
	max       int
	loss, dup float64
	noise     bool
}

func (n lossy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(n.loss) {
		return dst
	}
	copies := 1
	if r.Bool(n.dup) {
		copies = 2
	}
	for range copies {
		d := unit * time.Duration(r.IntN(n.max+1))
		if n.noise {
			d += r.Duration(0, unit)
		}
		dst = append(dst, sim.Copy{Delay: d})
	}
	return dst
}

// chatter sends to random peers among the first five nodes, on timers: what it sends depends on nothing that arrives.
type chatter struct{ rounds int }

func (p *chatter) Init(env *sim.Env)                         { env.After(unit, nil) }
func (p *chatter) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (p *chatter) Timeout(env *sim.Env, _ any) {
	if p.rounds--; p.rounds < 0 {
		return
	}
	for range 3 {
		env.Send(sim.NodeID(env.Rand().IntN(5)), env.Now())
	}
	env.After(env.Rand().Duration(0, 3*unit), nil)
}

// fateTable is what became of each message: when it was sent, and when each copy arrived or why it was lost.
func fateTable(t *testing.T, cfg sim.Config) map[sim.MessageName]string {
	t.Helper()
	var rec recording
	cfg.Observers = append(cfg.Observers, &rec)
	require.Equal(t, sim.Pass, run(t, cfg).Verdict)
	fates := map[sim.MessageName]string{}
	for _, e := range rec.of(sim.Send, sim.Deliver, sim.Drop) {
		fates[e.Name()] += fmt.Sprintf("%v.%d %v %v; ", e.Kind, e.Copy, e.Cause, e.At)
	}
	return fates
}

// five chatters, and idle nodes after them.
func five(id sim.NodeID) sim.Process {
	if id < 5 {
		return &chatter{rounds: 200}
	}
	return acts{}
}

var rough = lossy{max: 5, loss: .1, dup: .1, noise: true}

func TestAnIdleNodeChangesNoFate(t *testing.T) {
	for _, naming := range []sim.Naming{sim.PerLink, sim.PerSender} {
		for seed := range uint64(3) {
			cfg := sim.Config{Seed: seed, Nodes: 5, New: five, Network: rough, Naming: naming}
			before := fateTable(t, cfg)
			require.Greater(t, len(before), 2500)
			cfg.Nodes = 6
			require.Equal(t, before, fateTable(t, cfg))
			cfg.Seed += 100
			require.NotEqual(t, before, fateTable(t, cfg), "another seed")
		}
	}
}

func TestDroppingAMessageChangesNoOtherFate(t *testing.T) {
	// The sixth node is idle: it receives one message from each of the others, and does nothing.
	chatty := func(id sim.NodeID) sim.Process {
		p := five(id)
		if id == 5 {
			return p
		}
		return acts{
			init:    func(env *sim.Env) { env.Send(5, "hello"); p.Init(env) },
			timeout: p.Timeout,
		}
	}
	for seed := range uint64(3) {
		cfg := sim.Config{Seed: seed, Nodes: 6, New: chatty, Network: rough}
		want := fateTable(t, cfg)
		dropped := sim.MessageName{From: 2, To: 5, K: 1}
		another := sim.MessageName{From: 1, To: 3, K: 7} // and one to a node that is not idle, but does not care
		cfg.Drop = []sim.MessageName{dropped, another}
		got := fateTable(t, cfg)
		require.Contains(t, got[dropped], "drop.0 edited")
		require.Contains(t, got[another], "drop.0 edited")
		require.NotContains(t, want[another], "edited")
		delete(want, dropped)
		delete(got, dropped)
		delete(want, another)
		delete(got, another)
		require.Equal(t, want, got)
	}
}

// Above 1,024 nodes the numbers of messages are kept in a map instead of an array: the same numbers, the same fates.
func TestSparseNumberingEqualsDense(t *testing.T) {
	cfg := sim.Config{Seed: 5, Nodes: 1024, New: five, Network: rough}
	dense := fateTable(t, cfg)
	cfg.Nodes = 1025
	require.Equal(t, dense, fateTable(t, cfg))
}

func TestMessagesAreNumberedByLinkOrBySender(t *testing.T) {
	p := acts{init: func(env *sim.Env) {
		for _, to := range []sim.NodeID{1, 2, 1, 0, 1} {
			env.Send(to, "m")
		}
	}}
	numbers := func(naming sim.Naming) (ks []uint64) {
		var rec recording
		run(t, sim.Config{Nodes: 3, New: cast(p), Naming: naming, Observers: []sim.Observer{&rec}})
		for _, e := range rec.of(sim.Send) {
			ks = append(ks, e.K)
		}
		return ks
	}
	require.Equal(t, []uint64{1, 1, 2, 1, 3}, numbers(sim.PerLink))
	require.Equal(t, []uint64{1, 2, 3, 4, 5}, numbers(sim.PerSender))
}

func TestTiesGoByWhenTheyWereCaused(t *testing.T) {
	var order []any
	p := acts{
		init: func(env *sim.Env) {
			id := env.ID()
			env.After(2*unit, fmt.Sprint("timer of ", id))
			env.Send(2, fmt.Sprint("message of ", id))
		},
		receive: func(env *sim.Env, _ sim.NodeID, m sim.Message) { order = append(order, m) },
		timeout: func(env *sim.Env, tag any) { order = append(order, tag) },
	}
	cfg := sim.Config{Nodes: 2 + 1, New: cast(p, p, p), Network: sim.ConstantDelay(2 * unit)}
	run(t, cfg)
	require.Equal(t, []any{"message of n2", "timer of n0", "message of n0", "timer of n1", "message of n1", "timer of n2"}, order)
}

func TestShuffleOrdersTiesByTheSeed(t *testing.T) {
	const n = 6
	order := func(seed uint64, radix bool) string {
		s := ""
		p := acts{
			init:    func(env *sim.Env) { env.Send(0, "m"); env.After(unit, "t") },
			receive: func(env *sim.Env, from sim.NodeID, _ sim.Message) { s += fmt.Sprint("m", from, " ") },
			timeout: func(env *sim.Env, _ any) { s += fmt.Sprint("t", env.ID(), " ") },
		}
		w := newWorld(t, sim.Config{Seed: seed, Nodes: n, New: each(p), Network: sim.ConstantDelay(unit), Shuffle: true})
		if radix {
			sim.UseRadix(w)
		}
		w.Run()
		return s
	}
	orders := map[string]bool{}
	first := make([]int, n) // which node's timer or message comes first after n0's own message
	const seeds = 600
	for seed := range uint64(seeds) {
		s := order(seed, false)
		require.Equal(t, s, order(seed, true), "seed %d", seed)
		orders[s] = true
		first[s[6]-'0']++ // "mn0 ?nX"
	}
	require.Equal(t, "mn0 ", order(1, false)[:4], "a message to oneself takes no time")
	require.Greater(t, len(orders), seeds*9/10, "of 11! orders")
	// Node 0 has one event in the tie, the others two each: of 11.
	for id, c := range first {
		want := seeds * 2 / 11.
		if id == 0 {
			want /= 2
		}
		require.InDelta(t, want, float64(c), 5*want/4, "n%d", id)
		require.Positive(t, c)
	}
}

func TestWhatANetworkCanDoToAMessage(t *testing.T) {
	fate := func(copies ...sim.Copy) routed { return func(*sim.Packet) []sim.Copy { return copies } }
	tests := []struct {
		name  string
		fate  routed
		want  string
		stats sim.Stats
	}{
		{"nothing", fate(), "drop n-1 m", sim.Stats{Sent: 1, Dropped: dropped(sim.Loss, 1)}},
		{"a loss with a cause", fate(sim.Copy{Cause: sim.Overflow, Delay: unit}), "drop n-1 m", sim.Stats{Sent: 1, Dropped: dropped(sim.Overflow, 1)}},
		{"a duplicate", fate(sim.Copy{}, sim.Copy{}), "deliver n1 m; deliver n1 m", sim.Stats{Sent: 1, Duplicated: 1, Delivered: 2}},
		{"a duplicate that is lost", fate(sim.Copy{}, sim.Copy{Cause: sim.Loss}), "drop n-1 m; deliver n1 m",
			sim.Stats{Sent: 1, Duplicated: 1, Delivered: 1, Dropped: dropped(sim.Loss, 1)}},
		{"the original lost, the duplicate altered", fate(sim.Copy{Cause: sim.Loss}, sim.Copy{Altered: "x"}), "drop n-1 m; deliver n1 x",
			sim.Stats{Sent: 1, Duplicated: 1, Delivered: 1, Dropped: dropped(sim.Loss, 1)}},
		{"words that stay words", fate(sim.Copy{Altered: sim.Words{A: 1}}), "deliver n1 {1 0 0}", sim.Stats{Sent: 1, Delivered: 1}},
		{"many copies", fate(make([]sim.Copy, 6)...), "deliver n1 m; deliver n1 m; deliver n1 m; deliver n1 m; deliver n1 m; deliver n1 m",
			sim.Stats{Sent: 1, Duplicated: 5, Delivered: 6}},
	}
	for _, tt := range tests {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, strict=%v", tt.name, strict), func(t *testing.T) {
				var rec recording
				w := newWorld(t, sim.Config{Nodes: 2, New: cast(), Network: tt.fate, Strict: strict, Observers: []sim.Observer{&rec}})
				require.NoError(t, w.Inject(0, 1, "m"))
				r := w.Run()
				require.Equal(t, sim.Pass, r.Verdict)
				require.Equal(t, tt.want, story(rec.of(sim.Deliver, sim.Drop)))
				require.Equal(t, tt.stats, r.Stats)
				for _, e := range rec.of(sim.Deliver, sim.Drop) {
					require.Equal(t, rec.of(sim.Send)[0].ID, e.Link)
				}
			})
		}
	}
}

func TestAlteredMessagesKeepTheirForm(t *testing.T) {
	for _, altered := range []sim.Message{sim.Words{A: 2}, "boxed"} {
		for _, strict := range []bool{false, true} {
			var got []string
			boxed := acts{receive: func(_ *sim.Env, _ sim.NodeID, m sim.Message) { got = append(got, fmt.Sprint(m)) }}
			net := routed(func(*sim.Packet) []sim.Copy { return []sim.Copy{{Altered: altered}} })
			w := newWorld(t, sim.Config{Nodes: 2, New: cast(acts{}, reader{boxed, &got}), Network: net, Strict: strict})
			require.NoError(t, w.Inject(0, 1, sim.Words{A: 1}))
			require.NoError(t, w.Inject(0, 1, "was boxed"))
			require.NoError(t, w.Run().Err)
			if altered == "boxed" {
				require.Equal(t, []string{"boxed", "boxed"}, got)
			} else {
				require.Equal(t, []string{"words n0 {2 0 0}", "{2 0 0}"}, got)
			}
		}
	}
}

func dropped(c sim.Cause, n uint64) (d [sim.Edited + 1]uint64) {
	d[c] = n
	return d
}

// routed is a function as a Network.
type routed func(p *sim.Packet) []sim.Copy

func (f routed) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, f(p)...)
}

func TestPacketsTellTheNetworkAll(t *testing.T) {
	var seen []string
	net := routed(func(p *sim.Packet) []sim.Copy {
		seen = append(seen, fmt.Sprintln(p.Now, p.Name(), p.Message, p.Words != nil, p.Size()))
		return []sim.Copy{{}}
	})
	p := acts{init: func(env *sim.Env) {
		env.Send(1, "boxed")
		env.SendWords(1, sim.Words{A: 7})
		env.Send(1, sized(4))
		env.Send(0, "to oneself, not by the network")
	}}
	run(t, sim.Config{Nodes: 2, New: cast(p), Network: net})
	require.Equal(t, []string{"0s n0->n1#1 boxed false 100\n", "0s n0->n1#2 <nil> true 24\n", "0s n0->n1#3 4 false 4\n"}, seen)
}

type sized int

func (s sized) Size() int { return int(s) }

// reader receives Words as such.
type reader struct {
	acts
	got *[]string
}

func (r reader) ReceiveWords(_ *sim.Env, from sim.NodeID, w sim.Words) {
	*r.got = append(*r.got, fmt.Sprint("words ", from, w))
}

func TestWordsArriveUnboxedWhereTheyAreWanted(t *testing.T) {
	var got []string
	boxed := acts{receive: func(_ *sim.Env, from sim.NodeID, m sim.Message) {
		got = append(got, fmt.Sprintf("%T %v%v", m, from, m))
	}}
	send := acts{init: func(env *sim.Env) {
		env.SendWords(1, sim.Words{A: 1, B: 2, C: 3})
		env.SendWords(2, sim.Words{A: 1, B: 2, C: 3})
	}}
	for _, strict := range []bool{false, true} {
		got = nil
		w := newWorld(t, sim.Config{Nodes: 3, New: cast(send, boxed, reader{boxed, &got}), Strict: strict})
		require.NoError(t, w.RunUntil(0))
		require.NoError(t, w.Inject(0, 1, sim.Words{A: 4}))
		require.NoError(t, w.Inject(0, 2, sim.Words{A: 4}))
		w.Run()
		require.Equal(t, []string{"sim.Words n0{1 2 3}", "words n0 {1 2 3}", "sim.Words n0{4 0 0}", "words n0 {4 0 0}"}, got)
	}
}

func TestBroadcastGoesRoundTheRing(t *testing.T) {
	for n := 1; n <= 4; n++ {
		for id := range n {
			var to []sim.NodeID
			p := acts{init: func(env *sim.Env) {
				if int(env.ID()) == id {
					env.Broadcast("m")
					require.Equal(t, n, env.Nodes())
				}
			}, receive: func(env *sim.Env, _ sim.NodeID, _ sim.Message) { to = append(to, env.ID()) }}
			run(t, sim.Config{Nodes: n, New: each(p)})
			var want []sim.NodeID
			for i := 1; i < n; i++ {
				want = append(want, sim.NodeID((id+i)%n))
			}
			require.Equal(t, want, to)
		}
	}
}

// Two timers of one node that fall due together are a tie like any other.
func TestShuffleOrdersANodesOwnTimersToo(t *testing.T) {
	orders := map[string]int{}
	for seed := range uint64(64) {
		s := ""
		p := acts{
			init:    func(env *sim.Env) { env.After(unit, "a"); env.After(unit, "b") },
			timeout: func(_ *sim.Env, tag any) { s += tag.(string) },
		}
		run(t, sim.Config{Seed: seed, Nodes: 1, New: each(p), Shuffle: true})
		orders[s]++
	}
	require.Greater(t, orders["ab"], 12, "of 64; 32 on average with a deviation of 4")
	require.Greater(t, orders["ba"], 12)
}
