package network_test

import (
	"errors"
	"testing"
	"time"

	"lightcone/models/network"
	"lightcone/sim"
)

// certify runs a world of chatters and returns the certificate.
func certify(t *testing.T, claim network.Claim, cfg sim.Config) (*network.Certifier, error) {
	t.Helper()
	c := network.NewCertifier(claim)
	cfg.Observers = append(cfg.Observers, c)
	return c, c.Err(run(t, cfg).Now)
}

func TestEveryTimingModelIsCertified(t *testing.T) {
	for name, model := range models() {
		for seed := range uint64(4) {
			c, err := certify(t, model.Claim(), chat(model, seed))
			holds(t, err == nil, name, err)
			tally := c.Tally()
			equal(t, 4*3*100, tally.Sent)
			if model.Claim().Delta > 0 {
				equal(t, 0, tally.Open, name)
			}
			equal(t, model.Claim().EarlyLoss, tally.Excused > 0, name)
		}
	}
}

func TestFIFOIsCertified(t *testing.T) {
	for _, shuffle := range []bool{false, true} {
		cfg := chat(&network.FIFO{Inner: stack(), Gap: 1}, 1)
		cfg.Shuffle = shuffle
		_, err := certify(t, network.Claim{FIFO: true, EarlyLoss: true, GST: sim.Never}, cfg)
		holds(t, err == nil, err)
	}
}

// Each case is a network that breaks the claim made for it, and the first message to break it. Everybody sends to
// everybody else every 5 ms, so that message #k leaves at (k-1) * 5 ms.
func TestViolationsAreCaught(t *testing.T) {
	const delta, gst = 10 * ms, 100 * ms
	synchronous := network.Claim{Delta: delta}
	unknown := network.PartiallySynchronous{Delta: delta}.Claim()
	partial := network.Claim{Delta: delta, GST: at(gst)}
	losing := network.Claim{Delta: delta, GST: at(gst), EarlyLoss: true}
	lossy := network.Loss{P: 1}
	first := sim.MessageName{From: 0, To: 1, K: 1}

	for _, c := range []struct {
		name   string
		claim  network.Claim
		net    sim.Network
		faults sim.Schedule
		want   network.Breach
	}{
		{"synchronous: late", synchronous, sim.ConstantDelay(delta + 1), nil,
			network.Breach{Message: first, Due: at(delta), Arrived: at(delta + 1)}},
		{"synchronous: very late", synchronous, sim.ConstantDelay(100 * ms), nil,
			network.Breach{Message: first, Due: at(delta), Arrived: at(100 * ms)}},
		{"synchronous: never", synchronous, sim.ConstantDelay(time.Hour), nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never}},
		{"synchronous: never, while others are late", synchronous, &network.PerLink{Default: sim.ConstantDelay(20 * ms),
			Links: []network.Link{{From: 0, To: 1, Network: sim.ConstantDelay(time.Hour)}}}, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never}},
		{"synchronous: lost", synchronous, lossy, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never, Cause: sim.Loss}},
		{"synchronous: vanished", synchronous, nothing{}, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never, Cause: sim.Loss}},
		{"synchronous: damaged", synchronous, network.Corrupt{P: 1}, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never, Cause: sim.Corrupt}},
		{"synchronous: late duplicate", synchronous, network.Duplicate{P: 1, Inner: &everySecond{late: 30 * ms}}, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: at(30 * ms)}},
		{"synchronous: partition", synchronous, nil,
			network.During(at(12*ms), at(20*ms), network.Isolate("cut", 2, network.Nodes(4))),
			network.Breach{Message: sim.MessageName{From: 0, To: 2, K: 4}, Sent: at(15 * ms), Due: at(15*ms + delta),
				Arrived: sim.Never, Cause: sim.Partition}},
		{"partially synchronous, unknown Delta: late", unknown, sim.ConstantDelay(delta + 1), nil,
			network.Breach{Message: first, Due: at(delta), Arrived: at(delta + 1)}},
		{"partially synchronous, unknown Delta: lost", unknown, lossy, nil,
			network.Breach{Message: first, Due: at(delta), Arrived: sim.Never, Cause: sim.Loss}},
		{"partially synchronous: late after GST", partial, sim.ConstantDelay(50 * ms), nil, // from 60 ms on, GST + Delta is too early
			network.Breach{Message: sim.MessageName{From: 0, To: 1, K: 14}, Sent: at(65 * ms), Due: at(gst + delta), Arrived: at(115 * ms)}},
		{"partially synchronous: lost before GST", partial, lossy, nil,
			network.Breach{Message: first, Due: at(gst + delta), Arrived: sim.Never, Cause: sim.Loss}},
		{"partially synchronous: lost after GST", losing, lossy, nil,
			network.Breach{Message: sim.MessageName{From: 0, To: 1, K: 21}, Sent: at(gst), Due: at(gst + delta),
				Arrived: sim.Never, Cause: sim.Loss}},
		{"asynchronous: lost", network.Claim{}, network.Phases{{From: at(10 * ms), Network: lossy}}, nil,
			network.Breach{Message: sim.MessageName{From: 0, To: 1, K: 3}, Sent: at(10 * ms), Due: sim.Never,
				Arrived: sim.Never, Cause: sim.Loss}},
		{"FIFO: overtaken", network.Claim{FIFO: true},
			network.Phases{{Network: sim.ConstantDelay(8 * ms)}, {From: at(5 * ms), Network: sim.ConstantDelay(ms)}}, nil,
			// Four Inits with three sends and a timer each are records 1 to 20, and n0's first Timeout 21.
			network.Breach{Message: first, Due: sim.Never, Arrived: at(8 * ms), Overtaker: 22}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := chat(c.net, 1)
			if c.net == nil {
				cfg.Network = sim.ConstantDelay(ms)
			}
			cfg.Faults = []sim.Fault{c.faults}
			_, err := certify(t, c.claim, cfg)
			var b *network.Breach
			holds(t, errors.As(err, &b), "not caught:", err)
			c.want.Claim = c.claim
			message(t, c.want.Error(), err)
			equal(t, c.want.Overtaker, b.Overtaker)
		})
	}
}

