package trace

import (
	"strconv"
	"unicode/utf8"

	"lightcone/sim"
)

const hexDigits = "0123456789abcdef"

// appendString appends a JSON string. Bytes that are no UTF-8 become the replacement character.
func appendString[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			var rune4 [utf8.UTFMax]byte
			n := copy(rune4[:], s[i:])
			r, size := utf8.DecodeRune(rune4[:n])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		switch {
		case c >= utf8.RuneSelf:
			dst = append(dst, "\uFFFD"...)
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// appendKey appends the key of a member that is not the first.
func appendKey(dst []byte, name string) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

func appendIntField(dst []byte, f field, v int64) []byte {
	return strconv.AppendInt(appendKey(dst, fieldNames[f]), v, 10)
}

func appendTextField(dst []byte, f field, s string) []byte {
	if s == "" {
		return dst
	}
	return appendString(appendKey(dst, fieldNames[f]), s)
}

// appendEvent appends the line of an event, whose value has the given text. What is left out has the value that it most
// often has: no node and no peer, a clock that shows true time, a wall clock that shows what the monotonic one does, At
// at Time, 0 and "".
func appendEvent[T string | []byte](dst []byte, e *Event, text T) []byte {
	dst = append(dst, `{"id":`...)
	dst = strconv.AppendUint(dst, e.ID, 10)
	dst = appendIntField(dst, fTime, int64(e.Time))
	dst = append(appendKey(dst, "kind"), '"')
	dst = append(dst, e.Kind.String()...)
	dst = append(dst, '"')
	if e.Node != sim.Nobody {
		dst = appendIntField(dst, fNode, int64(e.Node))
	}
	if e.Local != usualLocal(e) {
		dst = appendIntField(dst, fLocal, int64(e.Local))
	}
	if e.Wall != e.Local {
		dst = appendIntField(dst, fWall, int64(e.Wall))
	}
	dst = appendRoute(dst, e)
	if e.At != e.Time {
		dst = appendIntField(dst, fAt, int64(e.At))
	}
	if e.Link != 0 {
		dst = strconv.AppendUint(appendKey(dst, "link"), e.Link, 10)
	}
	dst = appendTextField(dst, fType, e.Value.Type)
	if len(text) > 0 {
		dst = appendString(appendKey(dst, "value"), text)
	}
	if e.Value.JSON != "" {
		dst = append(appendKey(dst, "json"), e.Value.JSON...)
	}
	dst = appendTextField(dst, fText, e.Text)
	dst = appendTextField(dst, fRole, e.Role)
	if e.Cut != nil {
		dst = appendCut(appendKey(dst, "cut"), e.Cut)
	}
	if e.Step != 0 {
		dst = appendIntField(dst, fStep, int64(e.Step))
	}
	if e.Fate != 0 {
		dst = appendString(appendKey(dst, "fate"), e.Fate.String())
	}
	return append(dst, '}', '\n')
}

// usualLocal is what the monotonic clock shows where nothing else is said.
func usualLocal(e *Event) sim.Local {
	if e.Node == sim.Nobody {
		return 0
	}
	return sim.Local(e.Time)
}

// appendRoute appends what says which message, and which copy of it, an event is about.
func appendRoute(dst []byte, e *Event) []byte {
	if e.From != sim.Nobody {
		dst = appendIntField(dst, fFrom, int64(e.From))
	}
	if e.To != sim.Nobody {
		dst = appendIntField(dst, fTo, int64(e.To))
	}
	if e.K != 0 {
		dst = strconv.AppendUint(appendKey(dst, "k"), e.K, 10)
	}
	if e.Copy != 0 {
		dst = appendIntField(dst, fCopy, int64(e.Copy))
	}
	if e.Cause != sim.Delivered {
		dst = appendString(appendKey(dst, "cause"), e.Cause.String())
	}
	return dst
}

func appendCut(dst []byte, c *sim.Cut) []byte {
	dst = appendString(append(dst, `{"name":`...), c.Name)
	dst = appendNodes(appendKey(dst, "from"), c.From)
	dst = appendNodes(appendKey(dst, "to"), c.To)
	if c.OneWay {
		dst = append(dst, `,"oneWay":true`...)
	}
	return append(dst, '}')
}

func appendNodes(dst []byte, ids []sim.NodeID) []byte {
	dst = append(dst, '[')
	for i, id := range ids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(id), 10)
	}
	return append(dst, ']')
}

// appendHeader appends the first line of a file.
func appendHeader(dst []byte, h *Header) []byte {
	dst = strconv.AppendInt(append(dst, `{"lightcone":`...), Version, 10)
	if h.Scenario != "" {
		dst = appendString(appendKey(dst, "scenario"), h.Scenario)
	}
	if h.Title != "" {
		dst = appendString(appendKey(dst, "title"), h.Title)
	}
	dst = strconv.AppendUint(appendKey(dst, "seed"), h.Seed, 10)
	dst = strconv.AppendInt(appendKey(dst, "nodes"), int64(h.Nodes), 10)
	if len(h.Lanes) > 0 {
		dst = append(appendKey(dst, "lanes"), '[')
		for i, name := range h.Lanes {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, name)
		}
		dst = append(dst, ']')
	}
	dst = appendString(appendKey(dst, "level"), h.Level.String())
	return append(dst, '}', '\n')
}

// appendFooter appends the last line of a file, of so many events.
func appendFooter(dst []byte, h *Header, events uint64) []byte {
	dst = strconv.AppendInt(append(dst, `{"end":`...), int64(h.End), 10)
	if h.Digest != "" {
		dst = appendString(appendKey(dst, "digest"), h.Digest)
	}
	dst = strconv.AppendUint(appendKey(dst, "events"), events, 10)
	if h.LeftBefore != 0 {
		dst = strconv.AppendUint(appendKey(dst, "leftBefore"), h.LeftBefore, 10)
	}
	if h.LeftAfter != 0 {
		dst = strconv.AppendUint(appendKey(dst, "leftAfter"), h.LeftAfter, 10)
	}
	if h.Limit != "" {
		dst = appendString(appendKey(dst, "limit"), h.Limit)
	}
	return append(dst, '}', '\n')
}
