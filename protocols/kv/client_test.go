package kv_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

const ms = time.Millisecond

// list is a workload that is a list.
type list []kv.Ask

func (l list) Next(n uint64, _ *sim.Rand) (kv.Ask, bool) {
	if n >= uint64(len(l)) {
		return kv.Ask{}, false
	}
	return l[n], true
}

var (
	putK = kv.Ask{Kind: kv.Put, Key: "k"}
	getK = kv.Ask{Kind: kv.Get, Key: "k"}
	casK = kv.Ask{Kind: kv.CompareAndSwap, Key: "k"}
)

// plainClient asks one server, node 0, as node 3.
func plainClient(asks ...kv.Ask) kv.ClientConfig {
	return kv.ClientConfig{Servers: 1, Workload: list(asks), Timeout: 50 * ms, Retry: kv.Fixed{Wait: 10 * ms}}
}

// hand drives a client by hand: what it sends, arms and notes is looked at step by step.
type hand struct {
	*testing.T
	r      *simtest.Recorder
	client *kv.Client
	did    simtest.Effects
}

func start(t *testing.T, cfg kv.ClientConfig) *hand {
	t.Helper()
	require.NoError(t, cfg.Validate())
	c := kv.NewClient(cfg)
	h := &hand{T: t, r: simtest.Record(t, c, 3, 4), client: c}
	h.did = h.r.Init()
	return h
}

// fire lets the latest timer run out.
func (h *hand) fire() {
	h.Helper()
	timer := h.did.Timers[len(h.did.Timers)-1]
	h.r.Sleep(timer.After)
	h.did = h.r.Timeout(timer.Tag)
}

func (h *hand) reply(from sim.NodeID, m kv.Reply) { h.did = h.r.Receive(from, m) }

// sent returns the only request of the last step.
func (h *hand) sent() (sim.NodeID, kv.Request) {
	h.Helper()
	require.Len(h, h.did.Sends, 1)
	return h.did.Sends[0].To, h.did.Sends[0].Message.(kv.Request)
}

func (h *hand) returned() kv.Returned {
	h.Helper()
	for _, n := range h.did.Notes {
		if r, ok := n.(kv.Returned); ok {
			return r
		}
	}
	require.Fail(h, "no operation has ended")
	return kv.Returned{}
}

func TestAnOperation(t *testing.T) {
	h := start(t, plainClient(kv.Ask{Kind: kv.Put, Key: "k", Wait: 20 * ms}))
	require.Equal(t, 20*ms, h.did.Timers[0].After)
	require.Empty(t, h.did.Sends)
	h.fire()
	put := kv.Op{Kind: kv.Put, Key: "k", Value: "c3.1"}
	require.Equal(t, []any{kv.Invoked{ID: 1, Op: put}}, h.did.Notes)
	require.Equal(t, []simtest.Sent{{To: 0, Message: kv.Request{ID: 1, Op: put}}}, h.did.Sends)
	h.r.Sleep(30 * ms)
	h.reply(0, kv.Reply{ID: 1})
	require.Equal(t, []any{kv.Returned{ID: 1, Outcome: check.OK}}, h.did.Notes)
	require.Empty(t, h.did.Timers, "its work is done")
	require.Equal(t, []time.Duration{30 * ms}, h.client.Latencies)
	require.Equal(t, kv.Counts{Asked: 1, OK: 1, Attempts: 1}, h.client.Counts)

	h.reply(0, kv.Reply{ID: 1})
	require.Empty(t, h.did, "a second copy of the reply")
	require.Equal(t, 1, h.client.Counts.Late)
}

// A list of contacts with nobody in it is none.
func TestNoContacts(t *testing.T) {
	cfg := plainClient(putK)
	cfg.Contacts = []sim.NodeID{}
	h := start(t, cfg)
	h.fire()
	to, _ := h.sent()
	require.Equal(t, sim.NodeID(0), to)
}

// A compare-and-swap expects what the client saw of the key last.
func TestExpectation(t *testing.T) {
	h := start(t, plainClient(casK, getK, casK, casK, casK, kv.Ask{Kind: kv.Delete, Key: "k"}, casK))
	expect := func(want string) {
		t.Helper()
		h.fire()
		_, q := h.sent()
		require.Equal(t, want, q.Op.Expect)
	}
	expect("")
	h.reply(0, kv.Reply{ID: 1})
	h.fire()
	h.reply(0, kv.Reply{ID: 2, Result: kv.Result{Value: "c9.9", Found: true}})
	expect("c9.9")
	h.reply(0, kv.Reply{ID: 3, Result: kv.Result{Swapped: true}})
	expect("c3.3")
	h.reply(0, kv.Reply{ID: 4})
	expect("c3.3")
	h.reply(0, kv.Reply{ID: 5, Result: kv.Result{Swapped: true}})
	h.fire()
	h.reply(0, kv.Reply{ID: 6, Result: kv.Result{Found: true}})
	expect("")
}

