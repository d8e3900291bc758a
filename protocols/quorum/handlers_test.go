package quorum_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func put(id uint64, key, value string) kv.Request {
	return kv.Request{ID: id, Op: kv.Op{Kind: kv.Put, Key: key, Value: value}}
}

func get(id uint64, key string) kv.Request {
	return kv.Request{ID: id, Op: kv.Op{Kind: kv.Get, Key: key}}
}

// to returns the messages that a handler sent to a node.
func to(e simtest.Effects, id sim.NodeID) []sim.Message {
	var ms []sim.Message
	for _, s := range e.Sends {
		if s.To == id {
			ms = append(ms, s.Message)
		}
	}
	return ms
}

func version(value string, at sim.Local, writer sim.NodeID) quorum.Version {
	return quorum.Version{Value: value, Stamp: quorum.Stamp{Time: at, Writer: writer}}
}

const client = sim.NodeID(9)

func TestDynamoWriteNeedsWAnswers(t *testing.T) {
	p := quorum.NewDynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}})
	r := simtest.Record(t, p, 0, 10)
	r.Init()
	r.Sleep(5 * ms)
	did := r.Receive(client, put(1, "x", "a"))
	for id := range sim.NodeID(3) {
		require.Equal(t, []sim.Message{quorum.Write{Call: 1, Key: "x", Versions: []quorum.Version{version("a", 5_000_000, 0)}, For: id}}, to(did, id))
	}
	require.Empty(t, r.Receive(client, put(1, "x", "a")), "the same request again")
	require.Empty(t, r.Receive(1, quorum.WriteReply{Call: 1, For: 1}))
	require.Empty(t, r.Receive(1, quorum.WriteReply{Call: 1, For: 1}), "the same answer again is not another")
	require.Equal(t, []sim.Message{kv.Reply{ID: 1}}, to(r.Receive(2, quorum.WriteReply{Call: 1, For: 2}), client))
	require.Empty(t, r.Receive(0, quorum.WriteReply{Call: 1, For: 0}), "it is over")
}

func TestDynamoReadTakesTheNewest(t *testing.T) {
	p := quorum.NewDynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Repair: true})
	r := simtest.Record(t, p, 0, 10)
	r.Init()
	r.Receive(client, get(1, "x"))
	older, newer := []quorum.Version{version("a", 5, 1)}, []quorum.Version{version("b", 6, 0)}
	require.Empty(t, r.Receive(1, quorum.ReadReply{Call: 1, Versions: older, For: 1}))
	did := r.Receive(2, quorum.ReadReply{Call: 1, Versions: newer, For: 2})
	require.Equal(t, []sim.Message{kv.Reply{ID: 1, Result: kv.Result{Value: "b", Found: true}}}, to(did, client))
	did = r.Receive(0, quorum.ReadReply{Call: 1, For: 0})
	for id, want := range [][]sim.Message{{quorum.Write{Key: "x", Versions: newer, For: 0}}, {quorum.Write{Key: "x", Versions: newer, For: 1}}, nil} {
		require.Equal(t, want, to(did, sim.NodeID(id)), "repair of n%d", id)
	}
}

func TestDynamoReplicaKeepsTheNewest(t *testing.T) {
	p := quorum.NewDynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}})
	r := simtest.Record(t, p, 0, 10)
	r.Init()
	newer := []quorum.Version{version("b", 6, 0)}
	require.Len(t, r.Receive(1, quorum.Write{Call: 7, Key: "x", Versions: newer, For: 0}).Writes, 1)
	did := r.Receive(1, quorum.Write{Call: 8, Key: "x", Versions: []quorum.Version{version("a", 5, 2)}, For: 0})
	require.Empty(t, did.Writes)
	require.Empty(t, did.Sends, "the write before is not known to be durable yet")
	require.Empty(t, r.Receive(2, quorum.Read{Call: 9, Key: "x", For: 0}), "nor is a read answered before")
}

