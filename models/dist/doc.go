// Package dist is seeded probability distributions whose draws are the same bits on every platform.
//
// The smallest use is a law, a stream of random numbers, and a draw:
//
//	delay := dist.Shifted{Of: dist.Gamma{Mean: 4e6, Shape: 2}, By: 20e6} // nanoseconds: 20 ms of flight, 4 ms of queues
//	r := sim.NewRand(seed, sim.ForStudy, 1)
//	d := dist.Duration(delay, &r)
//
// Laws are plain structs (Zipf and Empirical, which prepare tables, have constructors). Validate reports everything
// that is wrong with one; the other methods need a valid law, and do not check again. Values carry no unit: by
// convention durations are in nanoseconds and rates in parts per million.
//
// # Text
//
// Scenario files write laws as text, which Parse reads and Format writes, with units:
//
//	10ms                                          constant
//	uniform(lo=5ms, hi=15ms)                      or by position: uniform(5ms, 15ms)
//	exponential(mean=10ms)
//	normal(mean=0ms, sd=2ms)
//	lognormal(median=10ms, sigma=0.5)             sigma is of the logarithm
//	weibull(scale=1h, shape=0.7)
//	gamma(mean=10ms, shape=2)
//	erlang(mean=10ms, stages=3)
//	pareto(min=5ms, alpha=2)
//	gamma(mean=10ms, shape=2) + 3ms               or shifted(3ms, gamma(...))
//	2 * gamma(mean=10ms, shape=2)                 or scaled(2, gamma(...))
//	truncated(normal(5ms, 2ms), lo=0ms, hi=10ms)
//	mixture(0.9: exponential(1ms), 0.1: pareto(5ms, 2))
//	empirical(1ms, 2ms, 2ms)
//	1ms * poisson(mean=3)                         counts take their unit from a factor: also
//	                                              bernoulli(p), geometric(p), zipf(n, s)
//
// # Same bits everywhere
//
// Exp, Log, Pow and the others of the standard library differ between platforms, and compilers may fuse x*y + z into
// one rounding. This package has elementary functions of its own (Exp, Expm1, Log, Log1p, Pow, Erf, Erfc, Lgamma,
// GammaP, GammaQ), each with a stated error, made of operations that IEEE 754 fixes to the bit: sums, explicitly
// rounded products, quotients, square roots and math.FMA. A test compares 250,000 bit patterns of every function and
// every sampler.
//
// # Assumptions
//
// Draws are as good as sim.Rand is. A uniform draw has 53 bits and exponential and normal draws start from 53, so that
// probabilities below about 1e-16 are not to be had, and the far tails of a law are visited no further than that;
// Erlang, Gamma, LogNormal, Pareto and Weibull inherit it. How many numbers a draw takes from the stream depends on the
// law: two laws on one stream do not stay in step (give each its own stream).
//
// # Not modelled
//
// Correlated draws (use a model with state), sums of two random laws, multivariate laws, and fitting a law to data
// other than by Empirical.
//
// # References
//
// Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables, 2000, and A Simple Method for Generating
// Gamma Variables, 2000. Hoermann, The Transformed Rejection Method for Generating Poisson Random Variables, 1993.
// Hoermann and Derflinger, Rejection-Inversion to Generate Variates from Monotone Discrete Distributions, 1996. Loader,
// Fast and Accurate Computation of Binomial Probabilities, 2000. Abramowitz and Stegun, Handbook of Mathematical
// Functions, 1964.
package dist
