package reliability

import "fmt"

// BatchMeans returns the mean of a stationary series whose numbers depend on their neighbours, such as successive
// requests to one service: the series is cut into batches, whose means are nearly independent if a batch is far longer
// than the memory of the series, and Student's interval is that of their means (Law, Simulation Modeling and Analysis,
// 5th ed. 2015, section 9.5.3). Ten to thirty batches serve (Schmeiser, Operations Research 30(3), 1982): with more, a
// batch is shorter and the interval too narrow. Lag1 of BatchesOf tells: it should be within ±2/sqrt(batches).
func BatchMeans(xs []float64, batches int, level float64) Estimate {
	e := Student(BatchesOf(xs, batches), level)
	e.Method = "batch means"
	return e
}

// BatchesOf returns the means of so many batches of successive numbers, of equal length but for one.
func BatchesOf(xs []float64, batches int) []float64 {
	if batches < 2 || batches > len(xs) {
		panic(fmt.Sprintf("reliability: BatchMeans: batches is %d, want 2 to the length of the series, %d", batches, len(xs)))
	}
	means := make([]float64, batches)
	for i := range means {
		batch := xs[i*len(xs)/batches : (i+1)*len(xs)/batches]
		for _, x := range batch {
			means[i] += x
		}
		means[i] /= float64(len(batch))
	}
	return means
}

// Lag1 returns the correlation of successive numbers of a series: 0 for independent ones, NaN for a constant series.
func Lag1(xs []float64) float64 {
	var t Tally
	for _, x := range xs {
		t.Add(x)
	}
	product := 0.0
	for i := 1; i < len(xs); i++ {
		product += float64((xs[i-1] - t.mean) * (xs[i] - t.mean))
	}
	return product / t.squares
}
