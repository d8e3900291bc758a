package primarybackup_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func TestContract(t *testing.T) {
	for name, c := range map[string]pb.Config{"view service": leased(base()), "naive": {Servers: 3, Failover: pb.Naive, Ping: 20 * time.Millisecond, Timeout: 60 * time.Millisecond, Compact: 5}} {
		t.Run(name, func(t *testing.T) {
			cfg := world(c, load{clients: 1, tokens: true, work: kv.Plain{Keys: 1, Think: 10 * time.Millisecond, Puts: 1, Gets: 1}})
			cfg.Until = sim.Time(500 * time.Millisecond)
			cfg.Disk = slowDisk(3 * time.Millisecond)
			first := sim.NodeID(c.Servers - 3)
			cfg.Faults = []sim.Fault{sim.Schedule{
				{Time: sim.Time(60 * time.Millisecond), Action: sim.Crash{Node: first}},
				{Time: sim.Time(250 * time.Millisecond), Action: sim.Recover{Node: first}},
			}}
			simtest.TestProcess(t, cfg)
		})
	}
}

func TestDeterminism(t *testing.T) {
	cfg := world(leased(base()), usual)
	cfg.Seed, cfg.Until = 5, sim.Time(2*time.Second)
	hostile(4)(5, &cfg)
	simtest.Determinism(t, cfg)
}

// What seed 5 means. It changes when the protocol, its messages or its draws do, and then says so in CHANGELOG.md.
func TestGolden(t *testing.T) {
	cfg := world(leased(base()), usual)
	cfg.Seed = 5
	hostile(4)(5, &cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	require.Equal(t, "e6724e0946432322 after 14324 events", fmt.Sprintf("%016x after %d events", r.Digest, r.Events))
}

func TestConfigReportsEverything(t *testing.T) {
	err := pb.Config{
		Servers: 1, Replication: "later", Acks: -1, Failover: "hope", Reads: "any", Ping: -1, Timeout: -2, Compact: -1,
		Drift: 1_000_000, Lease: -1, Bug: "moth",
	}.Validate()
	for _, want := range []string{
		"primarybackup: Config.Servers is 1, want at least 2", `Replication is "later"`, "Acks is -1", `Failover is "hope"`, `Reads is "any"`,
		"Ping is -1ns", "Timeout is -2ns", "Compact", "Drift is 1000000 ppm", "Lease is -1ns", `Bug is "moth"`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 11)
	require.ErrorContains(t, pb.Config{Servers: 3, Failover: pb.Naive, Lease: time.Second}.Validate(), "nobody to grant it")
	require.ErrorContains(t, pb.Config{Servers: 3, Lease: time.Millisecond}.Validate(), "renewed by pings")
	require.NoError(t, pb.Config{Servers: 2}.Validate())
	require.NoError(t, pb.Config{Servers: 1, Failover: pb.Naive}.Validate())
}

// A steady write costs 2 messages for each backup, and 2 for the client: as many as any protocol of this kind
// (Budhiraja et al., section 8.4.1, plus the acknowledgements that make it blocking).
func TestMessagesOfAWrite(t *testing.T) {
	for servers := 2; servers <= 6; servers++ {
		sent := map[int]int{}
		for _, ops := range []int{10, 30} {
			cfg := world(pb.Config{Servers: servers}, load{clients: 1, work: kv.Plain{Ops: ops, Keys: 1, Puts: 1}})
			cfg.Network, cfg.Until = sim.ConstantDelay(100*time.Microsecond), sim.Time(40*time.Millisecond)
			cfg.New = onlyFrom(1, cfg.New, servers, ops)
			cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
				if e.Kind == sim.Send && e.From != e.To {
					sent[ops]++
				}
			})}
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			require.Equal(t, ops, kv.CountsOf(w.View()).OK)
		}
		backups := servers - 2
		require.Equal(t, (30-10)*(2*backups+2), sent[30]-sent[10], servers)
	}
}

// onlyFrom has the client ask one server only.
func onlyFrom(server sim.NodeID, inner func(sim.NodeID) sim.Process, servers, ops int) func(sim.NodeID) sim.Process {
	return func(id sim.NodeID) sim.Process {
		if int(id) < servers {
			return inner(id)
		}
		c := load{work: kv.Plain{Ops: ops, Keys: 1, Puts: 1}}.client(servers)
		c.Contacts = []sim.NodeID{server}
		return kv.NewClient(c)
	}
}

func put(id uint64, value string) kv.Request {
	return kv.Request{ID: id, Op: kv.Op{Kind: kv.Put, Key: "x", Value: value}}
}

// A backup confirms what it has written, not what it has got; and it refuses a view that is over.
func TestBackup(t *testing.T) {
	p := pb.New(pb.Config{Servers: 3}, 2)
	r := simtest.Record(t, p, 2, 4)
	r.Init()
	view := pb.View{Number: 1, Primary: 1, Backups: []sim.NodeID{2}}
	did := r.Receive(1, pb.Append{View: view, Entries: []pb.Entry{{View: 1, Command: kv.Command{Op: put(1, "a").Op}}}})
	require.Equal(t, []string{"log 1"}, keys(did))
	require.Len(t, did.Sends, 1, "to itself, when the write is done")
	require.Equal(t, sim.NodeID(2), did.Sends[0].To)
	require.Equal(t, []simtest.Sent{{To: 1, Message: pb.Appended{Number: 1, Match: 1}}}, r.Receive(2, did.Sends[0].Message).Sends)

	did = r.Receive(1, pb.Append{View: view, Prev: pb.Position{View: 1, Index: 3}})
	require.Equal(t, []simtest.Sent{{To: 1, Message: pb.Missing{Number: 1, Want: 2}}}, did.Sends)

	sealed := r.Receive(0, pb.Seal{Number: 7})
	require.Equal(t, []string{"promise 1"}, keys(sealed), "the promise is durable before it is given")
	require.Equal(t, []simtest.Sent{{To: 0, Message: pb.Sealed{Number: 7, Last: pb.Position{View: 1, Index: 1}}}}, sealed.Sends)
	require.Equal(t, []simtest.Sent{{To: 1, Message: pb.Refused{Number: 7, View: view}}}, r.Receive(1, pb.Append{View: view}).Sends)
}