// What a server says when it gives up.
func TestDynamoGivesUp(t *testing.T) {
	for _, c := range []struct {
		op   kv.Kind
		want kv.Status
	}{{kv.Get, kv.Unavailable}, {kv.Put, kv.Uncertain}, {kv.Delete, kv.Uncertain}} {
		t.Run(c.op.String(), func(t *testing.T) {
			p := quorum.NewDynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Timeout: time.Second})
			r := simtest.Record(t, p, 0, 10)
			r.Init()
			did := r.Receive(client, kv.Request{ID: 1, Op: kv.Op{Kind: c.op, Key: "x"}})
			require.Equal(t, time.Second, did.Timers[0].After)
			require.Equal(t, []sim.Message{kv.Reply{ID: 1, Status: c.want}}, to(r.Timeout(did.Timers[0].Tag), client))
		})
	}
}

func TestWhatNeedsConsensusIsRefused(t *testing.T) {
	dynamo := quorum.NewDynamo(quorum.Config{Servers: 3, Quorums: quorum.Majority(3)})
	registers := quorum.NewABD(quorum.ABDConfig{Servers: 3})
	for name, c := range map[string]struct {
		p sim.Process
		m kv.Request
	}{
		"append":           {dynamo, kv.Request{ID: 1, Op: kv.Op{Kind: kv.Append, Key: "x"}}},
		"compare and swap": {dynamo, kv.Request{ID: 1, Op: kv.Op{Kind: kv.CompareAndSwap, Key: "x"}}},
		"session":          {dynamo, kv.Request{ID: 1, Register: true}},
		"token":            {dynamo, kv.Request{ID: 1, Token: kv.Token{Session: 1, Serial: 1}}},
		"abd: append":      {registers, kv.Request{ID: 1, Op: kv.Op{Kind: kv.Append, Key: "x"}}},
		"abd: delete":      {registers, kv.Request{ID: 1, Op: kv.Op{Kind: kv.Delete, Key: "x"}}},
		"abd: session":     {registers, kv.Request{ID: 1, Register: true}},
	} {
		t.Run(name, func(t *testing.T) {
			r := simtest.Record(t, c.p, 0, 10)
			r.Init()
			require.Equal(t, []simtest.Sent{{To: client, Message: kv.Reply{ID: 1, Status: kv.Unavailable}}}, r.Receive(client, c.m).Sends)
		})
	}
}

func timestamp(value string, count uint64, writer sim.NodeID) []quorum.Version {
	return []quorum.Version{{Value: value, Stamp: quorum.Stamp{Count: count, Writer: writer}}}
}

// Two phases: ask for the timestamps, then store under a later one (Lynch and Shvartsman, section 3).
func TestABDWrite(t *testing.T) {
	p := quorum.NewABD(quorum.ABDConfig{Servers: 3})
	r := simtest.Record(t, p, 1, 10)
	r.Init()
	require.Equal(t, []sim.Message{quorum.Read{Call: 1, Key: "x", For: 2}}, to(r.Receive(client, put(1, "x", "b")), 2))
	require.Empty(t, r.Receive(0, quorum.ReadReply{Call: 1, Versions: timestamp("a", 4, 2), For: 0}))
	did := r.Receive(2, quorum.ReadReply{Call: 1, For: 2})
	require.Equal(t, []sim.Message{quorum.Write{Call: 1, Key: "x", Versions: timestamp("b", 5, 1), For: 2}}, to(did, 2))
	require.Len(t, did.Writes, 1, "the timestamp is durable before it is used")
	require.Empty(t, r.Receive(2, quorum.WriteReply{Call: 1, For: 2}))
	require.Equal(t, []sim.Message{kv.Reply{ID: 1}}, to(r.Receive(0, quorum.WriteReply{Call: 1, For: 0}), client))
	require.Equal(t, []sim.Message{kv.Reply{ID: 1, Status: kv.Uncertain}}, to(r.Receive(client, put(1, "x", "b")), client), "not again")
}

