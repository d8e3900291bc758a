package sim

import "time"

// Network decides the fate of each message. Route appends to dst one Copy per copy that the sender puts on the wire
// and returns it: one deliverable copy is the ordinary case, two are a duplicate, a copy with a Cause is lost, and none
// at all is a loss too.
//
// All randomness comes from r, whose stream belongs to this very message (seed, from, to, k): what happens to it
// depends on no other message's draws. A network with state (queues, bursts) also implements NetworkCloner; one with a
// Validate() error method is asked at New whether it is sound.
type Network interface {
	Route(dst []Copy, p *Packet, r *Rand) []Copy
}

// NetworkCloner is a Network with mutable state. The world clones it at New and at Fork, so that one Config can run
// many worlds.
type NetworkCloner interface{ CloneNetwork() Network }

// Packet is a message as the network sees it. The network keeps no pointer to it.
type Packet struct {
	Seed    uint64 // of the run: names streams that belong to a link, not to a message
	Now     Time
	From    NodeID
	To      NodeID
	K       uint64  // the message's number on its link (MessageName)
	Message Message // nil for unboxed Words
	Words   *Words  // nil for a Message
}

// Name returns the message's name.
func (p *Packet) Name() MessageName { return MessageName{p.From, p.To, p.K} }

// Size returns the message's size in bytes.
func (p *Packet) Size() int {
	if p.Words != nil {
		return 24
	}
	return SizeOf(p.Message)
}

// Copy is the fate of one copy of a message.
type Copy struct {
	Delay   time.Duration // until it arrives or dies, at least 0
	Cause   Cause         // Delivered, or why it is lost
	Altered Message       // what arrives instead of the message, if not nil: undetected corruption
}

// Cause says why a copy of a message was lost.
type Cause uint8

// The causes of loss. A picture writes them at the cross where the message died.
const (
	Delivered Cause = iota // not lost
	Loss                   // the network lost it
	Partition              // a cut separated sender and receiver when it was sent or when it arrived
	Dead                   // the receiver was down when it arrived
	Corrupt                // damaged, detected and thrown away
	Overflow               // a full queue dropped it
	Omission               // the sender or the receiver omitted it
	Edited                 // an edit of the run removed it (Config.Drop)
)

var causeNames = [...]string{"delivered", "loss", "partition", "dead", "corrupt", "overflow", "omission", "edited"}

func (c Cause) String() string {
	if int(c) < len(causeNames) {
		return causeNames[c]
	}
	return "cause?"
}

// ConstantDelay is the plainest network: every message arrives once, after the same time.
type ConstantDelay time.Duration

// Route delivers p after the constant delay.
func (d ConstantDelay) Route(dst []Copy, _ *Packet, _ *Rand) []Copy {
	return append(dst, Copy{Delay: time.Duration(d)})
}
