// Package consensus says what must hold of any protocol that replicates a log by elected leaders, as seen from outside
// its nodes: the claims by which raft and etcdraft are judged alike.
package consensus
