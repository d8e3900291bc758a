// Package reliability is the mathematics of availability: how often a system of parts that fail and are repaired is up,
// how long, and why not.
//
// It is pure mathematics, simulates nothing and knows no world. Numbers are float64. Probabilities are of being down
// (unavailability) wherever a choice is possible: at eleven nines the availability has no digits left. Times are in
// hours and rates per hour, unless a function says that any one unit will do.
package reliability
