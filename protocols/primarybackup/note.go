package primarybackup

// What primaries note, for observers.
type (
	// Serving says that it accepts writes from now on. Log is the history of its log.
	Serving struct {
		Number Number
		Log    []Span
	}
	// Stopped says that it does not any more.
	Stopped struct{ Number Number }
	// Acknowledged says that the write at a place of the log is being acknowledged to its client.
	Acknowledged struct{ At Position }
)
