package figure

// Figure is what is drawn: layers upon two axes.
type Figure struct {
	Title   string
	Caption string // says n and what the intervals are
	X, Y    Axis
	Layers  []Layer
}

// Axis is one axis.
type Axis struct {
	Label      string   // with its unit: latency (ms)
	Log        bool     // logarithmic
	Min, Max   float64  // both 0: as the data want
	Categories []string // names at 0, 1, 2, ... in the place of numbers
}

// Layer is something that is drawn. The i-th layer that wants a style of its own has the i-th of the house.
type Layer interface{ layer() }

// Estimate is a measured point with its interval.
type Estimate struct{ X, Y, Low, High float64 }

// SVG returns the figure as SVG.
func (f *Figure) SVG() ([]byte, error) { panic("figure: not yet") }

// PNG returns the figure as PNG.
func (f *Figure) PNG() ([]byte, error) { panic("figure: not yet") }

// Alt says in words what is to be seen: axes, series, and where they begin, end and turn.
func (f *Figure) Alt() string { panic("figure: not yet") }
