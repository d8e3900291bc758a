package reliability

import (
	"errors"
	"fmt"
)

// Explore builds a chain from what can happen in a state: moves calls move with every state that can come next, and the
// rate. It returns the chain and its states, numbered in the order in which they are met, the start as 0, and named as
// fmt prints them. More than 2^18 states are an error.
func Explore[S comparable](start S, moves func(from S, move func(to S, perHour float64))) (*Chain, []S, error) {
	number := map[S]int{start: 0}
	states := []S{start}
	c := &Chain{out: make([][]rate, 1), names: []string{fmt.Sprint(start)}}
	for from := 0; from < len(states); from++ {
		moves(states[from], func(to S, perHour float64) {
			if perHour == 0 {
				return
			}
			n, known := number[to]
			if !known && len(states) == maxStates {
				if len(c.errs) > 0 {
					return // once is enough
				}
				c.mistake("number of states", fmt.Sprintf("more than %d", maxStates), "fewer: the chain is too large")
				return
			}
			if !known {
				n = len(states)
				number[to] = n
				states = append(states, to)
				c.out, c.names = append(c.out, nil), append(c.names, fmt.Sprint(to))
			}
			c.Rate(from, n, perHour)
		})
		if len(c.errs) > 0 {
			return nil, nil, errors.Join(c.errs...)
		}
	}
	return c, states, nil
}
