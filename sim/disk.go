package sim

import "time"

// Disk models each node's durable storage: a map from keys to values whose writes take time. Writes of one node
// complete in the order in which they were issued. The stream r belongs to this write (seed, node, number of the
// write).
type Disk interface {
	// Latency is how long this write takes until it is durable, at least 0.
	Latency(now Time, node NodeID, key string, value any, r *Rand) time.Duration
	// Fate is what a crash makes of a write in flight.
	Fate(node NodeID, key string, value any, r *Rand) WriteFate
}

// DiskCloner is a Disk with mutable state. The world clones it at New and at Fork.
type DiskCloner interface{ CloneDisk() Disk }

// WriteFate is what a crash makes of a write that is not yet durable.
type WriteFate uint8

// The fates of a write in flight.
const (
	WriteGone WriteFate = iota // as if never issued
	WriteKept                  // durable after all, though nobody was told
	WriteTorn                  // half done: Recall returns a Torn
)

func (f WriteFate) String() string {
	switch f {
	case WriteGone:
		return "lost"
	case WriteKept:
		return "kept"
	case WriteTorn:
		return "torn"
	}
	return "fate?"
}

// Torn is what Recall returns where a crash tore a write: the old value is gone and the new one is not there. A
// process recognises it as it would recognise a bad checksum. Have is the part that reached the disk: a prefix for
// strings and byte slices, else nil.
type Torn struct{ Have any }

// LatentDisk is a Disk with uniform latency in [Min, Max] and independent fates at a crash: a write in flight is torn
// with probability Torn, else kept with probability Kept, else lost. The zero LatentDisk writes in no time.
type LatentDisk struct {
	Min, Max   time.Duration
	Kept, Torn float64
}

// Latency draws the latency of a write.
func (d LatentDisk) Latency(_ Time, _ NodeID, _ string, _ any, r *Rand) time.Duration {
	if d.Max <= d.Min {
		return d.Min
	}
	return r.Duration(d.Min, d.Max)
}

// Fate draws the fate of a write in flight.
func (d LatentDisk) Fate(_ NodeID, _ string, _ any, r *Rand) WriteFate {
	switch {
	case r.Bool(d.Torn):
		return WriteTorn
	case r.Bool(d.Kept):
		return WriteKept
	}
	return WriteGone
}
