package gossip

import "fmt"

// The messages. Each is one byte, which an interface holds without an allocation.
type (
	// Rumour tells the rumour. Its value is the number of calls that brought it to its sender, at most maxHops.
	Rumour uint8
	// Ask asks for the rumour. Its value says nothing.
	Ask uint8
	// Knew answers a Rumour: its receiver knew it already. It is sent only where a stop rule wants it. Its value says nothing.
	Knew uint8
)

// maxHops is how many hops are counted: that many calls, or more.
const maxHops = 255

func (m Rumour) String() string { return fmt.Sprintf("rumour, hop %d", uint8(m)) }
func (Ask) String() string      { return "ask" }
func (Knew) String() string     { return "knew" }
