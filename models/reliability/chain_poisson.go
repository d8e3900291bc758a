package reliability

// poisson returns the probabilities of Poisson's law around its mean, from first on: all that are at least 1e-30 of the
// largest, and at least so many after it. As Fox and Glynn (1988) do, it starts at the largest, goes both ways by the
// ratio of neighbours, and divides by the sum: nothing overflows, and no term is lost to a small exp(-mean).
func poisson(mean float64, least int) (first int, weights []float64) {
	const smallest = 1e-30
	mode := int(mean)
	first = mode
	below := []float64{1}
	for w := 1.; first > 0 && w > smallest; first-- {
		w = float64(w * (float64(first) / mean))
		below = append(below, w)
	}
	weights = make([]float64, 0, 2*len(below))
	for i := len(below) - 1; i >= 0; i-- {
		weights = append(weights, below[i])
	}
	for w, k := 1., mode+1; w > smallest || k <= mode+least; k++ {
		w = float64(w * (mean / float64(k)))
		weights = append(weights, w)
	}
	total := 0.
	for _, w := range ascending(weights) {
		total += w
	}
	for i := range weights {
		weights[i] /= total
	}
	return first, weights
}

// tails returns, for each weight, the sum of all later ones.
func tails(weights []float64) []float64 {
	t, sum := make([]float64, len(weights)), 0.
	for i := len(weights) - 1; i >= 0; i-- {
		t[i] = sum
		sum += weights[i]
	}
	return t
}

// ascending returns a hill of numbers in ascending order, in which a sum loses least.
func ascending(hill []float64) []float64 {
	sorted := make([]float64, len(hill))
	i, j := 0, len(hill)-1
	for k := range sorted {
		if hill[i] <= hill[j] {
			sorted[k] = hill[i]
			i++
		} else {
			sorted[k] = hill[j]
			j--
		}
	}
	return sorted
}
