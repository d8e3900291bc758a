package etcdraft

import (
	"crypto/rand"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	etcd "go.etcd.io/raft/v3"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

func FuzzCommandsSurviveTheLog(f *testing.F) {
	f.Add(uint64(0), uint64(0), uint8(0), int64(0), int32(0), uint64(1), "", "", "", false)
	f.Add(uint64(7), uint64(3), uint8(3), int64(math.MaxInt64), int32(5), uint64(math.MaxUint64), "key", "value", "\x00\xff", true)
	f.Fuzz(func(t *testing.T, session, serial uint64, kind uint8, now int64, client int32, request uint64, key, value, expect string, register bool) {
		c := kv.Command{
			Token: kv.Token{Session: session, Serial: serial}, Op: kv.Op{Kind: kv.Kind(kind), Key: key, Value: value, Expect: expect},
			Register: register, Time: sim.Local(now), Client: sim.NodeID(client), Request: request,
		}
		require.Equal(t, c, decode(encode(c)))
	})
}

// raft draws from what is lent, and from nothing else.
func TestRaftDrawsOnlyWhatIsLent(t *testing.T) {
	start := func() { _, _ = etcd.NewRawNode(New(0, Config{Servers: 3}).cfg.raft(0, New(0, Config{Servers: 3}).log)) }
	r := sim.NewRand(1)
	draws.lend(&r)
	start()
	drawn := r
	_, err := rand.Int(rand.Reader, big.NewInt(1000)) // not raft's
	draws.back()
	require.NoError(t, err)
	require.Equal(t, drawn, r, "others draw from the system")
	require.NotEqual(t, sim.NewRand(1), r, "raft draws from the stream")
}
