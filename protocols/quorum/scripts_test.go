package quorum_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// asker is a client that asks for what it was told to, when it was told to.
type asker struct{ asks []ask }

type ask struct {
	at     time.Duration
	server sim.NodeID
	op     kv.Op
}

func (a *asker) Init(env *sim.Env) {
	for i, k := range a.asks {
		env.After(k.at, i)
	}
}

func (a *asker) Timeout(env *sim.Env, tag any) {
	i := tag.(int)
	env.Send(a.asks[i].server, kv.Request{ID: uint64(i + 1), Op: a.asks[i].op})
}

func (a *asker) Receive(*sim.Env, sim.NodeID, sim.Message) {}

func (a *asker) Clone() sim.Process { c := *a; return &c }

// The line "nodes N PROTOCOL key=value ... TIME:nCLIENT>nSERVER:OP:KEY[=VALUE] ..." makes a world whose last nodes are
// clients that ask as it says. Messages take 10 ms, clients excepted, who live beside their servers.
func scripted(nodes int, args []string) (sim.Config, error) {
	asks := map[sim.NodeID][]ask{}
	settings := map[string]string{}
	for _, a := range args[1:] {
		if k, v, ok := strings.Cut(a, "="); ok && !strings.Contains(k, ":") {
			settings[k] = v
			continue
		}
		client, k, err := parseAsk(a)
		if err != nil {
			return sim.Config{}, err
		}
		asks[client] = append(asks[client], k)
	}
	servers := sim.NodeID(nodes - len(asks))
	newServer, properties, err := settle(args[0], int(servers), settings)
	return sim.Config{
		New: func(id sim.NodeID) sim.Process {
			if id < servers {
				return newServer()
			}
			return &asker{asks[id]}
		},
		Network:    near{servers},
		Properties: properties,
	}, err
}

// near brings messages between servers in 10 ms, and those between clients and servers at once.
type near struct{ servers sim.NodeID }

func (n near) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	if p.From >= n.servers || p.To >= n.servers {
		return append(dst, sim.Copy{})
	}
	return append(dst, sim.Copy{Delay: 10 * ms})
}

func parseAsk(s string) (client sim.NodeID, a ask, err error) {
	parts := strings.Split(s, ":")
	if len(parts) != 4 {
		return 0, a, fmt.Errorf("%q is no TIME:nCLIENT>nSERVER:OP:KEY[=VALUE]", s)
	}
	if a.at, err = time.ParseDuration(parts[0]); err != nil {
		return 0, a, err
	}
	if _, err = fmt.Sscanf(parts[1], "n%d>n%d", &client, &a.server); err != nil {
		return 0, a, err
	}
	a.op.Key, a.op.Value, _ = strings.Cut(parts[3], "=")
	kinds := map[string]kv.Kind{"get": kv.Get, "put": kv.Put, "delete": kv.Delete}
	kind, ok := kinds[parts[2]]
	if !ok {
		return 0, a, fmt.Errorf("%q is no operation", parts[2])
	}
	a.op.Kind = kind
	return client, a, nil
}

// settle makes the servers of a script.
func settle(protocol string, servers int, settings map[string]string) (func() sim.Process, []sim.Property, error) {
	number := func(key string, otherwise int) int {
		if n, err := strconv.Atoi(settings[key]); err == nil {
			return n
		}
		return otherwise
	}
	duration := func(key string) time.Duration { d, _ := time.ParseDuration(settings[key]); return d }
	if protocol == "abd" {
		c := quorum.ABDConfig{Servers: servers, SingleWriter: settings["writers"] == "single", WriteBack: settings["write-back"] != "false", Timeout: duration("timeout"), Bug: quorum.Bug(settings["bug"])}
		return func() sim.Process { return quorum.NewABD(c) }, c.Properties(), c.Validate()
	}
	c := quorum.Config{
		Servers: servers, Quorums: quorum.Threshold{N: number("N", servers), R: number("R", 1), W: number("W", 1)},
		Versions: quorum.Versions(settings["versions"]), Repair: settings["repair"] == "true", Sloppy: settings["sloppy"] == "true",
		HandOff: duration("hand-off"), HintEvery: duration("hint-every"), SyncEvery: duration("sync-every"), Grace: duration("grace"),
		Timeout: duration("timeout"), Bug: quorum.Bug(settings["bug"]),
	}
	return func() sim.Process { return quorum.NewDynamo(c) }, c.Properties(), c.Validate()
}

func TestScripts(t *testing.T) { simtest.Scripts(t, "testdata", scripted) }
