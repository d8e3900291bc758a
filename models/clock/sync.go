package clock

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Method is how a client reads a time server's clock over the network.
type Method uint8

const (
	// Cristian sets the clock to the time in the reply plus half the round trip, which the client measures on its
	// monotonic clock; a reply that took too long (Sync.MaxError) is thrown away and asked for again (Cristian 1989).
	Cristian Method = iota
	// NTP takes the four timestamps of each exchange through the clock filter, and believes the one of the least delay
	// among the last eight, older ones counting as slower (RFC 5905, sections 8 and 10; RFC 1305, section 4.1).
	NTP
)

func (m Method) String() string {
	switch m {
	case Cristian:
		return "cristian"
	case NTP:
		return "ntp"
	}
	return fmt.Sprintf("method(%d)", uint8(m))
}

// ParseMethod returns the method of that name.
func ParseMethod(name string) (Method, bool) {
	for _, m := range []Method{Cristian, NTP} {
		if m.String() == name {
			return m, true
		}
	}
	return 0, false
}

// Sync describes how nodes keep their wall clocks synchronised with a server's. Durations are measured on the node's
// own monotonic clock.
type Sync struct {
	Method Method
	Server sim.NodeID // whose wall clock is right; it answers and does not ask

	Every   time.Duration // from one poll to the next; 0: 64 s
	Tries   int           // exchanges a poll may take, if replies are lost or thrown away; 0: 3
	Timeout time.Duration // how long a reply is waited for; 0: 1 s, or Every/Tries if that is less

	// Cristian only. A reply is believed if its largest possible error, half the round trip less Least, is at most
	// MaxError.
	Least    time.Duration // the least delay of a message, as far as known
	MaxError time.Duration // 0: every reply is believed

	// Slew corrects gradually: by at most this much drift, in small steps every SlewEvery. 0 steps the clock at once.
	// Offsets above StepAbove are stepped all the same.
	Slew      PPB
	SlewEvery time.Duration // 0: 100 ms
	StepAbove time.Duration // 0: 128 ms (STEPT of RFC 5905, appendix A)
}

// Validate reports all that is wrong with s, for a world of that many nodes.
func (s Sync) Validate(nodes int) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("clock: Sync."+format, args...)) }
	if s.Method > NTP {
		bad("Method is %d, want Cristian or NTP", s.Method)
	}
	if s.Server < 0 || int(s.Server) >= nodes {
		bad("Server is %v, want n0 to n%d", s.Server, nodes-1)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Every", s.Every}, {"Timeout", s.Timeout}, {"Least", s.Least}, {"MaxError", s.MaxError}, {"SlewEvery", s.SlewEvery}, {"StepAbove", s.StepAbove}} {
		if d.value < 0 {
			bad("%s is %v, want 0 or more", d.name, d.value)
		}
	}
	if s.Tries < 0 {
		bad("Tries is %d, want 1 or more, or 0 for the default", s.Tries)
	}
	if s.Slew < 0 || s.Slew > MaxDrift {
		bad("Slew is %v, want 0ppm to %v", s.Slew, MaxDrift)
	}
	if s.Method == NTP && s.MaxError != 0 {
		bad("MaxError is %v, want 0 with NTP, whose filter decides", s.MaxError)
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	return s.withDefaults().fits()
}

// fits reports tries that do not fit between two polls.
func (s Sync) fits() error {
	var errs []error
	if s.Timeout == 0 || s.Timeout > s.Every/time.Duration(s.Tries) {
		errs = append(errs, fmt.Errorf("clock: Sync.Timeout is %v, want 1ns to %v: %d tries must fit in Every, %v",
			s.Timeout, s.Every/time.Duration(s.Tries), s.Tries, s.Every))
	}
	if s.Slew > 0 && s.slewStep() == 0 {
		errs = append(errs, fmt.Errorf("clock: Sync.SlewEvery is %v, want at least %v for a Slew of %v: less moves the clock by nothing",
			s.SlewEvery, time.Duration(reach(1, uint64(s.Slew), 0)), s.Slew))
	}
	return errors.Join(errs...)
}

func (s Sync) withDefaults() Sync {
	if s.Every == 0 {
		s.Every = 64 * time.Second
	}
	if s.Tries == 0 {
		s.Tries = 3
	}
	if s.Timeout == 0 {
		s.Timeout = min(time.Second, s.Every/time.Duration(s.Tries))
	}
	if s.SlewEvery == 0 {
		s.SlewEvery = 100 * time.Millisecond
	}
	if s.StepAbove == 0 {
		s.StepAbove = 128 * time.Millisecond
	}
	return s
}

// slewStep is by how much one step of a slew moves the clock at most.
func (s Sync) slewStep() time.Duration {
	d, _ := advance(uint64(s.SlewEvery), uint64(s.Slew), 0)
	return time.Duration(d)
}
