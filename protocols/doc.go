// Package protocols is the catalog of the protocols that a scenario can name. Each lives in a package of its own below
// this one; what is here says which there are, what their parameters are called, and what is measured of them.
//
//	for _, e := range protocols.Catalog() {
//		fmt.Println(e.Name, e.About)
//	}
//
// A protocol of one's own needs no entry: a sim.Process runs without.
package protocols
