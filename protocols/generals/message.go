package generals

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Order is what a commander orders. The zero Order, retreat, is what counts if none has come.
type Order uint8

const (
	Retreat Order = iota
	Attack
)

func (o Order) String() string {
	switch o {
	case Retreat:
		return "retreat"
	case Attack:
		return "attack"
	}
	return fmt.Sprintf("order(%d)", uint8(o))
}

// ParseOrder returns the order of that name.
func ParseOrder(name string) (Order, bool) {
	for _, o := range []Order{Retreat, Attack} {
		if o.String() == name {
			return o, true
		}
	}
	return 0, false
}

// other is the falsehood about an order.
func (o Order) other() Order { return 1 - o&1 }

// Message is what generals send each other.
type Message interface{ generals() }

// Oral is an order that came by way of the generals of Path, the commander first and the sender last: "n2 says that n0
// said attack" has the path n0 n2. Nobody but its sender vouches for it.
type Oral struct {
	Path  []sim.NodeID
	Order Order
}

// Signed is an order with the signatures of the generals it came by, the commander's first and the sender's last. The
// zero Signed is signed by nobody. One that is signed comes from Key.Sign.
type Signed struct {
	order  Order
	chain  []sim.NodeID
	forged bool // somebody changed it who had not the keys
}

// Key is what one general signs with. Who gives a liar the key of a loyal general has given up assumption A4.
type Key struct{ signer sim.NodeID }

// KeyOf returns the key of a general.
func KeyOf(general sim.NodeID) Key { return Key{general} }

// Order returns a commander's order, signed.
func (k Key) Order(o Order) Signed { return Signed{order: o, chain: []sim.NodeID{k.signer}} }

// Sign returns the message with one more signature.
func (k Key) Sign(m Signed) Signed {
	m.chain = append(slices.Clone(m.chain), k.signer)
	return m
}

// Forge returns what becomes of a message when somebody without the keys writes another order into it: whoever receives
// it sees that the signatures do not fit.
func (m Signed) Forge(o Order) Signed {
	m.forged = m.forged || o != m.order
	m.order = o
	return m
}

// Said returns the order and who signed it. Look, do not touch.
func (m Signed) Said() (Order, []sim.NodeID) { return m.order, m.chain }

func (Oral) generals()   {}
func (Signed) generals() {}

// Falsify returns the other order.
func (m Oral) Falsify(sim.NodeID, *sim.Rand) sim.Message { return Oral{m.Path, m.Order.other()} }

// Falsify returns the other order: signed, if the sender is the commander, who alone has signed it; otherwise forged.
func (m Signed) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	if len(m.chain) == 1 && !m.forged {
		return KeyOf(m.chain[0]).Order(m.order.other())
	}
	return m.Forge(m.order.other())
}

const (
	headerSize = 32
	idSize     = 4
	signSize   = 64
)

// Size is the size of the message on the wire, in bytes.
func (m Oral) Size() int { return headerSize + 1 + idSize*len(m.Path) }

// Size is the size of the message on the wire, in bytes, with signatures of 64 each.
func (m Signed) Size() int { return headerSize + 1 + (idSize+signSize)*len(m.chain) }

// String tells who said what: "n2: n0: attack".
func (m Oral) String() string {
	var b strings.Builder
	for i := len(m.Path) - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "%v: ", m.Path[i])
	}
	return b.String() + m.Order.String()
}

// String is in the paper's notation: "attack:n0:n2" is signed by n0, then by n2.
func (m Signed) String() string {
	var b strings.Builder
	b.WriteString(m.order.String())
	for _, id := range m.chain {
		fmt.Fprintf(&b, ":%v", id)
	}
	if m.forged {
		b.WriteString(" (forged)")
	}
	return b.String()
}
