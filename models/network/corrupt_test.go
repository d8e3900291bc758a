package network_test

import (
	"math/bits"
	"testing"

	"lightcone/models/network"
	"lightcone/sim"
)

// number is a message whose damage goes unnoticed if it is odd.
type number int

func (n number) Corrupt(*sim.Rand) sim.Message {
	if n%2 == 0 {
		return nil
	}
	return -n
}

func TestDamageIsDetectedOrNot(t *testing.T) {
	always := network.Corrupt{P: 1, Undetected: 1}
	replace := network.Corrupt{P: 1, Undetected: 1, Alter: func(_ *sim.Rand, m sim.Message) sim.Message { return m.(string) + "!" }}
	for _, c := range []struct {
		name    string
		net     network.Corrupt
		message sim.Message
		want    sim.Copy
	}{
		{"never", network.Corrupt{P: 0, Undetected: 1}, number(3), sim.Copy{}},
		{"detected", network.Corrupt{P: 1}, number(3), sim.Copy{Cause: sim.Corrupt}},
		{"by the message", always, number(3), sim.Copy{Altered: number(-3)}},
		{"detected by the message", always, number(4), sim.Copy{Cause: sim.Corrupt}},
		{"of a message that cannot say", always, "hello", sim.Copy{Cause: sim.Corrupt}},
		{"by the user", replace, "hello", sim.Copy{Altered: "hello!"}},
		{"twice", network.Corrupt{P: 1, Undetected: 1, Inner: replace, Alter: replace.Alter}, "hello", sim.Copy{Altered: "hello!!"}},
		{"twice, seen at last", network.Corrupt{P: 1, Inner: replace}, "hello", sim.Copy{Cause: sim.Corrupt}},
		{"of a lost copy", network.Corrupt{P: 1, Inner: network.Loss{P: 1}}, number(3), sim.Copy{Cause: sim.Loss}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := over(c.net)
			l.message = c.message
			equal(t, c.want, l.one(t, 0))
		})
	}
}

func TestDamageIsAsFrequentAsStated(t *testing.T) {
	const p, undetected, n = 0.1, 0.25, 100_000
	l := over(network.Corrupt{P: p, Undetected: undetected})
	l.message = number(1)
	seen, unseen := 0, 0
	for range n {
		switch c := l.one(t, 0); {
		case c.Cause == sim.Corrupt:
			seen++
		case c.Altered != nil:
			unseen++
		}
	}
	requireMean(t, p*(1-undetected), float64(seen)/n, shareError(p*(1-undetected), n))
	requireMean(t, p*undetected, float64(unseen)/n, shareError(p*undetected, n))
}

func TestWordsHaveOneBitFlipped(t *testing.T) {
	net := network.Corrupt{P: 1, Undetected: 1}
	sent := sim.Words{A: 1, B: 2, C: 3}
	var flipped [3]uint64
	for k := range uint64(2000) {
		words := sent
		r := sim.NewRand(1, k)
		c := net.Route(nil, &sim.Packet{To: 1, K: k, Words: &words}, &r)
		equal(t, sent, words, "the sender's words stay as they are")
		got := c[0].Altered.(sim.Words)
		a, b, d := got.A^sent.A, got.B^sent.B, got.C^sent.C
		equal(t, 1, bits.OnesCount64(a)+bits.OnesCount64(b)+bits.OnesCount64(d))
		flipped[0], flipped[1], flipped[2] = flipped[0]|a, flipped[1]|b, flipped[2]|d
	}
	equal(t, [3]uint64{^uint64(0), ^uint64(0), ^uint64(0)}, flipped, "every bit has its turn")
}