// everySecond delivers every second message late, the others at once.
type everySecond struct {
	late time.Duration
	n    int
}

func (e *everySecond) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy {
	e.n++
	if e.n%2 == 1 {
		return append(dst, sim.Copy{})
	}
	return append(dst, sim.Copy{Delay: e.late})
}

func TestBreachSaysWhatWasGotAndWanted(t *testing.T) {
	_, err := certify(t, network.Claim{Delta: ms}, chat(sim.ConstantDelay(2*ms), 1))
	message(t, "network: n0->n1#1, sent at 0s, arrived at 2ms, want by 1ms: the run was not synchronous (Delta 1ms)", err)
	_, err = certify(t, network.Claim{}, chat(network.Loss{P: 1}, 1))
	message(t, "network: n0->n1#1, sent at 0s, was lost (loss), want it delivered some time: the run was not asynchronous", err)
}

// What a process does wrong is not the network's fault.
func TestFailuresOfProcessesAreExcused(t *testing.T) {
	claim := network.Claim{Delta: 10 * ms}
	for _, c := range []struct {
		name    string
		faults  sim.Schedule
		excused int
		open    int
	}{
		// What is sent every 5 ms and takes 1 ms reaches node 1 at 1, 6, 11, ... 496 ms.
		{"crash", sim.Schedule{{Time: at(48 * ms), Action: sim.Crash{Node: 1}}, {Time: at(98 * ms), Action: sim.Recover{Node: 1}}}, 3 * 10, 0},
		{"pause", sim.Schedule{{Time: at(48 * ms), Action: sim.Pause{Node: 1}}, {Time: at(98 * ms), Action: sim.Resume{Node: 1}}}, 0, 0},
		{"pause twice", sim.Schedule{
			{Time: at(48 * ms), Action: sim.Pause{Node: 1}}, {Time: at(98 * ms), Action: sim.Resume{Node: 1}},
			{Time: at(98 * ms), Action: sim.Pause{Node: 1}}, {Time: at(148 * ms), Action: sim.Resume{Node: 1}}}, 0, 0},
		{"pause to the end", sim.Schedule{{Time: at(448 * ms), Action: sim.Pause{Node: 1}}}, 0, 3 * 10},
		{"crash while paused", sim.Schedule{
			{Time: at(448 * ms), Action: sim.Pause{Node: 1}}, {Time: at(2 * time.Second), Action: sim.Crash{Node: 1}}}, 3 * 10, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := chat(sim.ConstantDelay(ms), 1)
			cfg.Faults = []sim.Fault{c.faults}
			certifier, err := certify(t, claim, cfg)
			holds(t, err == nil, err)
			tally := certifier.Tally()
			equal(t, c.excused, tally.Excused)
			equal(t, c.open, tally.Open)
		})
	}
}

