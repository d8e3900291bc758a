package trace

import "lightcone/sim"

// field is a key of an event's line in a file.
type field uint8

const (
	fID field = iota
	fTime
	fKind
	fNode
	fLocal
	fWall
	fFrom
	fTo
	fK
	fCopy
	fCause
	fAt
	fLink
	fType
	fValue
	fJSON
	fText
	fRole
	fCut
	fStep
	fFate
	fieldCount
)

var fieldNames = [fieldCount]string{"id", "t", "kind", "node", "local", "wall", "from", "to", "k", "copy", "cause", "at", "link",
	"type", "value", "json", "text", "role", "cut", "step", "fate"}

// fieldOf returns the field of a key, fieldCount for none.
func fieldOf(key []byte) field {
	for f, name := range fieldNames {
		if name == string(key) {
			return field(f)
		}
	}
	return fieldCount
}

// parseFate returns the fate of that name.
func parseFate(name string) (sim.WriteFate, bool) {
	for f := sim.WriteGone; f <= sim.WriteTorn; f++ {
		if f.String() == name {
			return f, true
		}
	}
	return 0, false
}
