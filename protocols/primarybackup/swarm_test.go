package primarybackup_test

import (
	"testing"

	pb "lightcone/protocols/primarybackup"
	"lightcone/sim/simtest"
)

func TestSoundModesSurviveEverything(t *testing.T) {
	for name, c := range sound() {
		t.Run(name, func(t *testing.T) {
			cfg := world(c, usual)
			cfg.Properties = append(cfg.Properties, c.Coverage()...)
			simtest.Run(t, cfg, simtest.Options{Vary: hostile(c.Servers)})
		})
	}
}

func sound() map[string]pb.Config {
	semi := base()
	semi.Replication, semi.Servers = pb.SemiSync, 5
	return map[string]pb.Config{"sync": base(), "sync, leases": leased(base()), "semi-sync": semi, "semi-sync, leases": leased(semi)}
}
