package kv_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

func do(op kv.Op) kv.Command { return kv.Command{Op: op} }

func TestOperations(t *testing.T) {
	s := kv.NewStore(0)
	for i, c := range []struct {
		op   kv.Op
		want kv.Result
	}{
		{kv.Op{Kind: kv.Get, Key: "a"}, kv.Result{}},
		{kv.Op{Kind: kv.Put, Key: "a", Value: "1"}, kv.Result{}},
		{kv.Op{Kind: kv.Get, Key: "a"}, kv.Result{Value: "1", Found: true}},
		{kv.Op{Kind: kv.Append, Key: "a", Value: "2"}, kv.Result{}},
		{kv.Op{Kind: kv.Append, Key: "b", Value: "3"}, kv.Result{}},
		{kv.Op{Kind: kv.CompareAndSwap, Key: "a", Expect: "1", Value: "4"}, kv.Result{}},
		{kv.Op{Kind: kv.CompareAndSwap, Key: "a", Expect: "12", Value: "4"}, kv.Result{Swapped: true}},
		{kv.Op{Kind: kv.CompareAndSwap, Key: "c", Expect: "", Value: "5"}, kv.Result{}}, // a missing key has no value, not an empty one
		{kv.Op{Kind: kv.Delete, Key: "c"}, kv.Result{}},
		{kv.Op{Kind: kv.Delete, Key: "b"}, kv.Result{Found: true}},
		{kv.Op{Kind: kv.Get, Key: "b"}, kv.Result{}},
	} {
		require.Equal(t, kv.Reply{Result: c.want}, s.Apply(do(c.op)), "operation %d", i)
	}
	require.Equal(t, []kv.Pair{{Key: "a", Value: "4"}}, s.Dump())
	require.Equal(t, kv.Result{Value: "4", Found: true}, s.Get("a"))
	require.Equal(t, uint64(11), s.Applied())
	require.Equal(t, `a="4" after 11 commands, 0 sessions`, s.String())
}

// in returns a command in a session: it appends its serial to the key of the session.
func in(session, serial uint64, at time.Duration) kv.Command {
	return kv.Command{
		Token: kv.Token{Session: session, Serial: serial}, Time: sim.Local(at), Request: 100 + serial,
		Op: kv.Op{Kind: kv.Append, Key: "k", Value: fmt.Sprintf("%d.%d ", session, serial)},
	}
}

func open(client sim.NodeID, request uint64, at time.Duration) kv.Command {
	return kv.Command{Register: true, Client: client, Request: request, Time: sim.Local(at)}
}

func TestSessions(t *testing.T) {
	s := kv.NewStore(0)
	require.Equal(t, kv.Reply{ID: 1, Session: 1}, s.Apply(open(5, 1, 0)))
	require.Equal(t, kv.Reply{ID: 1, Session: 2}, s.Apply(open(6, 1, 0)), "another client's first registration")
	require.Equal(t, kv.Reply{ID: 1, Session: 1}, s.Apply(open(5, 1, 0)), "a second copy of a registration")
	require.Equal(t, kv.Reply{ID: 2, Session: 4}, s.Apply(open(5, 2, 0)), "another session of the same client")

	require.Equal(t, kv.Reply{ID: 101}, s.Apply(in(1, 1, 0)))
	require.Equal(t, kv.Reply{ID: 101}, s.Apply(in(1, 1, 0)))
	require.Equal(t, kv.Reply{ID: 103}, s.Apply(in(1, 3, 0)), "serial 2 never came")
	require.Equal(t, kv.Reply{ID: 102, Status: kv.Expired}, s.Apply(in(1, 2, 0)), "and now it may not any more")
	require.Equal(t, kv.Reply{ID: 101, Status: kv.Expired}, s.Apply(in(1, 1, 0)))
	require.Equal(t, kv.Reply{ID: 101, Status: kv.Expired}, s.Apply(in(3, 1, 0)), "a session that nobody opened")
	require.Equal(t, kv.Reply{ID: 101}, s.Apply(in(4, 1, 0)))
	require.Equal(t, "1.1 1.3 4.1 ", s.Get("k").Value)

	read := in(4, 2, 0)
	read.Op = kv.Op{Kind: kv.Get, Key: "k"}
	first := s.Apply(read)
	s.Apply(in(1, 4, 0))
	require.Equal(t, first, s.Apply(read), "the result of then, not of now")
	got, ok := s.Answer(read.Token)
	require.True(t, ok)
	require.Equal(t, first.Result, got)
	_, ok = s.Answer(kv.Token{Session: 4, Serial: 1})
	require.False(t, ok)
	_, ok = s.Answer(kv.Token{Session: 9, Serial: 1})
	require.False(t, ok)
}

