package kv

// hash is a running hash: the same on every platform, good enough to tell states and commands apart, not against an
// adversary.
type hash uint64

// What is hashed; no two kinds of things have the same hash.
const (
	forCell hash = 1 + iota
	forSession
	forStore
	forCommand
)

const golden = 0x9e3779b97f4a7c15

func (h hash) word(x uint64) hash {
	x = uint64(h)*golden + x
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // the middle of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014)
	return hash(x ^ x>>27)
}

func (h hash) text(s string) hash {
	h = h.word(uint64(len(s)))
	for len(s) >= 8 {
		h = h.word(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56)
		s = s[8:]
	}
	var last uint64
	for i := range len(s) {
		last = last<<8 | uint64(s[i])
	}
	return h.word(last)
}

func (h hash) flag(b bool) hash {
	if b {
		return h.word(1)
	}
	return h.word(0)
}

func (h hash) result(r Result) hash { return h.text(r.Value).flag(r.Found).flag(r.Swapped) }

func (h hash) end() uint64 { return uint64(h.word(golden)) }

// Hash returns a hash of the whole command, for consensus.Entry: commands that differ have different ones.
func (c Command) Hash() uint64 {
	h := hash(forCommand).word(c.Token.Session).word(c.Token.Serial).word(uint64(c.Op.Kind)).text(c.Op.Key).text(c.Op.Value).text(c.Op.Expect)
	return h.flag(c.Register).word(uint64(c.Time)).word(uint64(c.Client)).word(c.Request).end()
}
