// Package figure draws figures in one style, by gonum/plot, as SVG and PNG.
//
//	f := &figure.Figure{
//		Title:   "Attempts until an answer",
//		Caption: "1000 rounds a point; bars: 95 % intervals",
//		X:       figure.Axis{Label: "probability that a message is lost"},
//		Y:       figure.Axis{Label: "attempts"},
//		Layers: []figure.Layer{
//			figure.Points{Name: "simulated", Data: measured},
//			figure.Curve{Name: "simulated", Form: "1/(1-p)²", Data: exact},
//		},
//	}
//	svg, err := f.SVG()
//
// # Layers
//
// Line (with a band), Points (with intervals), Curve (a closed form), Rule (a straight line), Steps, CDF (and its
// complement), Histogram, Bars, Box, Violin, Heat, Dots (many small points), Rug (marks at the top) and Lanes (who was
// up, down, leading). A figure has one panel or several; all panels share the legend.
//
// # Style
//
// Layers of one Name are one series, and look alike. The i-th series has the i-th colour of Okabe and Ito's palette and
// the i-th glyph, dashes and hatching, so that a figure reads without colour; there are eight. Legends stand above the
// panels and never on data. A figure is 14 cm wide, and its smallest type is so large that it is still 6 pt high when
// the figure is reduced to a column of 8.5 cm. The caption is to say n and what the intervals are.
//
// # Refused
//
// Nothing is left out in silence: layers without data, values that are not numbers, values at or below zero on a
// logarithmic axis, intervals that do not hold their value, categories that are not there and axes without a label are
// errors, all of them at once. Only an interval may reach below a logarithmic axis: it is drawn to the edge, without an end.
//
// The same figure has the same bytes, every time.
package figure
