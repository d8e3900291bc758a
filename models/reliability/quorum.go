package reliability

import "fmt"

// Grid works if its blocks, laid out row by row, hold a quorum of the grid protocol: one block that works in every row,
// and one row that works as a whole (Cheung, Ammar and Ahamad 1992). Reads need the first, writes both.
func Grid(rows, cols int, blocks ...*Diagram) *Diagram {
	n := &node{op: opGrid, rows: rows}
	if rows < 1 || cols < 1 || rows*cols != len(blocks) {
		n.err = fmt.Errorf("reliability: Grid: %d rows and %d columns for %d blocks, want their product to be that", rows, cols, len(blocks))
	}
	return compose(n, "Grid", blocks)
}

func gridWorks(n *node, up func(kid int) bool) bool {
	cols := len(n.kids) / n.rows
	full := false
	for r := range n.rows {
		count := 0
		for c := range cols {
			if up(r*cols + c) {
				count++
			}
		}
		if count == 0 {
			return false
		}
		full = full || count == cols
	}
	return full
}

// Hierarchy nests quorums (Kumar 1991): blocks in groups of the last level's Of, of which Need make a group work, those
// in groups of the level above, and so on. The number of blocks is the product of all Of.
func Hierarchy(levels []Level, blocks ...*Diagram) *Diagram {
	product, sound := 1, len(levels) > 0
	for _, l := range levels {
		product *= l.Of
		sound = sound && l.Need >= 1 && l.Need <= l.Of && product <= maxBlocks
		product = min(product, maxBlocks)
	}
	if !sound || product != len(blocks) {
		return compose(&node{op: opSeries, err: fmt.Errorf("reliability: Hierarchy: levels %v for %d blocks, want 1 <= Need <= Of on each, and the product of all Of to be that", levels, len(blocks))}, "Hierarchy", blocks)
	}
	for i := len(levels) - 1; i >= 0; i-- {
		l := levels[i]
		var above []*Diagram
		for from := 0; from < len(blocks); from += l.Of {
			above = append(above, KofN(l.Need, blocks[from:from+l.Of]...))
		}
		blocks = above
	}
	return blocks[0]
}

// Level is one level of a Hierarchy: Need of Of groups make a quorum.
type Level struct{ Need, Of int }