// What a client says of an operation to which each attempt got one of these answers; "" is none.
func TestOutcomesAreHonest(t *testing.T) {
	refused, down := kv.Reply{ID: 1, Status: kv.NotLeader, Leader: sim.Nobody}, kv.Reply{ID: 1, Status: kv.Unavailable}
	perhaps, expired := kv.Reply{ID: 1, Status: kv.Uncertain}, kv.Reply{ID: 1, Status: kv.Expired}
	silence := kv.Reply{}
	for name, c := range map[string]struct {
		replies    []kv.Reply
		duplicates bool // the network may make them
		want       check.Outcome
	}{
		"refused":                           {[]kv.Reply{refused, down}, false, check.Failed},
		"refused, but perhaps copied":       {[]kv.Reply{refused, down}, true, check.Unknown},
		"no answer":                         {[]kv.Reply{silence, silence}, false, check.Unknown},
		"refused, no answer":                {[]kv.Reply{refused, silence}, false, check.Unknown},
		"no answer, refused":                {[]kv.Reply{silence, down}, false, check.Unknown},
		"uncertain, refused":                {[]kv.Reply{perhaps, refused}, false, check.Unknown},
		"session not known":                 {[]kv.Reply{expired}, false, check.Failed},
		"session not known, perhaps copied": {[]kv.Reply{expired}, true, check.Unknown},
		"no answer, session not known":      {[]kv.Reply{silence, expired}, false, check.Unknown},
		"no answer, answer":                 {[]kv.Reply{silence, {ID: 1}}, false, check.OK},
		"refused, answer":                   {[]kv.Reply{refused, {ID: 1}}, true, check.OK},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := plainClient(putK)
			cfg.Retry, cfg.NoDuplicates, cfg.Repeat = kv.Fixed{Wait: 10 * ms, Attempts: 2}, !c.duplicates, true
			h := start(t, cfg)
			for _, m := range c.replies {
				h.fire() // the operation is due, or the wait is over
				_, q := h.sent()
				require.Equal(t, uint64(1), q.ID, "an attempt again has the same number")
				if m == silence {
					h.fire()
				} else {
					h.reply(0, m)
				}
			}
			require.Equal(t, c.want, h.returned().Outcome)
		})
	}
}

// Without tokens a write that may have been executed is not asked for again; a read is, and anything that was refused.
func TestWhatIsAskedAgain(t *testing.T) {
	refused := kv.Reply{ID: 1, Status: kv.NotLeader, Leader: sim.Nobody}
	for name, c := range map[string]struct {
		ask     kv.Ask
		repeat  bool
		refused bool
		want    bool
	}{
		"write":          {putK, false, false, false},
		"write, refused": {putK, false, true, true},
		"write, anyhow":  {putK, true, false, true},
		"read":           {getK, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := plainClient(c.ask)
			cfg.Repeat = c.repeat
			h := start(t, cfg)
			h.fire()
			if c.refused {
				h.reply(0, refused)
			} else {
				h.fire()
			}
			if !c.want {
				require.Equal(t, check.Unknown, h.returned().Outcome)
				return
			}
			require.Empty(t, h.did.Notes)
			require.Equal(t, 10*ms, h.did.Timers[0].After)
			h.fire()
			h.sent()
		})
	}
}

// A referral is followed at once, to a bound: two servers that each take the other for the leader do not keep a client
// busy.
func TestReferrals(t *testing.T) {
	cfg := plainClient(putK, putK)
	cfg.Servers, cfg.Sticky = 3, true
	h := start(t, cfg)
	h.fire()
	at, _ := h.sent()
	for hop := range 3 {
		other := (at + 1) % 2
		h.reply(at, kv.Reply{ID: 1, Status: kv.NotLeader, Leader: other})
		to, q := h.sent()
		require.Equal(t, other, to, "hop %d", hop)
		require.Equal(t, uint64(1), q.ID)
		at = to
	}
	h.reply(at, kv.Reply{ID: 1, Status: kv.NotLeader, Leader: (at + 1) % 2})
	require.Empty(t, h.did.Sends)
	require.Equal(t, 10*ms, h.did.Timers[0].After)
	h.fire()
	to, _ := h.sent()
	require.NotEqual(t, at, to, "another server than the one that did not help")
	h.reply((to+1)%3, kv.Reply{ID: 1, Status: kv.NotLeader, Leader: (to + 2) % 3})
	require.Empty(t, h.did, "an answer to an earlier attempt")
	h.reply(to, kv.Reply{ID: 1})
	require.Equal(t, 3, h.client.Counts.Redirects)
	h.fire()
	again, _ := h.sent()
	require.Equal(t, to, again, "sticky")
	h.reply(again, kv.Reply{ID: 2, Status: kv.NotLeader, Leader: 99})
	require.Empty(t, h.did.Sends, "a server that does not exist")
}

