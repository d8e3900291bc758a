package quorum

import (
	"slices"

	"lightcone/sim"
)

// What a liar makes of a message (a Byzantine server, which neither store stands): versions with values that nobody wrote,
// in replies with stamps that beat all others. Messages without a method here pass as they are.

// Falsify makes up the latest version.
func (m ReadReply) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	latest, _ := newest(m.Versions)
	latest.Value, latest.Deleted = "made up", false
	latest.Stamp.Count++
	m.Versions = []Version{latest}
	return m
}

// Falsify changes the values.
func (m Write) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.Versions = slices.Clone(m.Versions)
	for i := range m.Versions {
		m.Versions[i].Value = "made up"
	}
	return m
}