// Sessions expire by the time that commands carry, and by nothing else.
func TestSessionsExpire(t *testing.T) {
	s := kv.NewStore(time.Second)
	s.Apply(open(5, 1, 0))
	s.Apply(open(6, 1, 0))
	require.Equal(t, kv.OK, s.Apply(in(1, 1, time.Second)).Status, "exactly its time")
	require.Equal(t, kv.OK, s.Apply(in(1, 1, 2*time.Second)).Status, "a repeated request uses it too")
	require.Equal(t, kv.Expired, s.Apply(in(2, 1, 2*time.Second)).Status)
	require.Equal(t, kv.OK, s.Apply(in(1, 2, time.Second)).Status, "another leader's clock is behind: time does not go back")
	require.Equal(t, kv.Expired, s.Apply(in(2, 1, 0)).Status, "nor does an expired session come back")

	require.Equal(t, 2, s.Sessions())
	require.Equal(t, uint64(8), s.Apply(open(6, 2, 2*time.Second)).Session, "a registration again")
	require.Equal(t, 2, s.Sessions(), "which forgets those that have expired")
	require.Equal(t, kv.OK, s.Apply(in(8, 1, 3*time.Second)).Status)
	require.Equal(t, uint64(10), s.Apply(open(6, 1, 3*time.Second)).Session, "the first copy's session is forgotten, so this opens another")
	require.Equal(t, kv.Expired, s.Apply(in(1, 3, 4*time.Second)).Status)
}

// once is the obvious way to execute each operation of a session once: it remembers all of them.
type once struct {
	data string
	done map[kv.Token]bool
	last map[uint64]uint64
}

func (o *once) apply(c kv.Command) kv.Status {
	switch last, known := o.last[c.Token.Session]; {
	case !known || c.Token.Serial < last:
		return kv.Expired
	case !o.done[c.Token]:
		o.done[c.Token], o.last[c.Token.Session] = true, c.Token.Serial
		o.data += c.Op.Value
	}
	return kv.OK
}

// Requests come late, repeatedly and in any order: the store does what the obvious one does, and so do its copies.
func TestOnceWhateverTheOrder(t *testing.T) {
	for seed := range uint64(50) {
		r := sim.NewRand(seed, sim.ForStudy)
		s, o := kv.NewStore(0), &once{done: map[kv.Token]bool{}, last: map[uint64]uint64{}}
		for i := range uint64(3) {
			s.Apply(open(0, i+1, 0))
			o.last[i+1] = 0
		}
		copied := s.Clone()
		for range 200 {
			c := in(r.Uint64N(4)+1, r.Uint64N(12)+1, 0)
			want := o.apply(c)
			require.Equal(t, want, s.Apply(c).Status)
			copied.Apply(c)
			require.Equal(t, s.Hash(), copied.Hash())
			if r.Bool(0.1) {
				copied = copied.Clone()
			}
		}
		require.Equal(t, o.data, s.Get("k").Value)
		for _, one := range strings.Fields(o.data) {
			require.Equal(t, 1, strings.Count(" "+s.Get("k").Value, " "+one+" "))
		}
	}
}

// A store that lost its sessions executes again what it executed before, and then knows it.
func TestLostSessions(t *testing.T) {
	s := kv.NewStore(0)
	s.Apply(open(5, 1, 0))
	s.Apply(in(1, 1, 0))
	lost := s.CloneWithoutSessions()
	require.NotEqual(t, s.Hash(), lost.Hash())
	require.Zero(t, lost.Sessions())
	for range 3 {
		require.Equal(t, kv.OK, lost.Apply(in(1, 1, 0)).Status)
	}
	require.Equal(t, "1.1 1.1 ", lost.Get("k").Value)
	require.Equal(t, "1.1 ", s.Get("k").Value)
	require.Equal(t, kv.Expired, lost.Clone().Apply(in(1, 0, 0)).Status)
}

