package raft_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// tester is a node beside the servers that sends them what a script wants, when it wants.
type tester struct{ plan []planned }

type planned struct {
	at time.Duration
	to sim.NodeID
	m  sim.Message
}

func (p *tester) Init(env *sim.Env) {
	for i := range p.plan {
		env.After(p.plan[i].at, i)
	}
}

func (p *tester) Timeout(env *sim.Env, tag any)             { env.Send(p.plan[tag.(int)].to, p.plan[tag.(int)].m) }
func (p *tester) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (p *tester) Clone() sim.Process                        { c := *p; return &c }

// setup reads the arguments of a script's nodes line. The last node is the tester; the others are servers.
//
//	voters=0,1,2  min=150ms  max=300ms  heartbeat=50ms  pre-vote  check-quorum  no-entry  reads=lease  drift=100
//	batch=1  window=1  snapshot=5  keep=2  chunk=64  delay=10ms  disk=5ms  bug=NAME
//	put=400ms:0:x=1  get=400ms:0:x      what the tester asks of server 0
//	change=400ms:0:0,1,2  joint=...     the change to voters 0, 1 and 2, asked of server 0
//	transfer=400ms:0:1                  the leadership from 0 to 1
//	campaign=10ms:0:1                   TimeoutNow{1} to server 0
func setup(nodes int, args []string) (sim.Config, error) {
	cfg := raft.Config{Servers: nodes - 1, ElectionMin: 150 * ms, ElectionMax: 300 * ms, Heartbeat: 50 * ms}
	var t tester
	var delay, disk time.Duration = 10 * ms, 0
	for i, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		var err error
		switch name {
		case "voters":
			cfg.Voters, err = ids(value)
		case "min":
			cfg.ElectionMin, err = time.ParseDuration(value)
		case "max":
			cfg.ElectionMax, err = time.ParseDuration(value)
		case "heartbeat":
			cfg.Heartbeat, err = time.ParseDuration(value)
		case "pre-vote":
			cfg.PreVote = true
		case "check-quorum":
			cfg.CheckQuorum = true
		case "no-entry":
			cfg.NoEntryAtTermStart = true
		case "reads":
			cfg.Reads = raft.ReadMode(value)
		case "drift":
			cfg.DriftBound, err = strconv.Atoi(value)
		case "batch":
			cfg.MaxBatch, err = strconv.Atoi(value)
		case "window":
			cfg.Window, err = strconv.Atoi(value)
		case "snapshot":
			cfg.SnapshotEvery, err = strconv.Atoi(value)
		case "keep":
			cfg.SnapshotKeep, err = strconv.Atoi(value)
		case "chunk":
			cfg.SnapshotChunk, err = strconv.Atoi(value)
		case "delay":
			delay, err = time.ParseDuration(value)
		case "disk":
			disk, err = time.ParseDuration(value)
		case "bug":
			cfg.Bug = raft.Bug(value)
		default:
			var p planned
			p, err = plan(name, value, uint64(i))
			t.plan = append(t.plan, p)
		}
		if err != nil {
			return sim.Config{}, fmt.Errorf("%s: %w", arg, err)
		}
	}
	servers, err := raft.Factory(cfg)
	if err != nil {
		return sim.Config{}, err
	}
	return sim.Config{
		New: func(id sim.NodeID) sim.Process {
			if int(id) < cfg.Servers {
				return servers(id)
			}
			return &tester{t.plan}
		},
		Network:    sim.ConstantDelay(delay),
		Disk:       sim.LatentDisk{Min: disk},
		Properties: consensus.Properties(cfg.Servers),
	}, nil
}

// plan reads TIME:SERVER:WHAT.
func plan(kind, value string, id uint64) (p planned, err error) {
	parts := strings.SplitN(value, ":", 3)
	if len(parts) != 3 {
		return p, fmt.Errorf("want TIME:SERVER:WHAT")
	}
	if p.at, err = time.ParseDuration(parts[0]); err != nil {
		return p, err
	}
	to, err := ids(parts[1])
	if err != nil {
		return p, err
	}
	p.to = to[0]
	what := parts[2]
	switch kind {
	case "put":
		key, v, _ := strings.Cut(what, "=")
		p.m = kv.Request{ID: id, Op: kv.Op{Kind: kv.Put, Key: key, Value: v}}
	case "get":
		p.m = kv.Request{ID: id, Op: kv.Op{Kind: kv.Get, Key: what}}
	case "change", "joint":
		voters, err := ids(what)
		if err != nil {
			return p, err
		}
		p.m = raft.ChangeRequest{ID: id, Voters: voters, Joint: kind == "joint"}
	case "transfer":
		to, err := ids(what)
		if err != nil {
			return p, err
		}
		p.m = raft.TransferRequest{ID: id, To: to[0]}
	case "campaign":
		term, err := strconv.ParseUint(what, 10, 64)
		if err != nil {
			return p, err
		}
		p.m = raft.TimeoutNow{Term: raft.Term(term)}
	default:
		return p, fmt.Errorf("unknown argument %q", kind)
	}
	return p, nil
}

func ids(list string) (nodes []sim.NodeID, err error) {
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, sim.NodeID(n))
	}
	return nodes, nil
}

func TestScripts(t *testing.T) { simtest.Scripts(t, "testdata", setup) }
