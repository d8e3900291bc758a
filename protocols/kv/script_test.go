package kv_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// slow delivers all messages after 5 ms, but the named ones after 80 ms.
type slow []string

func (s slow) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	if slices.Contains(s, p.Name().String()) {
		return append(dst, sim.Copy{Delay: 80 * ms})
	}
	return append(dst, sim.Copy{Delay: 5 * ms})
}

// The scripts have one server, n0, and one client, n1, which appends to one key every 100 ms. Their arguments are
//
//	appends=N       how often
//	retry           it asks again 10 ms after a timeout, with a token; else once, without
//	late=n0->n1#4   this message takes 80 ms
//	bug=NAME        the server has this bug
func TestScripts(t *testing.T) {
	simtest.Scripts(t, "testdata", func(_ int, args []string) (sim.Config, error) {
		var server kv.ServerConfig
		var network slow
		client := kv.ClientConfig{Servers: 1, Timeout: 50 * ms}
		appends := 1
		for _, a := range args {
			name, value, _ := strings.Cut(a, "=")
			switch name {
			case "appends":
				if _, err := fmt.Sscan(value, &appends); err != nil {
					return sim.Config{}, err
				}
			case "retry":
				client.Tokens, client.Retry = true, kv.Fixed{Wait: 10 * ms}
			case "late":
				network = append(network, value)
			case "bug":
				server.Bug = kv.Bug(value)
			default:
				return sim.Config{}, fmt.Errorf("unknown argument %q", a)
			}
		}
		ask := kv.Ask{Kind: kv.Append, Key: "k", Wait: 100 * ms}
		client.Workload = list(slices.Repeat([]kv.Ask{ask}, appends))
		return sim.Config{
			Network: network, Properties: kv.Properties(), Until: sim.Time(10 * time.Second),
			New: func(id sim.NodeID) sim.Process {
				if id == 0 {
					return kv.NewServer(server)
				}
				return kv.NewClient(client)
			},
		}, server.Validate()
	})
}
