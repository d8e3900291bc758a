// Package pingpong is the smallest protocol worth simulating, and the template for others: node 0 asks, node 1
// answers, and what is lost is asked again.
//
// Node 0 sends Ping{0} to node 1, which answers Pong{0}; then comes round 1, up to Rounds. If no Pong has come when
// Retry has passed on node 0's clock, it sends the same Ping again. Other nodes do nothing.
//
// The protocol is all of pingpong.go; properties.go is what a test, a picture and a model checker want of it.
//
// # Assumptions
//
// The network may lose, delay, duplicate and reorder messages, and each round still ends if messages keep getting
// through (a fair-lossy link). If each of a Ping and a Pong is lost with probability p, independently, a round takes
// 1/(1-p)^2 Pings on average, as long as Retry is longer than the round trip.
//
// # Not modelled
//
// Crashes of node 0 are not survived: it begins again at round 0.
package pingpong
