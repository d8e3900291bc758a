package network_test

import (
	"encoding/binary"
	"hash/fnv"
	"testing"
	"time"

	"lightcone/sim"
)

// What a seed means: the fates of 2,000 messages on each of six links, under every model in turn. A change here changes
// every trace, and belongs into the change log under Seeds.
func TestGoldenFates(t *testing.T) {
	const golden uint64 = 15269079729518333081
	h := fnv.New64a()
	all := models()
	for _, name := range []string{"synchronous", "partially synchronous, unknown", "partially synchronous, GST",
		"partially synchronous, losing", "asynchronous"} {
		net := all[name]
		delete(all, name)
		var links []*travel
		for from := range sim.NodeID(3) {
			for _, to := range []sim.NodeID{(from + 1) % 3, (from + 2) % 3} {
				links = append(links, &travel{net: net, seed: 1, from: from, to: to, message: "m"})
			}
		}
		for k := range 2_000 {
			for _, l := range links {
				for _, c := range l.send(at(time.Duration(k) * ms / 4)) {
					h.Write(binary.LittleEndian.AppendUint64([]byte{byte(c.Cause)}, uint64(c.Delay)))
				}
			}
		}
	}
	equal(t, 0, len(all), "a model is missing")
	equal(t, uint64(golden), h.Sum64())
}