// The hash is kept up along the way, and is that of the state all the same: Decode adds it up anew.
func TestHashIsOfTheState(t *testing.T) {
	r := sim.NewRand(1, sim.ForStudy)
	s := kv.NewStore(time.Second)
	seen := map[uint64]bool{}
	for i := range 500 {
		c := kv.Command{Time: sim.Local(i) * sim.Local(10*time.Millisecond), Client: sim.NodeID(r.IntN(5)), Request: uint64(i)}
		switch r.IntN(4) {
		case 0:
			c.Register = true
		case 1:
			c.Token = kv.Token{Session: r.Uint64N(s.Applied() + 1), Serial: r.Uint64N(5) + 1}
		}
		c.Op = kv.Op{Kind: kv.Kind(r.IntN(5)), Key: strconv.Itoa(r.IntN(4)), Value: strconv.Itoa(r.IntN(3)), Expect: strconv.Itoa(r.IntN(3))}
		s.Apply(c)
		again, err := kv.Decode(s.Encode())
		require.NoError(t, err)
		require.Equal(t, s.Hash(), again.Hash())
		require.False(t, seen[s.Hash()], "two states of one history differ at least in how many commands made them")
		seen[s.Hash()] = true
	}
}

func TestClonesAreIndependent(t *testing.T) {
	s := kv.NewStore(0)
	s.Apply(open(5, 1, 0))
	s.Apply(in(1, 1, 0))
	c := s.Clone()
	before, size := s.Hash(), s.Size()
	require.Equal(t, before, c.Hash())
	c.Apply(in(1, 2, 0))
	c.Apply(open(5, 2, 0))
	require.Equal(t, before, s.Hash())
	require.Equal(t, "1.1 ", s.Get("k").Value)
	require.Equal(t, size, s.Size())
	require.Greater(t, c.Size(), size)
}

// Commands that differ in anything have different hashes.
func TestCommandHash(t *testing.T) {
	base := kv.Command{Token: kv.Token{Session: 1, Serial: 2}, Op: kv.Op{Kind: kv.Put, Key: "a", Value: "b", Expect: "c"}, Time: 3, Client: 4, Request: 5}
	seen := map[uint64]int{base.Hash(): -1}
	for i, change := range []func(*kv.Command){
		func(c *kv.Command) { c.Token.Session++ },
		func(c *kv.Command) { c.Token.Serial++ },
		func(c *kv.Command) { c.Op.Kind++ },
		func(c *kv.Command) { c.Op.Key = "ab" },
		func(c *kv.Command) { c.Op.Key, c.Op.Value = "ab", "" }, // the same letters
		func(c *kv.Command) { c.Op.Value += "\x00" },
		func(c *kv.Command) { c.Op.Expect = "" },
		func(c *kv.Command) { c.Register = true },
		func(c *kv.Command) { c.Time++ },
		func(c *kv.Command) { c.Client++ },
		func(c *kv.Command) { c.Request++ },
	} {
		c := base
		change(&c)
		other, taken := seen[c.Hash()]
		require.False(t, taken, "%d and %d", i, other)
		seen[c.Hash()] = i
	}
	same := base
	require.Equal(t, base.Hash(), same.Hash())
}

func BenchmarkApply(b *testing.B) {
	s := kv.NewStore(time.Hour)
	for i := range uint64(20) {
		s.Apply(open(0, i+1, 0))
	}
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = "k" + strconv.Itoa(i)
	}
	b.ReportAllocs()
	var n uint64
	for b.Loop() {
		n++
		s.Apply(kv.Command{Token: kv.Token{Session: n%20 + 1, Serial: n}, Op: kv.Op{Kind: kv.Put, Key: keys[n%100], Value: "c7.1234"}, Time: sim.Local(n)})
	}
}

func BenchmarkClone(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s := kv.NewStore(0)
			for i := range uint64(20) {
				s.Apply(open(0, i+1, 0))
			}
			for i := range n {
				s.Apply(do(kv.Op{Kind: kv.Put, Key: "k" + strconv.Itoa(i), Value: "c7.1234"}))
			}
			b.ReportAllocs()
			for b.Loop() {
				s.Clone()
			}
		})
	}
}
