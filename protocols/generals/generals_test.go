package generals_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/generals"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const (
	ms    = time.Millisecond
	delay = 10 * ms
	round = 25 * ms
)

// config returns a world of generals. m of them can lie, if that is possible at all.
func config(n, m int, signed bool, order generals.Order) (generals.Config, sim.Config) {
	g := generals.Config{Generals: n, M: m, Signed: signed, Order: order, Start: ms, Round: round}
	return g, sim.Config{Nodes: n, New: generals.New(g), Network: sim.ConstantDelay(delay), Properties: g.Properties()}
}

func run(t testing.TB, cfg sim.Config) (sim.View, *sim.Result) {
	t.Helper()
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	return w.View(), r
}

// The counts are those of the paper: OM(1) with four generals is 3 orders and 2 messages from each of 3 lieutenants.
func TestMessages(t *testing.T) {
	for _, c := range []struct{ n, m, oral, signed int }{
		{3, 0, 2, 2}, {3, 1, 2 + 2, 4}, {4, 1, 9, 9}, {4, 2, 3 + 6 + 6, 9}, {5, 1, 16, 16}, {7, 1, 36, 36}, {7, 2, 6 + 30 + 120, 36},
		{10, 1, 81, 81}, {10, 2, 9 + 72 + 504, 81}, {10, 3, 9 + 72 + 504 + 3024, 81},
	} {
		require.Equal(t, c.oral, generals.OralMessages(c.n, c.m))
		require.Equal(t, c.signed, generals.SignedMessages(c.n, c.m))
		require.Equal(t, c.oral, generals.OralMessagesOf(c.n, c.m, true)+(c.n-1)*generals.OralMessagesOf(c.n, c.m, false))
		for _, signed := range []bool{false, true} {
			for _, order := range []generals.Order{generals.Retreat, generals.Attack} {
				g, cfg := config(c.n, c.m, signed, order)
				require.NoError(t, g.Validate())
				cfg.Strict = true
				v, r := run(t, cfg)
				require.NoError(t, r.Err)
				want := c.oral
				if signed {
					want = c.signed
				}
				require.EqualValues(t, want, r.Stats.Sent, "n = %d, m = %d, signed %v", c.n, c.m, signed)
				require.Equal(t, sim.Time(g.Takes()), r.Now)
				for id := range sim.NodeID(c.n) {
					require.Equal(t, order, v.Process(id).(*generals.Process).Obeys)
				}
			}
		}
	}
}

func TestValidate(t *testing.T) {
	err := generals.Config{Generals: 3, M: 2, Order: 7}.Validate()
	for _, want := range []string{
		"generals: Config.M is 2, want 0 to 1, two less than there are generals",
		"generals: Config.Order is order(7), want retreat or attack",
		"generals: Config.Round is 0s, want more than 0",
	} {
		require.ErrorContains(t, err, want)
	}
	require.ErrorContains(t, generals.Config{Generals: 1, Round: 1}.Validate(), "Generals is 1, want 2 to 256")
	require.ErrorContains(t, generals.Config{Generals: 40, M: 13, Round: 1}.Validate(), "at most 1000000")
	require.NoError(t, generals.Config{Generals: 40, M: 13, Signed: true, Round: 1}.Validate())
}

func TestHandlers(t *testing.T) {
	g, _ := config(4, 1, false, generals.Attack)
	r := simtest.Record(t, generals.New(g)(2), 2, 4)
	require.Equal(t, simtest.Effects{Timers: []simtest.Armed{{After: ms + round}}}, r.Init())
	say := func(o generals.Order, path ...sim.NodeID) generals.Oral { return generals.Oral{Path: path, Order: o} }
	require.Empty(t, r.Receive(0, say(generals.Attack, 0)))
	require.Empty(t, r.Receive(0, say(generals.Retreat, 0)), "the first word counts")
	require.Equal(t, simtest.Effects{
		Sends:  []simtest.Sent{{To: 1, Message: say(generals.Attack, 0, 2)}, {To: 3, Message: say(generals.Attack, 0, 2)}},
		Timers: []simtest.Armed{{After: round}},
	}, r.Timeout(nil))
	for _, m := range []generals.Oral{
		say(generals.Retreat, 0, 1),    // n1 was told otherwise
		say(generals.Attack, 0, 1),     // too late
		say(generals.Retreat, 0, 3, 1), // a path too long
		say(generals.Retreat, 1, 1), say(generals.Retreat, 0, 2), say(generals.Retreat, 0, 9), say(generals.Retreat, 0), say(generals.Retreat),
	} {
		require.Empty(t, r.Receive(1, m))
	}
	require.Empty(t, r.Receive(1, say(generals.Attack, 0, 3)), "n1 speaks in the name of n3")
	require.Empty(t, r.Receive(3, say(generals.Attack, 0, 3)))
	require.Equal(t, []any{generals.Obedience{Order: generals.Attack}}, r.Timeout(nil).Notes, "two of three said attack")
}

func TestSignatures(t *testing.T) {
	g, _ := config(4, 2, true, generals.Attack)
	r := simtest.Record(t, generals.New(g)(2), 2, 4)
	r.Init()
	attack := generals.KeyOf(0).Order(generals.Attack)
	for _, m := range []generals.Signed{
		attack.Forge(generals.Retreat), generals.KeyOf(1).Order(generals.Attack), generals.KeyOf(3).Sign(attack), {},
		generals.KeyOf(1).Sign(generals.KeyOf(1).Sign(attack)), generals.KeyOf(1).Sign(generals.KeyOf(2).Sign(attack)),
		generals.KeyOf(1).Sign(attack.Forge(generals.Retreat)),
	} {
		require.Empty(t, r.Receive(1, m), m)
	}
	require.Empty(t, r.Receive(1, attack), "n1 has not signed it")
	mine := generals.KeyOf(2).Sign(attack)
	require.Equal(t, []simtest.Sent{{To: 1, Message: mine}, {To: 3, Message: mine}}, r.Receive(0, attack).Sends)
	require.Empty(t, r.Receive(1, generals.KeyOf(1).Sign(attack)), "it is known")

	hasty, _ := config(4, 0, true, generals.Attack)
	r = simtest.Record(t, generals.New(hasty)(2), 2, 4)
	r.Init()
	require.Empty(t, r.Receive(1, generals.KeyOf(1).Sign(attack)))
	require.Equal(t, []any{generals.Obedience{Order: generals.Retreat}}, r.Timeout(nil).Notes, "SM(0) has no time for a second signature")

	// A liar that commands signs what it likes; others can only forge.
	require.Equal(t, generals.KeyOf(0).Order(generals.Retreat), attack.Falsify(1, nil))
	require.Equal(t, generals.KeyOf(1).Sign(attack).Forge(generals.Retreat), generals.KeyOf(1).Sign(attack).Falsify(2, nil))
	require.Equal(t, attack, attack.Forge(generals.Attack))
	require.NotEqual(t, attack, attack.Forge(generals.Retreat).Forge(generals.Attack), "what was forged stays forged")
}
