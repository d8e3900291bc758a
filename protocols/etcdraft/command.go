package etcdraft

import (
	"encoding/binary"
	"fmt"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// encode writes a command as the bytes that a raft entry holds.
func encode(c kv.Command) []byte {
	b := make([]byte, 0, 48+len(c.Op.Key)+len(c.Op.Value)+len(c.Op.Expect))
	register := uint64(0)
	if c.Register {
		register = 1
	}
	for _, n := range [...]uint64{register, c.Token.Session, c.Token.Serial, uint64(c.Op.Kind), uint64(c.Time), uint64(c.Client), c.Request} {
		b = binary.AppendUvarint(b, n)
	}
	for _, s := range [...]string{c.Op.Key, c.Op.Value, c.Op.Expect} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// decode reads what encode wrote.
func decode(b []byte) kv.Command {
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			panic(fmt.Sprintf("etcdraft: an entry ends in the middle of a command, before %x", b))
		}
		b = b[size:]
		return n
	}
	text := func() string {
		n := number()
		s := string(b[:n])
		b = b[n:]
		return s
	}
	var c kv.Command
	c.Register = number() == 1
	c.Token.Session, c.Token.Serial = number(), number()
	c.Op.Kind = kv.Kind(number())
	c.Time, c.Client, c.Request = sim.Local(number()), sim.NodeID(number()), number()
	c.Op.Key, c.Op.Value, c.Op.Expect = text(), text(), text()
	return c
}
