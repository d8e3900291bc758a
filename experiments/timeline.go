package experiments

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/check"
)

// timeline is a figure of a run: how long each operation took, and below it what became of the servers in the meantime.
type timeline struct {
	Title, Caption string
	End            sim.Time
	History        check.History
	Group          func(o *check.Operation) int // which of Groups an operation belongs to; nil: all to the first
	Groups         []string                     // what the groups of operations are called in the legend
	Servers        []string
	Role           string // of those who reign; "" if nobody does
	Reigns         []reign
	Faults         fault.Plan
}

// files renders the figure as name.svg and name.png.
func (l *timeline) files(name string) ([]File, error) {
	top, err := l.operations()
	if err != nil {
		return nil, err
	}
	bottom := l.servers()
	rows := [][]*plot.Plot{{top}, {bottom}}
	height := figureHeight + vg.Length(len(l.Servers))*0.55*vg.Centimeter + 1.2*vg.Centimeter
	var files []File
	for _, format := range []string{"svg", "png"} {
		var c vg.CanvasWriterTo = vgsvg.New(figureWidth, height)
		if format == "png" {
			c = vgimg.PngCanvas{Canvas: vgimg.New(figureWidth, height)}
		}
		whole := draw.New(c)
		whole.SetColor(color.White)
		whole.Fill(whole.Rectangle.Path())
		whole = draw.Crop(whole, vg.Points(6), -vg.Points(8), 0, 0)
		split := height - figureHeight
		cells := plot.Align(rows, draw.Tiles{Rows: 2, Cols: 1}, whole)
		for i, box := range []vg.Rectangle{
			{Min: vg.Point{X: cells[0][0].Min.X, Y: split}, Max: vg.Point{X: cells[0][0].Max.X, Y: height}},
			{Min: vg.Point{X: cells[1][0].Min.X}, Max: vg.Point{X: cells[1][0].Max.X, Y: split}},
		} {
			rows[i][0].Draw(draw.Canvas{Canvas: whole.Canvas, Rectangle: box})
		}
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("experiments: figure %s.%s: %w", name, format, err)
		}
		files = append(files, File{name + "." + format, b.Bytes()})
	}
	return files, nil
}

// operations draws latency over time. Operations without an answer stand at the top.
func (l *timeline) operations() (*plot.Plot, error) {
	p := newFigure(l.Title, l.Caption, "", "latency (ms)")
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	ok := make([]plotter.XYs, len(l.Groups))
	var unknown plotter.XYs
	least, most := math.Inf(1), 0.0
	for i := range l.History {
		o := &l.History[i]
		at := seconds(o.Invoke)
		if o.Outcome != check.OK {
			unknown = append(unknown, plotter.XY{X: at})
			continue
		}
		ms := float64(o.Return.Sub(o.Invoke)) / float64(time.Millisecond)
		if ms <= 0 {
			ms = 0.001
		}
		g := 0
		if l.Group != nil {
			g = l.Group(o)
		}
		ok[g] = append(ok[g], plotter.XY{X: at, Y: ms})
		least, most = math.Min(least, ms), math.Max(most, ms)
	}
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most))+1)
	for i := range unknown {
		unknown[i].Y = 0.8 * p.Y.Max
	}
	p.Add(l.bands())
	for g, xy := range ok {
		if err := addDots(p, l.Groups[g], xy, seriesStyle(2*g)); err != nil {
			return nil, err
		}
	}
	if err := addDots(p, "no answer", unknown, series{color: vermillion, glyph: draw.CrossGlyph{}}); err != nil {
		return nil, err
	}
	p.X.Min, p.X.Max = 0, seconds(l.End)
	p.Legend.Left = false
	p.Legend.YOffs = -vg.Points(10)
	return p, nil
}

// addDots draws points without intervals.
func addDots(p *plot.Plot, legend string, xy plotter.XYs, style series) error {
	if len(xy) == 0 {
		return nil
	}
	dots, err := plotter.NewScatter(xy)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: style.color, Radius: vg.Points(1.4), Shape: style.glyph}
	p.Add(dots)
	p.Legend.Add(legend, dots)
	return nil
}

// servers draws a lane for each server: where it is up, and where it reigns.
func (l *timeline) servers() *plot.Plot {
	p := newFigure("", "", "time (s)", "")
	p.Title.Text = ""
	p.Legend.Left = false
	n := len(l.Servers)
	var ticks []plot.Tick
	var lanes bars
	for i, name := range l.Servers {
		y := float64(n - 1 - i)
		ticks = append(ticks, plot.Tick{Value: y, Label: name})
		at := sim.Time(0)
		for _, down := range l.outages(sim.NodeID(i)) {
			lanes = append(lanes, bar{seconds(at), seconds(down.from), y, vg.Points(1.5), black})
			at = down.to
		}
		lanes = append(lanes, bar{seconds(at), seconds(l.End), y, vg.Points(1.5), black})
	}
	for _, r := range l.Reigns {
		lanes = append(lanes, bar{seconds(r.from), seconds(r.to), float64(n-1) - float64(r.node), vg.Points(6), blue})
	}
	p.Add(l.bands(), lanes)
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Y.Min, p.Y.Max = -0.7, float64(n)-0.3
	p.X.Min, p.X.Max = 0, seconds(l.End)
	p.X.Label.Text = "time (s)    gap: down; shaded: partition"
	if l.Role != "" {
		p.X.Label.Text = fmt.Sprintf("time (s)    thick: %s; gap: down; shaded: partition", l.Role)
	}
	return p
}

// outages returns when a server is down.
func (l *timeline) outages(id sim.NodeID) []reign {
	var down []reign
	for _, e := range l.Faults {
		switch a := e.Action.(type) {
		case sim.Crash:
			if a.Node == id {
				down = append(down, reign{id, e.Time, l.End})
			}
		case sim.Recover:
			if n := len(down); a.Node == id && n > 0 && down[n-1].to == l.End {
				down[n-1].to = e.Time
			}
		}
	}
	return down
}

// bands returns when the network is divided, each partition with its name.
func (l *timeline) bands() bands {
	var all bands
	for _, e := range l.Faults {
		switch a := e.Action.(type) {
		case sim.Cut:
			all = append(all, band{seconds(e.Time), seconds(l.End), a.Name, false})
		case sim.Heal:
			for i := range all {
				if !all[i].over && (a.Name == "" || a.Name == all[i].label) {
					all[i].to, all[i].over = seconds(e.Time), true
				}
			}
		}
	}
	return all
}

func seconds(t sim.Time) float64 { return float64(t) / float64(time.Second) }

// band is a shaded span of time.
type band struct {
	from, to float64
	label    string
	over     bool
}

// bands draws shaded spans over the whole height, and their labels at the top.
type bands []band

// Plot implements plot.Plotter.
func (all bands) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for _, b := range all {
		from, to := max(x(b.from), c.Min.X), min(x(b.to), c.Max.X)
		c.SetColor(shade)
		c.Fill(vg.Rectangle{Min: vg.Point{X: from, Y: c.Min.Y}, Max: vg.Point{X: to, Y: c.Max.Y}}.Path())
	}
}

// bar is a horizontal stroke.
type bar struct {
	from, to, y float64
	width       vg.Length
	color       color.RGBA
}

// bars draws horizontal strokes.
type bars []bar

// Plot implements plot.Plotter.
func (all bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range all {
		c.StrokeLine2(draw.LineStyle{Color: b.color, Width: b.width}, x(b.from), y(b.y), x(b.to), y(b.y))
	}
}

// shade is the colour of a partition.
var shade = color.RGBA{0xf3, 0xe3, 0xc3, 0xff}
