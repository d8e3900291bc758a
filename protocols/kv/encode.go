package kv

import (
	"encoding/binary"
	"errors"
	"time"

	"lightcone/sim"
)

// Encode writes the whole state, sessions included, as a string: equal states have equal ones. A string can be persisted,
// and sent in parts.
func (s *Store) Encode() string {
	e := encoder{make([]byte, 0, 64+s.Size())}
	e.number(uint64(s.expiry))
	e.number(uint64(s.now))
	e.number(s.applied)
	e.flag(s.forgot)
	e.number(uint64(len(s.data)))
	for _, p := range s.Dump() {
		e.text(p.Key)
		e.text(p.Value)
	}
	e.number(uint64(len(s.sessions)))
	for i := range s.sessions {
		k := &s.sessions[i]
		e.number(k.number)
		e.number(uint64(k.client))
		e.number(k.request)
		e.number(k.serial)
		e.text(k.result.Value)
		e.flag(k.result.Found)
		e.flag(k.result.Swapped)
		e.number(uint64(k.used))
	}
	return string(e.bytes)
}

// Decode reads a state that Encode wrote.
func Decode(encoded string) (*Store, error) {
	d := decoder{rest: encoded}
	s := NewStore(time.Duration(d.number()))
	now := sim.Local(d.number())
	s.applied = d.number()
	s.forgot = d.flag()
	for n := d.number(); n > 0 && !d.failed; n-- {
		key, value := d.text(), d.text()
		s.set(key, cell{}, value)
	}
	for n := d.number(); n > 0 && !d.failed; n-- {
		k := session{number: d.number(), client: sim.NodeID(d.number()), request: d.number()}
		serial, result := d.number(), Result{Value: d.text(), Found: d.flag(), Swapped: d.flag()}
		s.now = sim.Local(d.number())
		s.use(&k, serial, result)
		s.sessions = append(s.sessions, k)
	}
	s.now = now
	if d.failed || d.rest != "" {
		return nil, errors.New("kv: Decode of what Encode did not write")
	}
	return s, nil
}

type encoder struct{ bytes []byte }

func (e *encoder) number(x uint64) { e.bytes = binary.AppendUvarint(e.bytes, x) }

func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.bytes = append(e.bytes, s...)
}

func (e *encoder) flag(b bool) {
	if b {
		e.number(1)
	} else {
		e.number(0)
	}
}

type decoder struct {
	rest   string
	failed bool
}

func (d *decoder) number() uint64 {
	x, shift := uint64(0), uint(0)
	for i := range len(d.rest) {
		b := d.rest[i]
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return x
		}
		shift += 7
	}
	d.failed = true
	return 0
}

func (d *decoder) text() string {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.failed = true
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) flag() bool { return d.number() == 1 }
