package simtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// script is a script under way.
type script struct {
	setup  Setup
	seed   uint64
	world  *sim.World
	until  sim.Time
	lost   *lossOnDemand
	sent   []sim.MessageName
	hidden []sim.Kind
	last   sim.Event // the last Deliver
	out    strings.Builder
}

// scriptEvents ends runs that would go on for ever.
const scriptEvents = 10_000

func (s *script) close() {
	if s.world != nil {
		s.world.Close()
	}
}

// run executes the commands of a block and returns what they print.
func (s *script) run(commands []string) string {
	s.out.Reset()
	for _, line := range commands {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := s.do(words[0], words[1:]); err != nil {
			fmt.Fprintf(&s.out, "error: %v\n", err)
		}
	}
	return s.out.String()
}

func (s *script) do(command string, args []string) error {
	switch command {
	case "seed":
		return s.setSeed(args)
	case "nodes":
		return s.nodes(args)
	case "hide":
		return s.hide(args)
	}
	if s.world == nil {
		return fmt.Errorf("%s before nodes", command)
	}
	switch command {
	case "step":
		return s.step(args)
	case "run":
		return s.runOn(args)
	case "deliver":
		return s.deliver(args)
	case "drop":
		return s.drop(args)
	case "show":
		return s.show(args)
	case "verdict":
		return s.verdict()
	}
	act, err := parseAction(command, args)
	if err != nil {
		return err
	}
	return s.act(act)
}

func (s *script) setSeed(args []string) error {
	if s.world != nil {
		return errors.New("seed after nodes")
	}
	n, err := number(args)
	s.seed = n
	return err
}

func (s *script) nodes(args []string) error {
	if s.world != nil {
		return errors.New("a second nodes")
	}
	if len(args) == 0 {
		return errors.New("nodes wants a number")
	}
	n, err := number(args[:1])
	if err != nil {
		return err
	}
	cfg, err := s.setup(int(n), args[1:])
	if err != nil {
		return err
	}
	cfg.Nodes, cfg.Seed, cfg.Strict = int(n), s.seed, true
	if cfg.Limits.Events == 0 {
		cfg.Limits.Events = scriptEvents
	}
	s.until = cfg.Until
	s.lost = newLossOnDemand(cfg.Network)
	cfg.Network = s.lost
	cfg.Observers = append(slices.Clone(cfg.Observers), sim.ObserverFunc(s.observe))
	s.world, err = sim.New(cfg)
	return err
}

func (s *script) observe(e *sim.Event) {
	switch e.Kind {
	case sim.Send:
		s.sent = append(s.sent, e.Name())
	case sim.Deliver:
		s.last = *e
	}
	if !slices.Contains(s.hidden, e.Kind) {
		fmt.Fprintf(&s.out, "%-9v %s\n", e.Time, Describe(e))
	}
}

func (s *script) hide(args []string) error {
	for _, a := range args {
		k, ok := sim.ParseKind(a)
		if !ok {
			return fmt.Errorf("hide %s: no such kind of event", a)
		}
		s.hidden = append(s.hidden, k)
	}
	return nil
}

func (s *script) step(args []string) error {
	n := uint64(1)
	if len(args) > 0 {
		var err error
		if n, err = number(args); err != nil {
			return err
		}
	}
	if s.world.Steps(n) < n && s.world.Err() == nil {
		return errors.New("nothing is left to happen")
	}
	return s.world.Err()
}

func (s *script) runOn(args []string) error {
	t := s.until
	if t == 0 {
		t = sim.Never - 1
	}
	switch {
	case len(args) == 2 && args[0] == "until":
		d, err := duration(args[1])
		if err != nil {
			return err
		}
		t = sim.Time(d)
	case len(args) == 2 && args[0] == "for":
		d, err := duration(args[1])
		if err != nil {
			return err
		}
		t = s.world.Now().Add(d)
	case len(args) > 0:
		return fmt.Errorf("run %s, want run, run until T or run for D", strings.Join(args, " "))
	}
	return s.world.RunUntil(t)
}

// deliver steps until a message is received.
func (s *script) deliver(args []string) error {
	var name sim.MessageName
	if len(args) > 0 {
		var err error
		if name, err = messageName(args[0]); err != nil {
			return err
		}
	}
	from := s.last.ID
	for s.world.Step() {
		if s.last.ID > from && (len(args) == 0 || s.last.Name() == name) {
			return s.world.Err()
		}
	}
	if err := s.world.Err(); err != nil {
		return err
	}
	return errors.New("nothing is left to happen")
}

func (s *script) show(args []string) error {
	v := s.world.View()
	ids, err := nodeIDs(args)
	if err = errors.Join(err, s.exist(ids)); err != nil {
		return err
	}
	if len(args) == 0 {
		for id := range sim.NodeID(v.Nodes()) {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		fmt.Fprintf(&s.out, "%v: %s\n", id, state(v, id))
	}
	return nil
}

// state is a node in words: what its badge says and what its process holds.
func state(v sim.View, id sim.NodeID) string {
	if !v.Up(id) {
		return "down"
	}
	text := ""
	if v.Paused(id) {
		text = "paused, "
	}
	p := v.Process(id)
	if b, ok := p.(sim.Badger); ok {
		if badge := badgeText(b.Badge()); badge != "" {
			text += badge + ", "
		}
	}
	return text + Show(p)
}

func (s *script) verdict() error {
	r := s.world.Result()
	fmt.Fprintln(&s.out, r.Verdict)
	for _, p := range r.Properties {
		line := fmt.Sprintf("%v %q: %v", p.Mode, p.Name, p.Verdict)
		if p.Detail != "" {
			line += ": " + p.Detail
		}
		fmt.Fprintln(&s.out, line)
	}
	return nil
}
