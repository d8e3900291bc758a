package network

import (
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// The round trips of the introductory course on distributed systems, each the mean of a series of pings. They are round
// trips: a message takes half, one way.
const (
	HomeToCampusRTT  = 20_025 * time.Microsecond  // 20.025 ms
	HomeToUSEast1RTT = 249_296 * time.Microsecond // 249.296 ms
	WithinEC2RTT     = 662 * time.Microsecond     // 0.662 ms
)

// HomeToCampus delays every message by half of HomeToCampusRTT.
func HomeToCampus() sim.Network { return RoundTrip(HomeToCampusRTT) }

// HomeToUSEast1 delays every message by half of HomeToUSEast1RTT.
func HomeToUSEast1() sim.Network { return RoundTrip(HomeToUSEast1RTT) }

// WithinEC2 delays every message by half of WithinEC2RTT.
func WithinEC2() sim.Network { return RoundTrip(WithinEC2RTT) }

// RoundTrip is the network in which every round trip takes rtt: each message takes half.
func RoundTrip(rtt time.Duration) sim.Network { return sim.ConstantDelay(rtt / 2) }

// LAN is a data centre: round trips of 0.5 ms on average (J. Dean, LADIS 2009, "numbers everyone should know"), a fifth
// of it variable. Nothing is lost.
func LAN() sim.Network { return spreadRoundTrip(500*time.Microsecond, 0.8) }

// WAN is the way from California to the Netherlands: round trips of 150 ms on average (same source), a twentieth of it
// variable. Nothing is lost.
func WAN() sim.Network { return spreadRoundTrip(150*time.Millisecond, 0.95) }

func spreadRoundTrip(rtt time.Duration, floor float64) sim.Network {
	return LatencyMatrix{
		Delay:  [][]time.Duration{{rtt / 2}},
		Jitter: Jitter{Factor: Spread(floor, 2)},
	}
}

// Spread is a law for Jitter.Factor of mean 1, so that means stay as measured: a floor below which no delay falls, in
// [0, 1), and above it a gamma law of the given shape. A shifted gamma is what Internet delays look like (A. Mukherjee,
// Internetworking: Research and Experience 5, 1994; C. Bovy et al., PAM 2002). The floors and shapes of the presets are
// plausible, not measured.
func Spread(floor, shape float64) dist.Dist {
	return dist.Shifted{Of: dist.Gamma{Mean: 1 - floor, Shape: shape}, By: floor}
}

// Adversary is an Asynchronous with all its means in use: it holds back one message in ten, starves each link for a
// twentieth of the time, a second at a time, and reverses every fifth window of 100 ms.
func Adversary(inner sim.Network) *Asynchronous {
	return &Asynchronous{
		Inner: inner,
		Held:  0.1, Starved: 0.05, Starvation: time.Second,
		Reversed: 0.2, Window: 100 * time.Millisecond,
	}
}
