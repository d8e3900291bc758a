package primarybackup

import "fmt"

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

func (n Serving) String() string      { return fmt.Sprintf("serves in view %d", n.Number) }
func (n Stopped) String() string      { return fmt.Sprintf("stops serving in view %d", n.Number) }
func (n Acknowledged) String() string { return fmt.Sprintf("acknowledges %v", n.At) }
