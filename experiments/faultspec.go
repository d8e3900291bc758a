package experiments

import (
	"time"

	"lightcone/models/fault"
	"lightcone/sim"
)

// Fault is an intervention: at a stated time; or, with up and down, again and again at times drawn by the seed; or, with
// a trace, in its intervals.
type Fault struct {
	Kind   string     `yaml:"kind" jsonschema:"required,enum=crash,enum=recover,enum=stop,enum=pause,enum=resume,enum=isolate,enum=mute,enum=deafen,enum=partition,enum=heal,enum=omit-send,enum=omit-receive,enum=slow,enum=drift,enum=clock-step,enum=wall-step,enum=disk-slow,enum=disk-full,enum=disk-lost,enum=disk-old,enum=backup,enum=lose-writes,enum=tear-writes,enum=rot,enum=disturb,enum=lie" jsonschema_description:"what happens"`
	At     *Duration  `yaml:"at" jsonschema_description:"when"`
	For    *Duration  `yaml:"for" jsonschema_description:"how long until it is undone, for what lasts; by default for ever"`
	Node   *NodeRef   `yaml:"node" jsonschema_description:"whom it happens to"`
	Nodes  []NodeRef  `yaml:"nodes" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"whom it happens to, when several; by default all that run the protocol, if drawn by the seed; of a partition, one side of it: the other side is the other nodes that run the protocol, and with clients among these, the other clients too"`
	From   []NodeRef  `yaml:"from" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"partition: one side, when the two sides are not all nodes; disturb: the links from these, by default from all"`
	To     []NodeRef  `yaml:"to" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"partition: the other side; disturb: the links to these, by default to all"`
	Shapes []string   `yaml:"shapes" jsonschema:"minItems=1,enum=halves,enum=split,enum=one,enum=one-way,enum=bridge" jsonschema_description:"partition drawn by the seed: how it divides the nodes, each as often as it is listed; by default halves"`
	OneWay bool       `yaml:"one-way" jsonschema_description:"partition, disturb: only messages from the first side to the second"`
	Name   string     `yaml:"name" jsonschema:"pattern=^[a-z0-9-]+$,maxLength=40" jsonschema_description:"partition, disturb, heal: which one; a heal without a name ends all that lasts, but for crashes and pauses"`
	By     *SignedLaw `yaml:"by" jsonschema_description:"wall-step, clock-step: by how much, or a law of that; of a wall clock negative is backwards"`
	How    string     `yaml:"how" jsonschema:"enum=silent,enum=twofaced,enum=corrupt,enum=replay,enum=delay,enum=random" jsonschema_description:"lie: what a Byzantine node says instead of its messages: nothing; falsehoods to nodes of odd number; falsehoods to all; earlier messages; the same later; any of these, message by message"`
	Effect *int       `yaml:"effect" jsonschema:"minimum=0" jsonschema_description:"crash: inside the node's next handler, after so many of its effects; drawn by the seed: after at most so many"`
	Up     *Law       `yaml:"up" jsonschema_description:"drawn by the seed: time until it happens, from the start and from each repair; wall-step, clock-step, rot: time from one to the next"`
	Down   *Law       `yaml:"down" jsonschema_description:"drawn by the seed: time until it is repaired"`
	Crews  int        `yaml:"crews" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"drawn by the seed: how many nodes can be repaired at once; the others queue, and their time down counts from when a crew comes; by default a crew for each"`
	Trace  string     `yaml:"trace" jsonschema_description:"when it happens to whom: the name of a CSV file beside the scenario, or its lines; the header is node,from,to or node,down,up"`

	P          Probability `yaml:"p" jsonschema_description:"omit-send, omit-receive: the probability that a message is omitted; lose-writes, tear-writes: that a write is"`
	Max        int         `yaml:"max" jsonschema:"minimum=1" jsonschema_description:"omit-send, omit-receive, lose-writes, tear-writes: how many at most; by default without bound"`
	Peers      []NodeRef   `yaml:"peers" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"omit-send: messages to these only; omit-receive: messages from these only; by default all"`
	Factor     float64     `yaml:"factor" jsonschema:"minimum=1,maximum=1000000000" jsonschema_description:"slow, disk-slow: how many times slower"`
	Work       Duration    `yaml:"work" jsonschema_description:"slow: what a handler takes a node that is not slow; by default nothing, and only the disk is slow"`
	PPM        int         `yaml:"ppm" jsonschema:"minimum=-500000,maximum=500000" jsonschema_description:"drift: by how many parts per million the clock is too fast; negative is too slow"`
	Key        string      `yaml:"key" jsonschema:"maxLength=1000" jsonschema_description:"rot: of the value that is damaged; by default one that the seed draws"`
	Undetected bool        `yaml:"undetected" jsonschema_description:"rot: whoever reads the value takes it for good"`
	Loss       Probability `yaml:"loss" jsonschema_description:"disturb: the share of messages lost"`
	Delay      Duration    `yaml:"delay" jsonschema_description:"disturb: how much longer every message takes"`
	Jitter     Duration    `yaml:"jitter" jsonschema_description:"disturb: up to how much longer still, drawn for each message"`

	intervals fault.Intervals // of the trace
}

