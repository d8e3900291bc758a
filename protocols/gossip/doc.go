// Package gossip spreads a rumour by rounds of calls to random partners: push, pull, and both.
//
// Some nodes know the rumour from the start. In every round each node calls Fanout others, chosen at random among all
// of them: whoever knows the rumour tells it ([Push]), whoever does not asks for it ([Pull]), or both ([PushPull]). With
// a [Stop] rule a node that knows loses interest after a while and no longer spreads it; some nodes may then never hear
// (the residue).
//
//	cfg := gossip.Config{Mode: gossip.Push, Round: time.Second}
//	w, err := sim.New(sim.Config{
//		Nodes:      1000,
//		New:        gossip.New(cfg),
//		Network:    sim.ConstantDelay(10 * time.Millisecond),
//		Naming:     sim.PerSender,
//		Until:      sim.Time(time.Minute),
//		Properties: cfg.Properties(),
//	})
//
// The protocol is process.go; message.go has its three messages, properties.go what must hold.
//
// # Rounds
//
// [Aligned] rounds begin when a node's own clock shows a multiple of Round, the first at 0. A node that hears within a
// round spreads the rumour from the next one on, whether by telling or by answering, so that with clocks that agree and
// messages that take less than half of Round this is the synchronous model of the literature. [Staggered] rounds begin
// at a time of each node's own, and [Poisson] ones after exponential times; in both a node answers with what it knows
// at that moment.
//
// # What is known of it
//
// n nodes, one of which knows; one partner a round; nothing is lost.
//
//	push       log2 n + ln n + O(1) rounds         Frieze and Grimmett 1985, Pittel 1987
//	pull       log2 n + log2 ln n + O(1)           Demers et al. 1987 (the last nodes: shares go with the square)
//	push-pull  log3 n + O(log log n)               Karp et al. 2000
//	Poisson    2 H(n-1) (n-1)/n mean rounds for push and for pull, half of it for both, if messages take no time:
//	           with k nodes that know, the next hears at rate k(n-k)/(n-1), twice that for both
//	residue    s = exp(-m) for push, whatever the stop rule, if m times a node the rumour was told (Demers et al.,
//	           section 1.4); s = exp(-(k+1)(1-s)) with [FeedbackCoin] and rounds that are not aligned
//
// For every n the number of nodes that know, counted in aligned rounds, is a Markov chain with one state for each
// number, from which the mean number of rounds and of messages follows exactly. The tests work it out.
//
// # Assumptions
//
// Every node knows all others and can call any of them. Messages may be lost, delayed, duplicated and reordered: a
// node that knows goes on telling, or one that does not goes on asking, so that without a stop rule every node that
// stays up hears in the end, as long as messages keep getting through and somebody who knows stays up. Nobody lies. A
// crash forgets the rumour, unless Durable; the sources know it again when they recover.
//
// # Not modelled
//
// Partial views of the membership and overlays (every node can call every other), several rumours and their updates,
// anti-entropy by comparison of databases, death certificates, connection limits and hunting (Demers et al., section
// 1.4), and the median-counter algorithm of Karp et al., which stops after O(n log log n) transmissions.
//
// # References
//
// A. Demers et al., Epidemic Algorithms for Replicated Database Maintenance, PODC 1987. A. Frieze, G. Grimmett, The
// Shortest-Path Problem for Graphs with Random Arc-Lengths, Discrete Applied Mathematics 10, 1985. B. Pittel, On
// Spreading a Rumor, SIAM J. Applied Mathematics 47(1), 1987. R. Karp, C. Schindelhauer, S. Shenker, B. Voecking,
// Randomized Rumor Spreading, FOCS 2000. S. Boyd, A. Ghosh, B. Prabhakar, D. Shah, Randomized Gossip Algorithms, IEEE
// Transactions on Information Theory 52(6), 2006 (rounds by Poisson clocks).
package gossip