// A pause excuses what falls due in it, not what was late before.
func TestPausesExcuseNothingElse(t *testing.T) {
	cfg := chat(sim.ConstantDelay(20*ms), 1)
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: at(13 * ms), Action: sim.Pause{Node: 1}}, {Time: at(15 * ms), Action: sim.Resume{Node: 1}}}}
	_, err := certify(t, network.Claim{Delta: 12 * ms}, cfg)
	message(t, "network: n0->n1#1, sent at 0s, arrived at 20ms, want by 12ms: the run was not synchronous (Delta 12ms)", err)
}

// Nor is a node still paused that has crashed and come back.
func TestACrashEndsAPause(t *testing.T) {
	cfg := chat(sim.ConstantDelay(time.Hour), 1)
	cfg.Faults = []sim.Fault{sim.Schedule{
		{Time: at(ms), Action: sim.Pause{Node: 1}}, {Time: at(2 * ms), Action: sim.Crash{Node: 1}}, {Time: at(3 * ms), Action: sim.Recover{Node: 1}}}}
	_, err := certify(t, network.Claim{Delta: 10 * ms}, cfg)
	message(t, "network: n0->n1#1, sent at 0s, did not arrive, want it by 10ms: the run was not synchronous (Delta 10ms)", err)
}

// What falls due after the end is not judged.
func TestTheEndIsTheEnd(t *testing.T) {
	cfg := chat(sim.ConstantDelay(time.Hour), 1)
	cfg.Until = at(10 * ms)
	_, err := certify(t, network.Claim{Delta: 10 * ms}, cfg)
	holds(t, err == nil, err)
	cfg.Until++
	_, err = certify(t, network.Claim{Delta: 10 * ms}, cfg)
	holds(t, err != nil, "overdue")
}

// A partition before GST is what EarlyLoss is for.
func TestPartitionBeforeGST(t *testing.T) {
	model := network.PartiallySynchronous{Inner: network.LAN(), Delta: 10 * ms, GST: at(250 * ms), EarlyLoss: true}
	cfg := chat(model, 1)
	cfg.Faults = []sim.Fault{network.During(at(50*ms), at(240*ms), network.Halves("halves", network.Nodes(4)))}
	c, err := certify(t, model.Claim(), cfg)
	holds(t, err == nil, err)
	holds(t, c.Tally().Excused > 0)
}

func TestABreachEndsTheRunAsAProperty(t *testing.T) {
	c := network.NewCertifier(network.Claim{Delta: 10 * ms})
	cfg := chat(sim.ConstantDelay(11*ms), 1)
	cfg.Observers, cfg.Properties = []sim.Observer{c}, []sim.Property{c.Property()}
	w, err := sim.New(cfg)
	holds(t, err == nil, err)
	res := w.Run()
	equal(t, sim.Violation, res.Verdict)
	equal(t, at(11*ms), res.Now)
	holds(t, errors.As(res.Err, new(*network.Breach)), res.Err)
}
