package kv_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

func TestStoreSurvivesEncoding(t *testing.T) {
	s := kv.NewStore(time.Minute)
	commands := []kv.Command{
		{Register: true, Client: 7, Request: 1, Time: 5},
		{Op: kv.Op{Kind: kv.Put, Key: "b", Value: "2"}, Time: 6},
		{Token: kv.Token{Session: 1, Serial: 1}, Op: kv.Op{Kind: kv.Append, Key: "a", Value: "x"}, Time: 9},
		{Register: true, Client: 8, Request: 1, Time: 10},
		{Token: kv.Token{Session: 4, Serial: 1}, Op: kv.Op{Kind: kv.Get, Key: "a"}, Time: 11},
		{Op: kv.Op{Kind: kv.Delete, Key: "b"}, Time: -3},
	}
	for _, c := range commands {
		s.Apply(c)
		d, err := kv.Decode(s.Encode())
		require.NoError(t, err)
		require.Equal(t, s.Hash(), d.Hash())
		require.Equal(t, s, d)
	}
	d, err := kv.Decode(s.Encode())
	require.NoError(t, err)
	again := kv.Command{Token: kv.Token{Session: 1, Serial: 1}, Op: kv.Op{Kind: kv.Append, Key: "a", Value: "x"}, Time: 12, Client: sim.NodeID(7)}
	require.Equal(t, s.Apply(again), d.Apply(again))
	require.Equal(t, "x", d.Get("a").Value, "the session shows that it was executed")
}

func TestDecodeRefusesWhatIsCutShort(t *testing.T) {
	s := kv.NewStore(0)
	s.Apply(kv.Command{Op: kv.Op{Kind: kv.Put, Key: "key", Value: "value"}})
	s.Apply(kv.Command{Register: true})
	text := s.Encode()
	for n := range len(text) {
		_, err := kv.Decode(text[:n])
		require.Error(t, err)
	}
}
