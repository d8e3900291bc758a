package quorum

// journal is what happened in the last handler that had something to tell: properties read it, nobody else.
type journal struct {
	recent   []happening
	happens  uint64 // how many happenings there were since the start of the process
	finished bool   // the handler that wrote recent is over
}

// happening is one thing that a property wants to know of.
type happening struct {
	what     what
	page     int       // pageChanged, pageDurable
	entries  []Entry   // pageDurable: what is on disk now
	call     uint64    // queryBegan, queryDone, writeBegan, acknowledged
	key      string    // these, and returned and acknowledged
	versions []Version // queryDone, returned: what was found; acknowledged: what was written
}

type what uint8

const (
	pageChanged  what = iota
	pageDurable       // a write of it has ended
	queryBegan        // a coordinator began to ask replicas what they have of a key
	queryDone         // and a read quorum of them has answered
	returned          // a read returns to its client
	acknowledged      // a write is acknowledged to its client
	repaired          // a replica that was behind was brought up to date by a read
	handedOff         // a hint reached the server that it was for
	mended            // anti-entropy brought a replica what it missed
	siblings          // a read found concurrent versions
	writeBegan        // a coordinator began to write a key
)

// begin begins a handler.
func (j *journal) begin() { j.finished = true }

func (j *journal) happened(h happening) {
	if j.finished {
		j.recent, j.finished = j.recent[:0], false
	}
	j.recent = append(j.recent, h)
	j.happens++
}

// since returns what happened after the first n happenings, as far as the journal goes back.
func (j *journal) since(n uint64) []happening {
	fresh := min(j.happens-n, uint64(len(j.recent)))
	return j.recent[uint64(len(j.recent))-fresh:]
}