func TestSessionsOfAClient(t *testing.T) {
	cfg := plainClient(putK, putK, putK)
	cfg.Tokens = true
	h := start(t, cfg)
	h.fire()
	_, q := h.sent()
	require.Equal(t, kv.Request{ID: 2, Register: true}, q)
	h.fire() // no answer: it is asked again, after the wait
	h.fire()
	_, again := h.sent()
	require.Equal(t, q, again)
	h.reply(0, kv.Reply{ID: 2, Session: 7})
	_, q = h.sent()
	require.Equal(t, kv.Request{ID: 1, Token: kv.Token{Session: 7, Serial: 1}, Op: kv.Op{Kind: kv.Put, Key: "k", Value: "c3.1"}}, q)
	h.reply(0, kv.Reply{ID: 2, Session: 8})
	require.Empty(t, h.did, "a second copy opened another session: nobody needs it")
	h.reply(0, kv.Reply{ID: 1})
	h.fire()
	_, q = h.sent()
	require.Equal(t, kv.Token{Session: 7, Serial: 2}, q.Token)
	h.reply(0, kv.Reply{ID: q.ID, Status: kv.Expired})
	require.Equal(t, kv.Returned{ID: 3, Outcome: check.Unknown}, h.returned())
	h.fire()
	_, q = h.sent()
	require.Equal(t, kv.Request{ID: 5, Register: true}, q)
	require.Equal(t, 1, h.client.Counts.Expired)
	require.Equal(t, 2, h.client.Counts.Registrations)
}

// Without a session an operation is never asked for, and has failed.
func TestNoSession(t *testing.T) {
	cfg := plainClient(putK)
	cfg.Tokens, cfg.Retry = true, nil
	h := start(t, cfg)
	h.fire()
	h.fire()
	require.Equal(t, kv.Returned{ID: 1, Outcome: check.Failed}, h.returned())
}

func TestHedges(t *testing.T) {
	cfg := plainClient(getK, putK)
	cfg.Servers, cfg.Hedge = 2, 5*ms
	h := start(t, cfg)
	h.fire()
	first, q := h.sent()
	h.fire() // the hedge is the latest timer
	second, again := h.sent()
	require.Equal(t, q, again)
	require.NotEqual(t, first, second)
	h.reply(second, kv.Reply{ID: 1, Status: kv.Unavailable})
	require.Empty(t, h.did, "the first may still answer")
	h.reply(first, kv.Reply{ID: 1})
	require.Equal(t, check.OK, h.returned().Outcome)
	require.Equal(t, 1, h.client.Counts.Hedges)

	h.fire()
	h.sent()
	require.Len(t, h.did.Timers, 1, "a write without a token is not hedged")
}

func TestDeadline(t *testing.T) {
	cfg := plainClient(getK)
	cfg.Deadline = 75 * ms
	h := start(t, cfg)
	h.fire()
	require.Equal(t, 50*ms, h.did.Timers[0].After)
	h.fire()
	require.Equal(t, 10*ms, h.did.Timers[0].After)
	h.fire()
	require.Equal(t, 15*ms, h.did.Timers[0].After, "what is left")
	h.fire()
	require.Equal(t, time.Duration(0), h.did.Timers[0].After)
	h.fire()
	require.Equal(t, check.Unknown, h.returned().Outcome)
	require.Equal(t, 2, h.client.Counts.Attempts)
}

// gRPC's proposal A6: at half of its tokens and below a client does not retry, and each success gives back a share.
func TestBudget(t *testing.T) {
	cfg := plainClient(getK, getK, getK, getK)
	cfg.Budget = kv.Budget{Max: 4, Ratio: 0.5}
	h := start(t, cfg)
	h.fire()
	h.fire() // 3 left
	require.Empty(t, h.did.Notes)
	h.fire()
	h.fire() // 2 left
	require.Equal(t, check.Unknown, h.returned().Outcome)
	require.Equal(t, 1, h.client.Counts.Throttled)
	for id := range uint64(2) { // 3 left
		h.fire()
		h.reply(0, kv.Reply{ID: 2 + id})
	}
	h.fire()
	h.reply(0, kv.Reply{ID: 4, Status: kv.Unavailable}) // 2 left
	require.Equal(t, check.Unknown, h.returned().Outcome)
}

