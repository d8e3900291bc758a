package figure

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// sample is n draws of a law, the same every time.
func sample(seed uint64, n int, draw func(*rand.Rand) float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	list := make([]float64, n)
	for i := range list {
		list[i] = draw(r)
	}
	return list
}

func exponential(mean float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean * r.ExpFloat64() }
}

func normal(mean, sd float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean + sd*r.NormFloat64() }
}

func around(x, y, half float64) Estimate { return Estimate{x, y, y - half, y + half} }

// gallery is a figure of every kind.
func gallery() []struct {
	name   string
	figure *Figure
} {
	return []struct {
		name   string
		figure *Figure
	}{
		{"points", attempts()}, {"lines", manyLines()}, {"logs", logarithms()}, {"bars", groupedBars()}, {"lying", lyingBars()}, {"cdf", distribution(false)},
		{"ccdf", distribution(true)}, {"heat", heatMap()}, {"box", boxes()}, {"violin", violins()}, {"histogram", histograms()}, {"timeline", timeline()},
		{"stairs", stairs()}, {"facets", facets()}, {"categories", slantedCategories()},
	}
}

func attempts() *Figure {
	var measured []Estimate
	var exact []XY
	for i := range 51 {
		loss := float64(i) / 100
		exact = append(exact, XY{loss, 1 / ((1 - loss) * (1 - loss))})
		if i%10 == 0 {
			measured = append(measured, around(loss, exact[i].Y*(1+0.01*math.Sin(float64(i))), 0.04*exact[i].Y))
		}
	}
	return &Figure{Title: "Attempts until an answer", Caption: "1000 rounds a point; bars: 95 % intervals",
		X: Axis{Label: "probability that a message is lost"}, Y: Axis{Label: "attempts"},
		Layers: []Layer{Points{"simulated", measured}, Curve{Name: "simulated", Form: "closed form 1/(1-p)²", Data: exact}}}
}

func manyLines() *Figure {
	f := &Figure{Title: "Commit latency against the number of regions, for every placement of the leader that there is, and with a title that is too long for one line",
		Caption: "Mean of 200 runs a point, all points on the same seeds; bands: 95 % intervals of the mean, by Student's t",
		X:       Axis{Label: "regions"}, Y: Axis{Label: "commit latency (ms)"}}
	for s := range 7 {
		var data []Estimate
		for x := 3; x <= 11; x += 2 {
			y := 40 + 12*float64(s) + 9*float64(x)*(1-0.12*float64(s))
			data = append(data, around(float64(x), y, 3+float64(s)))
		}
		f.Layers = append(f.Layers, Line{fmt.Sprintf("leader in region %d", s+1), data})
	}
	return f
}

func logarithms() *Figure {
	var few, many []Estimate
	var line []XY
	for _, n := range []float64{100, 1000, 10_000, 100_000, 1_000_000} {
		few = append(few, Estimate{n, 3 / n, 1 / n, 5 / n})
		many = append(many, Estimate{n, 0.3 / math.Sqrt(n), 0, 0.5 / math.Sqrt(n)})
		line = append(line, XY{n, 0.3 / math.Sqrt(n)})
	}
	return &Figure{Title: "Share of events that lose a chunk", Caption: "10 000 events a point; bars: 95 % intervals (Wilson), those without a lower end reach zero",
		X: Axis{Label: "chunks", Log: true}, Y: Axis{Label: "share of events", Log: true},
		Layers: []Layer{Points{"copysets", few}, Points{"anywhere", many}, Curve{Name: "anywhere", Form: "closed form", Data: line}, Rule{Form: "one in a million", At: 1e-6}, Rule{Form: "today", At: 3e4, Vertical: true}}}
}

func groupedBars() *Figure {
	f := &Figure{Title: "Requests that the servers see", Caption: "mean of 100 runs; bars: 95 % intervals", X: Axis{Label: "clients", Categories: []string{"20", "50", "100"}}, Y: Axis{Label: "requests"}}
	for i, policy := range []string{"none", "exponential", "equal jitter", "full jitter", "decorrelated jitter"} {
		var data []Estimate
		for c := range 3 {
			y := float64((c + 1) * (c + 1) * (600 - 90*i))
			data = append(data, around(float64(c), y, y/12))
		}
		f.Layers = append(f.Layers, Bars{policy, data})
	}
	return f
}

