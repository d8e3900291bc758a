package report

// Document is a report, top down.
type Document struct {
	Title    string
	Lead     string // the question, one or two sentences
	Sections []Section
}

// Section is a heading with what stands under it, in this order. What is empty is left out.
type Section struct {
	Heading string
	Text    []string // paragraphs of plain text
	Table   *Grid
	Figures []Figure
	Code    string // preformatted: a scenario, a command
}

// Grid is a table: the first row of cells names the columns.
type Grid struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
}

// Column is how a column is set.
type Column struct {
	Name    string
	Numeric bool // right-aligned, in figures of one width
}

// Cell is one entry. Its text says in words how a check fared; its mark adds a sign and, in the page, a colour.
type Cell struct {
	Text string
	Mark Mark
}

// Mark is how an entry is set off.
type Mark uint8

// Marks.
const (
	Plain Mark = iota
	Good       // agrees, passes
	Bad        // differs, fails
	Doubt      // undecided, unseen
)

// Figure is a picture with what it shows in words.
type Figure struct {
	Name    string // of its files, without extension
	Caption string
	Alt     string // what is to be seen, for those who do not see it
	SVG     []byte
}