// An open loop does not wait for answers. Each operation under way has a lane, with a session of its own.
func TestOpenLoop(t *testing.T) {
	ask := kv.Ask{Kind: kv.Append, Key: "k", Open: true, Wait: 10 * ms}
	cfg := plainClient(ask, ask, ask, ask)
	cfg.Tokens, cfg.Lanes = true, 2
	h := start(t, cfg)
	timers := func() []time.Duration {
		var d []time.Duration
		for _, a := range h.did.Timers {
			d = append(d, a.After)
		}
		return d
	}
	h.fire()
	require.Equal(t, []time.Duration{10 * ms, 50 * ms}, timers(), "the next operation, and the reply to this one")
	h.reply(0, kv.Reply{ID: 2, Session: 1})
	arrive := start(t, plainClient(putK)).did.Timers[0] // the tag of any next operation
	arrive.After = 10 * ms
	h.did.Timers = []simtest.Armed{arrive}
	h.fire()
	_, q := h.sent()
	require.Equal(t, kv.Request{ID: 4, Register: true}, q)
	h.reply(0, kv.Reply{ID: 4, Session: 2})
	_, q = h.sent()
	require.Equal(t, kv.Token{Session: 2, Serial: 1}, q.Token)
	h.did.Timers = []simtest.Armed{arrive}
	h.fire()
	require.Empty(t, h.did.Sends, "both lanes are taken")
	require.Equal(t, []any{kv.Invoked{ID: 5, Op: kv.Op{Kind: kv.Append, Key: "k", Value: "c3.5"}}}, h.did.Notes, "but it is asked for")
	h.reply(0, kv.Reply{ID: 3})
	_, q = h.sent()
	require.Equal(t, kv.Token{Session: 2, Serial: 2}, q.Token)
	h.reply(0, kv.Reply{ID: 1})
	h.reply(0, kv.Reply{ID: 5})
	h.did.Timers = []simtest.Armed{arrive}
	h.fire()
	_, q = h.sent()
	require.Equal(t, kv.Token{Session: 1, Serial: 2}, q.Token, "the first lane is free again")
	role, text := h.client.Badge()
	require.Equal(t, "client: asks n0", role+": "+text)
}

func TestClientReportsEverything(t *testing.T) {
	err := kv.ClientConfig{
		Contacts: []sim.NodeID{7}, Deadline: -1, Hedge: -1, Lanes: -1,
		Retry:  kv.Fixed{Wait: -1, Attempts: -1},
		Budget: kv.Budget{Max: -1},
	}.Validate()
	for _, want := range []string{
		"kv: ClientConfig.Servers is 0, want at least 1", "ClientConfig.Contacts[0] is n7, want one of the 0 servers", "ClientConfig.Workload is nil",
		"ClientConfig.Timeout is 0s", "ClientConfig.Deadline is -1ns", "ClientConfig.Hedge is -1ns", "ClientConfig.Lanes is -1",
		"kv: Fixed.Wait is -1ns", "kv: Fixed.Attempts is -1", "kv: Budget.Max is -1, want 1 to 1000", "kv: Budget.Ratio is 0, want 0.001 to 1000",
	} {
		require.ErrorContains(t, err, want)
	}
	err = kv.ClientConfig{Servers: 1, Timeout: 1, Workload: kv.Plain{Ops: -1, Think: -1, Gets: 2, Puts: -2}}.Validate()
	require.Len(t, strings.Split(err.Error(), "\n"), 5)
	require.ErrorContains(t, err, "kv: Plain's weight of put is -2, want 0 or more")
}

// A client that propagates its deadline says with each attempt how long it still waits for the answer: its timeout, or
// what is left of the operation's time; with a hedge, what is left of the attempt's.
func TestPropagatedDeadlines(t *testing.T) {
	cfg := plainClient(getK)
	cfg.Deadline, cfg.Propagate = 80*ms, true
	h := start(t, cfg)
	h.fire()
	within := func() (all []time.Duration) {
		for _, s := range h.did.Sends {
			all = append(all, s.Message.(kv.Request).Within)
		}
		return all
	}
	require.Equal(t, []time.Duration{50 * ms}, within())
	h.fire() // the attempt is over
	h.fire() // and the wait
	require.Equal(t, []time.Duration{20 * ms}, within())
	require.Equal(t, "#1 get k, within 20ms", h.did.Sends[0].Message.(kv.Request).String())

	cfg.Servers, cfg.Hedge = 2, 15*ms
	h = start(t, cfg)
	h.fire()
	require.Equal(t, []time.Duration{50 * ms}, within())
	h.fire()
	require.Equal(t, []time.Duration{35 * ms}, within())
}