func lyingBars() *Figure {
	names := []string{"power supply", "core router of the first zone", "disk", "rack switch"}
	return &Figure{Title: "How much each part matters", Caption: "4 of 9 parts", X: Axis{Label: "share of the unavailability"}, Y: Axis{Categories: names},
		Layers: []Layer{Bars{"Fussell-Vesely", []Estimate{{0, 0.6, 0.6, 0.6}, {1, 0.3, 0.25, 0.36}, {2, 0.08, 0.08, 0.08}, {3, 0.01, 0.01, 0.01}}},
			Bars{"criticality", []Estimate{{0, 0.5, 0.5, 0.5}, {1, 0.28, 0.28, 0.28}, {2, 0.02, 0.02, 0.02}, {3, 0, 0, 0}}}}}
}

func distribution(complement bool) *Figure {
	f := &Figure{Title: "Latency of writes", Caption: "2000 and 300 operations; bands: 95 % (Dvoretzky, Kiefer and Wolfowitz)",
		X: Axis{Label: "latency (ms)", Log: true}, Y: Axis{Label: "share that take at most this long"}}
	if complement {
		f.Y = Axis{Label: "share that take longer", Log: true}
	}
	f.Layers = []Layer{CDF{"one region", sample(1, 2000, exponential(8)), complement, true}, CDF{"five regions", sample(2, 300, exponential(90)), complement, true}}
	return f
}

func heatMap() *Figure {
	f := &Figure{Title: "Share of runs without a leader after five seconds", Caption: "500 runs a field; 95 % intervals are narrower than ±0.05",
		X: Axis{Label: "message loss", Categories: []string{"0", "0.1", "0.2", "0.3", "0.4"}}, Y: Axis{Label: "range of the timeouts (ms)", Categories: []string{"10", "50", "150", "300"}}}
	var cells []Cell
	for y := range 4 {
		for x := range 5 {
			cells = append(cells, Cell{X: x, Y: y, Value: math.Round(1000*math.Pow(float64(x+1)/5, float64(y+1))) / 1000})
		}
	}
	f.Layers = []Layer{Heat{Name: "share of runs", Cells: cells}}
	return f
}

func boxes() *Figure {
	f := &Figure{Title: "Time of the first election", Caption: "200 elections each; box: quartiles, whiskers: 1.5 times the box",
		X: Axis{Label: "timeouts", Categories: []string{"150-155 ms", "150-200 ms", "150-300 ms"}}, Y: Axis{Label: "time (ms)"}}
	for s, name := range []string{"all up", "one down", "two down"} {
		var data []Sample
		for c := range 3 {
			data = append(data, Sample{float64(c), sample(uint64(10*s+c), 200, exponential(float64(60*(3-c)+40*s)))})
		}
		f.Layers = append(f.Layers, Box{name, data})
	}
	return f
}

func violins() *Figure {
	f := boxes()
	f.Title, f.Caption = "Time of the first election", "200 elections each; stroke: median, bar: quartiles"
	for i, l := range f.Layers {
		f.Layers[i] = Violin(l.(Box))
	}
	return f
}

func histograms() *Figure {
	return &Figure{Title: "Rounds until everybody knows", Caption: "1000 runs each", X: Axis{Label: "rounds"}, Y: Axis{Label: "share of runs"},
		Layers: []Layer{Histogram{"push", sample(5, 1000, normal(20, 2)), 24}, Histogram{"push-pull", sample(6, 1000, normal(14, 1.5)), 24}}}
}

