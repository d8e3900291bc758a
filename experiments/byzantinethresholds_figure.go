package experiments

import (
	"fmt"
	"math"
	"strconv"

	"lightcone/experiments/figure"
)

// liarFigure draws the cells as a grid: generals across, liars up. Words say how each fared, and a line where theory
// has its border.
func liarFigure(name string, cells []liarCell) ([]File, error) {
	title, caption := "Oral messages, OM(liars): agreement needs more than three generals for each liar",
		"fields: outcome; behaviours that break IC1 or IC2 (*: of those drawn); messages of a run; dark: broken; –: fewer than two are loyal"
	if cells[0].signed {
		title, caption = "Signed messages, SM(liars): agreement with any number of liars",
			"fields: outcome; behaviours that break IC1 or IC2 (*: of those drawn); messages of a run if all are loyal; –: fewer than two are loyal"
	}
	layers := []figure.Layer{liarFields(cells)}
	if !cells[0].signed {
		layers = append(layers, figure.Curve{Form: "n = 3 liars", Data: theoremOne(), Bold: true})
	}
	return figureFiles(&figure.Figure{Title: title, Caption: caption, Layers: layers,
		X: figure.Axis{Label: "generals, the commander included (n)", Categories: whole(leastGenerals, mostGenerals)},
		Y: figure.Axis{Label: "liars", Categories: whole(0, mostLiars)},
	}, name)
}

func whole(from, to int) (names []string) {
	for i := from; i <= to; i++ {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

// theoremOne is the border of n > 3 liars, as steps between the fields.
func theoremOne() []figure.XY {
	xy := []figure.XY{{X: -0.5, Y: 0.5}}
	for liars := 1; liars <= mostLiars; liars++ {
		x := float64(3*liars-leastGenerals) + 0.5
		xy = append(xy, figure.XY{X: x, Y: float64(liars) - 0.5}, figure.XY{X: x, Y: float64(liars) + 0.5})
	}
	return xy
}

// liarFields are the cells as fields: dark where agreement breaks.
func liarFields(cells []liarCell) figure.Heat {
	heat := figure.Heat{Max: 1}
	for i := range cells {
		c := &cells[i]
		value, text := c.words()
		heat.Cells = append(heat.Cells, figure.Cell{X: c.n - leastGenerals, Y: c.liars, Value: value, Text: text})
	}
	return heat
}

// words says how a cell fared: 1 if agreement breaks, 0 if not, and nothing where IC1 and IC2 say nothing.
func (c *liarCell) words() (value float64, text []string) {
	drawn := "*"
	if c.all {
		drawn = ""
	}
	switch {
	case c.vacuous():
		return math.NaN(), []string{"–"}
	case c.liars == 0:
		return 0, []string{"agreed", "no lies", strconv.Itoa(c.messages)}
	case c.breakable():
		return 1, []string{"BROKEN", strconv.FormatFloat(100*float64(c.broken)/float64(c.cases), 'g', 2, 64) + " %" + drawn, strconv.Itoa(c.messages)}
	}
	return 0, []string{"agreed", fmt.Sprintf("0/%d%s", c.cases, drawn), strconv.Itoa(c.messages)}
}
