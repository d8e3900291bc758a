// Package rare measures how rarely a protocol is unavailable, in minutes instead of years: it runs the real protocol
// around failures and repairs alone, and makes rare failures frequent with exact weights.
//
// # Windows
//
// A schedule of faults over years is mostly time in which nothing happens but heartbeats. [Compress] cuts each gap
// between two transitions (a crash, a repair, a cut, its healing) that is longer than a window down to the window, so
// that one world runs the protocol around transitions only, and a [Map] takes what it measured back to real time: what
// was cut out counts as spent in the state in which the window ended.
//
//	run := rare.Run{Config: cfg, Plan: plan, Until: year, Serving: serving, Servers: 3, Majority: 2, Window: 4 * time.Second}
//	result, err := run.Check() // with windows, and with windows twice as long
//	result.Report.Unavailability()
//
// That is right if the time that is cut out is quiet:
//
//   - the state of the service is constant over the second half of a window, and would stay so until the next fault;
//   - no process has a timer longer than a window that matters to the service;
//   - the load is stationary: what clients do in a window they do in the time that is cut out;
//   - clocks are perfect, or what they drift apart by does not grow without bound: a drift is that of the compressed
//     time, in which there is less of it.
//
// [Quiet] checks the first within every window, and refuses windows that end before a connected majority has a leader;
// [Run.Check] looks for the longest timer, and compares the run with one whose windows are twice as long, on the same
// schedule. The last two conditions are the user's to know.
//
// # Forced cycles
//
// What needs two failures at once hardly happens, however short the windows are. The times of failures can be drawn by
// other laws than the true ones, under which they are not rare, if each history counts with its weight: its likelihood
// under the true laws over that under the forced ones. The protocol is a black box in this: its faults alone are
// forced. A [Cycle] goes from one time at which all is well until the next; [Run.Sample] runs many, one after the other,
// in worlds with windows between; [Sampled.Unavailability] is the mean of the weighted downtime of a cycle over the mean
// length of a cycle, with an interval, or with the reason why the weights are not fit for one. [Markov] draws cycles of
// like nodes, [Laws] those of any laws, with repair crews and shocks.
//
// # Assumptions
//
// Times between all-well states are cycles of a regenerative process: times to failure are exponential, or begin anew
// with each cycle, and what the protocol does in a cycle does not depend on the one before. It begins settled, with all
// nodes up; that another server leads matters only if servers fail unlike.
//
// # Not modelled
//
// Splitting (RESTART), and forcing of what the network does: losses, delays and the protocol's own draws are the true
// ones. What is rare by them is not found any sooner.
//
// # References
//
// E. E. Lewis, F. Böhm, Monte Carlo simulation of Markov unreliability models, Nuclear Engineering and Design 77, 1984
// (failure biasing). A. Goyal, P. Shahabuddin, P. Heidelberger, V. F. Nicola, P. W. Glynn, A unified framework for
// simulating Markovian models of highly dependable systems, IEEE Transactions on Computers 41(1), 1992 (ratios over
// cycles, forced for the downtime alone). P. Heidelberger, Fast simulation of rare events in queueing and reliability
// models, TOMACS 5(1), 1995.
package rare