func timeline() *Figure {
	cuts := []Band{{4, 8, ""}}
	var fast, slow []XY
	for i := range 240 {
		t := float64(i) / 16
		if t < 4 || t > 5 {
			fast = append(fast, XY{t, 20 + 10*math.Abs(math.Sin(float64(i)))})
		}
		if t < 4 || t > 8 {
			slow = append(slow, XY{t, 90 + 40*math.Abs(math.Cos(float64(i)))})
		}
	}
	var none []float64
	for i := range 12 {
		none = append(none, 4+float64(i)/3)
	}
	spans := []Span{{0, 0, 15, Up}, {1, 0, 15, Up}, {2, 0, 15, Up}, {3, 0, 15, Up}, {0, 0.2, 4.9, Leading}, {1, 5, 15, Leading}, {2, 9, 10, Down}, {2, 12, 12.01, Down}, {3, 2, 4, Paused}}
	service := []Span{{0, 0, 4, Serving}, {0, 4, 5, Outage}, {0, 5, 15, Serving}}
	named := []Band{{4, 8, "partition of asia"}}
	return &Figure{Title: "Operations on a Raft in five regions", Caption: "seed 1; each point is an operation, at the time at which it was asked for", Panels: []Panel{
		{X: Axis{Min: 0, Max: 15}, Y: Axis{Label: "latency (ms)", Log: true}, Layers: []Layer{Bands{"partition", cuts}, Dots{"clients in europe", fast}, Dots{"clients in asia", slow}, Rug{"no answer", none}}},
		{X: Axis{Label: "time (s)", Min: 0, Max: 15}, Y: Axis{Categories: []string{"n0 eu-west-1", "n1 us-east-1", "n2", "n3"}}, Layers: []Layer{Bands{"partition", named}, Lanes{Spans: spans}}},
		{X: Axis{Label: "time (s)", Min: 0, Max: 15}, Y: Axis{Categories: []string{"service"}}, Layers: []Layer{Lanes{Spans: service}, Notes{[]Note{{4, "n0 cut off from n1 (1 s)"}, {4.4, "and another that overlaps it"}, {14, "late, so that it moves left"}}}}},
	}}
}

func stairs() *Figure {
	return &Figure{Title: "Mistakes so far", Caption: "one run", X: Axis{Label: "time (s)"}, Y: Axis{Label: "mistakes"}, Layers: []Layer{
		Steps{"growing timeout", []XY{{0, 0}, {2, 1}, {3, 2}, {9, 3}, {30, 3}}}, Steps{"plain timeout", []XY{{0, 0}, {1, 1}, {4, 2}, {7, 3}, {12, 4}, {15, 5}, {22, 6}, {30, 6}}}}}
}

func facets() *Figure {
	f := &Figure{Title: "Rounds against nodes, by the share of messages lost", Caption: "100 runs a point; bands: 95 % intervals", Columns: 2, Shared: true}
	for i, loss := range []string{"0", "0.1", "0.2"} {
		var push, pull []Estimate
		for _, n := range []float64{100, 1000, 10_000, 100_000} {
			push = append(push, around(n, math.Log2(n)*(1+0.3*float64(i)), 0.6))
			pull = append(pull, around(n, math.Log2(n)*0.6*(1+0.3*float64(i)), 0.6))
		}
		f.Panels = append(f.Panels, Panel{Title: "network.loss = " + loss, X: Axis{Label: "nodes", Log: true}, Y: Axis{Label: "rounds"}, Layers: []Layer{Line{"push", push}, Line{"push-pull", pull}}})
	}
	return f
}

func slantedCategories() *Figure {
	names := []string{"2 replicas", "3 replicas", "3 replicas, serial rebuild", "RAID 5", "RAID 6", "RAID 6, serial rebuild", "Reed-Solomon 6+3", "geo-replicated-everywhere"}
	var data []Estimate
	var exact []XY
	for i := range names {
		y := math.Pow(10, -float64(i)/3)
		data = append(data, Estimate{float64(i), y, y / 1.6, y * 1.6})
		exact = append(exact, XY{float64(i), y * 1.1})
	}
	return &Figure{Title: "Data lost within a year", Caption: "4000 copies a scheme; bars: ±4 standard errors", X: Axis{Categories: names}, Y: Axis{Label: "share of data lost", Log: true},
		Layers: []Layer{Points{"simulated", data}, Curve{Form: "Markov chain", Data: exact}}}
}
