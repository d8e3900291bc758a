package primarybackup_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"lightcone/models/clock"
	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// steady asks for the same again and again, whether or not it was answered.
type steady struct {
	kind  kv.Kind
	every time.Duration
	times int // 0: for ever
}

func (s steady) Next(n uint64, _ *sim.Rand) (kv.Ask, bool) {
	return kv.Ask{Wait: s.every, Open: true, Kind: s.kind, Key: "x"}, s.times == 0 || n < uint64(s.times)
}

// story is what the line "nodes N ARG..." of a script says. The last nodes are clients, one for each put and get.
type story struct {
	cfg     pb.Config
	clients []kv.ClientConfig
	drift   map[sim.NodeID]clock.PPB
	disk    sim.Disk
	free    bool // of claims
}

// read reads KEY=VALUE: a field of the configuration, "unjudged" for no claims, disk=DURATION, drift=NODE:PPM, or a client
// as in put=NODE:EVERY, which asks one server, unless that refers it to another, or get=NODE:EVERY. Both may end in
// :TIMES.
func (s *story) read(arg string) error {
	key, value, _ := strings.Cut(arg, "=")
	number, err := strconv.Atoi(value)
	length, durationErr := time.ParseDuration(value)
	node, rest, _ := strings.Cut(value, ":")
	who, nodeErr := strconv.Atoi(node)
	switch key {
	case "replication":
		s.cfg.Replication, err = pb.Replication(value), nil
	case "failover":
		s.cfg.Failover, err = pb.Failover(value), nil
	case "reads":
		s.cfg.Reads, err = pb.Reads(value), nil
	case "bug":
		s.cfg.Bug, err = pb.Bug(value), nil
	case "unjudged":
		s.free, err = true, nil
	case "unfenced":
		s.cfg.Unfenced, err = true, nil
	case "lease":
		s.cfg.Lease, err = length, durationErr
	case "bound":
		s.cfg.Drift = pb.PPM(number)
	case "compact":
		s.cfg.Compact = number
	case "chunk":
		s.cfg.Chunk = number
	case "disk":
		s.disk, err = slowDisk(length), durationErr
	case "drift":
		var ppm int
		ppm, err = strconv.Atoi(rest)
		s.drift[sim.NodeID(who)] = clock.PPB(ppm) * clock.PPM
	case "put", "get":
		every, times, _ := strings.Cut(rest, ":")
		w := steady{kind: map[string]kv.Kind{"put": kv.Put, "get": kv.Get}[key]}
		w.every, err = time.ParseDuration(every)
		w.times, _ = strconv.Atoi(times)
		s.client(w, sim.NodeID(who))
	default:
		return fmt.Errorf("no argument %q", arg)
	}
	if err == nil && (key == "drift" || key == "put" || key == "get") {
		err = nodeErr
	}
	return err
}

func (s *story) client(w steady, server sim.NodeID) {
	s.clients = append(s.clients, kv.ClientConfig{
		Servers: s.cfg.Servers, Contacts: []sim.NodeID{server}, Workload: w,
		Timeout: time.Second, NoDuplicates: true,
	})
}

func (s *story) clock(id sim.NodeID, _ *sim.Rand) sim.Clock {
	return clock.Drift{By: s.drift[id]}
}

func (s *story) new(id sim.NodeID) sim.Process {
	if int(id) < s.cfg.Servers {
		return pb.New(s.cfg, id)
	}
	return kv.NewClient(s.clients[int(id)-s.cfg.Servers])
}

func setup(nodes int, args []string) (sim.Config, error) {
	s := &story{drift: map[sim.NodeID]clock.PPB{}}
	clients := 0
	for _, a := range args {
		if strings.HasPrefix(a, "put=") || strings.HasPrefix(a, "get=") {
			clients++
		}
	}
	s.cfg = pb.Config{Servers: nodes - clients, Ping: 100 * time.Millisecond, Timeout: 250 * time.Millisecond}
	for _, a := range args {
		if err := s.read(a); err != nil {
			return sim.Config{}, err
		}
	}
	var claims []sim.Property
	if !s.free {
		claims = s.cfg.Properties()
	}
	return sim.Config{
		New: s.new, Clock: s.clock, Disk: s.disk,
		Network: sim.ConstantDelay(10 * time.Millisecond), Properties: claims,
	}, s.cfg.Validate()
}

func TestScripts(t *testing.T) { simtest.Scripts(t, "testdata", setup) }