func keys(did simtest.Effects) []string {
	var k []string
	for _, w := range did.Writes {
		k = append(k, w.Key)
	}
	return k
}

// The primary sends to its backups while it writes, and answers when both have it.
func TestPrimary(t *testing.T) {
	p := pb.New(pb.Config{Servers: 3}, 1)
	r := simtest.Record(t, p, 1, 4)
	r.Init()
	r.Receive(2, pb.Appended{Number: 1})
	asked := r.Receive(3, put(5, "a"))
	require.Len(t, asked.Sends, 2)
	require.IsType(t, pb.Append{}, asked.Sends[0].Message)
	require.Equal(t, []string{"log 1"}, keys(asked))
	require.Empty(t, r.Receive(2, pb.Appended{Number: 1, Match: 1}).Sends, "its own copy is not durable yet")
	done := r.Receive(1, asked.Sends[1].Message)
	require.Equal(t, []any{pb.Acknowledged{At: pb.Position{View: 1, Index: 1}}}, done.Notes)
	require.Equal(t, []simtest.Sent{{To: 3, Message: kv.Reply{ID: 5}}}, done.Sends)

	r.Receive(3, put(6, "b"))
	over := r.Receive(2, pb.Refused{Number: 2, View: pb.View{Number: 2, Primary: 2}})
	require.Equal(t, []simtest.Sent{{To: 3, Message: kv.Reply{ID: 6, Status: kv.Uncertain}}}, over.Sends)
	require.Equal(t, pb.Backup, p.(*pb.Replica).Role())
}

// The view service writes a view before it is in force, and answers with the old one until then.
func TestViewServiceWritesFirst(t *testing.T) {
	s := pb.New(pb.Config{Servers: 3}, 0).(*pb.Service)
	r := simtest.Record(t, s, 0, 3)
	r.Init()
	did := r.Receive(1, pb.Propose{Number: 1})
	require.Equal(t, []string{"view 1"}, keys(did))
	require.Len(t, did.Sends, 1)
	first := pb.View{Number: 1, Primary: 1, Backups: []sim.NodeID{2}}
	require.Equal(t, []simtest.Sent{{To: 2, Message: pb.Pong{View: first}}}, r.Receive(2, pb.Ping{}).Sends)
	require.Equal(t, first, s.View())
	done := r.Receive(0, did.Sends[0].Message)
	require.Equal(t, []simtest.Sent{{To: 1, Message: pb.Pong{View: pb.View{Number: 2, Primary: 1}}}}, done.Sends)
	require.Equal(t, []simtest.Sent{{To: 1, Message: pb.Pong{View: s.View()}}}, r.Receive(1, pb.Propose{Number: 1}).Sends, "that view is over")
}

// A promise that is asked for again is written again: the first may not be on the disk yet, and a crash would take it back
// after it was given.
func TestAPromiseGivenAgainIsDurable(t *testing.T) {
	r := simtest.Record(t, pb.New(pb.Config{Servers: 3}, 2), 2, 3)
	r.Init()
	first, again := r.Receive(0, pb.Seal{Number: 7}), r.Receive(0, pb.Seal{Number: 7})
	require.Equal(t, first.Sends, again.Sends)
	require.Equal(t, []string{"promise 1"}, keys(first))
	require.Equal(t, []string{"promise 2"}, keys(again))
}

// A new primary answers from its store when that has what was acknowledged before. It may lack that although the view is in
// force: here a second copy of what a backup said long ago makes it doubt what the backup has.
func TestNoReadBeforeTheStoreCaughtUp(t *testing.T) {
	r := simtest.Record(t, pb.New(pb.Config{Servers: 4, Reads: pb.Local, Lease: time.Second}, 2), 2, 5)
	r.Init()
	old := pb.View{Number: 1, Primary: 1, Backups: []sim.NodeID{2, 3}}
	written := r.Receive(1, pb.Append{View: old, Entries: []pb.Entry{{View: 1, Command: kv.Command{Op: put(1, "a").Op}}}})
	r.Receive(2, written.Sends[0].Message)
	r.Receive(0, pb.Seal{Number: 2})
	view := pb.View{Number: 2, Primary: 2, Backups: []sim.NodeID{3}}
	r.Receive(0, pb.Lead{View: view})
	r.Receive(3, pb.Missing{Number: 2, Want: 1})
	ready := r.Receive(3, pb.Appended{Number: 2, Match: 1})
	require.Contains(t, ready.Sends, simtest.Sent{To: 0, Message: pb.Ready{Number: 2}})
	r.Receive(3, pb.Missing{Number: 2, Want: 1})
	r.Receive(0, pb.Pong{View: view})
	r.Receive(0, pb.Pong{View: view, Leased: true})

	get := kv.Request{ID: 9, Op: kv.Op{Kind: kv.Get, Key: "x"}}
	require.Equal(t, []simtest.Sent{{To: 4, Message: kv.Reply{ID: 9, Status: kv.Unavailable}}}, r.Receive(4, get).Sends)
	r.Receive(3, pb.Appended{Number: 2, Match: 1})
	require.Equal(t, []simtest.Sent{{To: 4, Message: kv.Reply{ID: 9, Result: kv.Result{Value: "a", Found: true}}}}, r.Receive(4, get).Sends)
}
