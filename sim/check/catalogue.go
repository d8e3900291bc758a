package check

// Check is a named check of histories.
type Check struct {
	Name  string
	About string // in one line
	Run   func(History, Options) Report
}

// All returns the checks.
func All() []Check {
	return []Check{
		{"linearizable", "each operation took effect at one moment while it was under way (Herlihy & Wing 1990)", Linearizable},
		{"sequential", "one order, that of every client, explains all results (Lamport 1979)", Sequential},
		{"causal", "nobody read what it knew to be replaced (CC, Bouajjani et al. 2017)", Causal},
		{"causal-convergence", "causal, and all saw concurrent writes in one order (CCv)", CausalConvergence},
		{"causal-memory", "causal, and nobody forgot in which order it saw concurrent writes (CM, Ahamad et al. 1995)", CausalMemory},
		{"read-your-writes", "no client read an older version than it had written (Terry et al. 1994)", ReadYourWrites},
		{"monotonic-reads", "no client read an older version than it had read (Terry et al. 1994)", MonotonicReads},
		{"monotonic-writes", "a client's writes are versions in its order (Terry et al. 1994)", MonotonicWrites},
		{"writes-follow-reads", "what a client wrote is newer than what it had read (Terry et al. 1994)", WritesFollowReads},
		{"quorum-rule", "no read returned an older version than one that was acknowledged before it", QuorumRule},
		{"effects-once", "no append took effect twice, and no acknowledged one was lost", EffectsOnce},
		{"convergence", "all replicas hold the same after the run", Convergence},
	}
}

// Find returns the check of a name.
func Find(name string) (Check, bool) {
	for _, c := range All() {
		if c.Name == name {
			return c, true
		}
	}
	return Check{}, false
}