// failure is the kind of failure of nodes that the fault is, if it is one.
func (f *Fault) failure() (fault.Kind, bool) {
	if f.Kind == "crash" && f.Effect != nil {
		return fault.Midway, true
	}
	return fault.ParseKind(f.Kind)
}

// degree is how bad it is.
func (f *Fault) degree() fault.Degree {
	return fault.Degree{P: float64(f.P), Max: f.Max, Peers: ids(f.Peers), Factor: f.Factor, Work: time.Duration(f.Work), PPM: f.PPM, How: f.How}
}

// disturbance is what a disturb does to the network.
func (f *Fault) disturbance(name string) sim.Disturb {
	return sim.Disturb{Name: name, From: ids(f.From), To: ids(f.To), OneWay: f.OneWay, Loss: float64(f.Loss), Delay: time.Duration(f.Delay), Jitter: time.Duration(f.Jitter)}
}

// Domains is the tree of failure domains that the nodes are in, such as regions of zones of racks of hosts.
type Domains struct {
	Levels []DomainLevel `yaml:"levels" jsonschema:"required,minItems=1,maxItems=8" jsonschema_description:"the levels, from the largest domains to the smallest"`
	Places []string      `yaml:"places" jsonschema:"minItems=1" jsonschema_description:"where each node is: its domain of each level, by names with / between, such as eu/a/r1"`
	Spread []int         `yaml:"spread" jsonschema:"minItems=1" jsonschema_description:"how many domains there are in each of the level above: the nodes are spread over them as widely as there is room"`
	Groups []int         `yaml:"groups" jsonschema:"minItems=1" jsonschema_description:"with one level: how many nodes are in each domain, in order"`
}

// DomainLevel is how the domains of one level fail.
type DomainLevel struct {
	Name string       `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$,maxLength=40" jsonschema_description:"what a domain of it is called, such as zone"`
	Up   *Law         `yaml:"up" jsonschema_description:"time until a domain fails, from the start and from each repair; by default it never does"`
	Down *Law         `yaml:"down" jsonschema_description:"time until it is repaired"`
	Kind string       `yaml:"kind" jsonschema:"enum=crash,enum=pause,enum=isolate,enum=mute,enum=deafen,enum=disk-lost" jsonschema_description:"what befalls the nodes in it; isolate, mute and deafen cut them off together; by default crash"`
	Hit  *Probability `yaml:"hit" jsonschema_description:"the probability that it hits a node, each on its own; by default 1"`
}

// tree is the law by which the domains of so many nodes fail.
func (d *Domains) tree(nodes int) fault.Tree {
	t := fault.Tree{Places: d.Places}
	switch {
	case d.Spread != nil:
		t.Places = fault.Spread(nodes, d.Spread...)
	case d.Groups != nil:
		t.Places = fault.Groups(d.Groups...)
	}
	for _, v := range d.Levels {
		l := fault.Level{Name: v.Name}
		l.Kind, _ = fault.ParseKind(v.Kind)
		if v.Up != nil && v.Down != nil {
			l.Up, l.Down = v.Up.Dist, v.Down.Dist
		}
		if v.Hit != nil {
			l.Hit = float64(*v.Hit)
		}
		t.Levels = append(t.Levels, l)
	}
	return t
}

// FaultBudget bounds what goes wrong at once.
type FaultBudget struct {
	F      int       `yaml:"f" jsonschema:"required,minimum=1" jsonschema_description:"the most nodes in trouble at once, each counted once whatever ails it: a fault that would be one too many does not happen"`
	Of     string    `yaml:"of" jsonschema:"enum=any,enum=stopped" jsonschema_description:"what counts: any trouble (crashed, paused, on the smaller side of a partition and so on), or that a node is crashed or paused; by default any"`
	Settle Duration  `yaml:"settle" jsonschema_description:"a node counts for so long after its trouble; by default 0s"`
	Healed *Duration `yaml:"healed" jsonschema_description:"when all trouble is over, for good; by default it goes on to the end"`
}

// bound is the budget, without bound if there is none.
func (b *FaultBudget) bound() fault.Budget {
	if b == nil {
		return fault.Budget{}
	}
	of, _ := fault.ParseTrouble(b.Of)
	return fault.Budget{F: b.F, Of: of, Settle: time.Duration(b.Settle)}
}

// healed is when all trouble is over; sim.Never if it is not.
func (b *FaultBudget) healed() sim.Time {
	if b == nil || b.Healed == nil {
		return sim.Never
	}
	return sim.Time(*b.Healed)
}
