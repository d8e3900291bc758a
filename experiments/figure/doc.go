// Package figure draws figures in one style, by gonum/plot, as SVG and PNG: lines with bands, distributions, heat maps,
// boxes, histograms, bars, timelines. They are legible at a column's width, told apart without colour, have units on their
// axes, and say n and what the intervals are. The same data, the same bytes.
package figure