func TestABDRead(t *testing.T) {
	for _, writeBack := range []bool{true, false} {
		p := quorum.NewABD(quorum.ABDConfig{Servers: 3, WriteBack: writeBack})
		r := simtest.Record(t, p, 1, 10)
		r.Init()
		r.Receive(client, get(1, "x"))
		r.Receive(0, quorum.ReadReply{Call: 1, Versions: timestamp("a", 4, 2), For: 0})
		did := r.Receive(2, quorum.ReadReply{Call: 1, For: 2})
		answer := []sim.Message{kv.Reply{ID: 1, Result: kv.Result{Value: "a", Found: true}}}
		if !writeBack {
			require.Equal(t, answer, to(did, client))
			continue
		}
		require.Empty(t, to(did, client))
		require.Equal(t, []sim.Message{quorum.Write{Call: 1, Key: "x", Versions: timestamp("a", 4, 2), For: 0}}, to(did, 0))
		r.Receive(0, quorum.WriteReply{Call: 1, For: 0})
		require.Equal(t, answer, to(r.Receive(2, quorum.WriteReply{Call: 1, For: 2}), client))
	}
}

// A single writer knows the last timestamp: its writes have one phase. Others refer clients to it.
func TestABDSingleWriter(t *testing.T) {
	c := quorum.ABDConfig{Servers: 3, SingleWriter: true}
	r := simtest.Record(t, quorum.NewABD(c), 0, 10)
	r.Init()
	require.Equal(t, []sim.Message{quorum.Write{Call: 1, Key: "x", Versions: timestamp("b", 1, 0), For: 2}}, to(r.Receive(client, put(1, "x", "b")), 2))
	r = simtest.Record(t, quorum.NewABD(c), 2, 10)
	r.Init()
	require.Equal(t, []sim.Message{kv.Reply{ID: 1, Status: kv.NotLeader, Leader: 0}}, to(r.Receive(client, put(1, "x", "b")), client))
}

func TestABDHome(t *testing.T) {
	c := quorum.ABDConfig{Servers: 4, Home: true}
	r := simtest.Record(t, quorum.NewABD(c), 2, 10)
	r.Init()
	require.Equal(t, []sim.Message{kv.Reply{ID: 1, Status: kv.NotLeader, Leader: 1}}, to(r.Receive(client, put(1, "x", "b")), client))
	require.Len(t, to(r.Receive(client, get(2, "x")), 1), 1, "any server reads")
}

// An operation costs a message to every other server and one back for each phase: a write and a read with the write-back 4(n-1), a
// single writer's write and a read without it 2(n-1).
func TestABDMessageCounts(t *testing.T) {
	for _, c := range []struct {
		config    quorum.ABDConfig
		op        kv.Request
		perServer uint64
	}{
		{quorum.ABDConfig{Servers: 5, WriteBack: true}, put(1, "x", "a"), 4},
		{quorum.ABDConfig{Servers: 5, WriteBack: true, SingleWriter: true}, put(1, "x", "a"), 2},
		{quorum.ABDConfig{Servers: 5, WriteBack: true}, get(2, "x"), 4},
		{quorum.ABDConfig{Servers: 5}, get(2, "x"), 2},
	} {
		asks := []ask{{0, 0, put(1, "x", "old").Op}}
		count := func(asks []ask) (between uint64) {
			w, err := sim.New(sim.Config{Nodes: 6, Network: near{5}, New: func(id sim.NodeID) sim.Process {
				if id == 5 {
					return &asker{asks}
				}
				return quorum.NewABD(c.config)
			}, Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
				if e.Kind == sim.Send && e.From != e.To && e.From < 5 && e.To < 5 {
					between++
				}
			})}})
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			return between
		}
		require.Equal(t, 4*c.perServer, count(append(asks, ask{time.Second, 0, c.op.Op}))-count(asks), "%+v", c)
	}
}
