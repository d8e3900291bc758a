// Command detvet reports what makes a simulated run differ from itself: goroutines and channels, the wall clock,
// global or unseeded randomness, the order of maps, unstable sorts, addresses, package-level state, and floating
// point that the compiler may fuse or a platform round its own way. Run it over protocols and models, yours too:
//
//	go vet -vettool=$(go tool -n detvet) ./...
//	go build -o detvet lightcone/cmd/detvet && go vet -vettool=./detvet ./protocols/...
//
// A line whose order or state provably reaches no effect says so in a comment on it or above it: //det:ok and the
// reason. Test files are not looked at.
package main

import "golang.org/x/tools/go/analysis/unitchecker"

func main() { unitchecker.Main(Analyzer) }
