package primarybackup

import (
	"fmt"
	"strings"

	"lightcone/protocols/kv"
)

func (p Position) String() string { return fmt.Sprintf("%d@%d", p.Index, p.View) }

// String names the view by its number, its primary, and its backups.
func (v View) String() string {
	if len(v.Backups) == 0 {
		return fmt.Sprintf("%d: %v alone", v.Number, v.Primary)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %v", v.Number, v.Primary)
	for i, id := range v.Backups {
		sep := ", "
		if i == 0 {
			sep = " with "
		}
		b.WriteString(sep + id.String())
	}
	return b.String()
}

func (e Entry) String() string {
	c := e.Command
	switch {
	case c.Register:
		return fmt.Sprintf("session@%d", e.View)
	case c.Op.Kind == kv.Get || c.Op.Kind == kv.Delete:
		return fmt.Sprintf("%v %s@%d", c.Op.Kind, c.Op.Key, e.View)
	}
	return fmt.Sprintf("%v %s=%s@%d", c.Op.Kind, c.Op.Key, c.Op.Value, e.View)
}

func (m Append) String() string {
	if len(m.Entries) == 0 {
		return fmt.Sprintf("Append{view %d, after %v, acknowledged %d}", m.View.Number, m.Prev, m.Commit)
	}
	return fmt.Sprintf("Append{view %d, after %v: %v, acknowledged %d}", m.View.Number, m.Prev, m.Entries, m.Commit)
}

func (m Appended) String() string { return fmt.Sprintf("Appended{view %d, to %d}", m.Number, m.Match) }

func (m Missing) String() string {
	if m.Want == 0 {
		return fmt.Sprintf("Missing{view %d, all}", m.Number)
	}
	return fmt.Sprintf("Missing{view %d, from %d}", m.Number, m.Want)
}

func (m Refused) String() string { return fmt.Sprintf("Refused{promised %d}", m.Number) }

func (m Chunk) String() string {
	last := ""
	if m.Snapshot != nil {
		last = ", the last"
	}
	return fmt.Sprintf("Chunk{view %d, of %v: bytes %d to %d%s}", m.View.Number, m.At, m.Offset, m.Offset+m.Length, last)
}

func (m Chunked) String() string {
	return fmt.Sprintf("Chunked{view %d, from byte %d}", m.Number, m.Offset)
}

func (m Ping) String() string { return fmt.Sprintf("Ping{promised %d}", m.Promised) }

func (m Pong) String() string {
	if m.Leased {
		return fmt.Sprintf("Pong{view %v, lease from %v}", m.View, m.Sent)
	}
	return fmt.Sprintf("Pong{view %v}", m.View)
}

func (m Seal) String() string { return fmt.Sprintf("Seal{before %d}", m.Number) }

func (m Sealed) String() string { return fmt.Sprintf("Sealed{before %d, log to %v}", m.Number, m.Last) }

func (m Lead) String() string { return fmt.Sprintf("Lead{view %v}", m.View) }

func (m Ready) String() string { return fmt.Sprintf("Ready{view %d}", m.Number) }

func (m Propose) String() string {
	return fmt.Sprintf("Propose{after view %d: %v}", m.Number, m.Backups)
}

func (m logged) String() string { return fmt.Sprintf("log durable to %v", m.at) }

func (m snapshotted) String() string { return fmt.Sprintf("snapshot durable to %v", m.at) }

func (m decided) String() string { return fmt.Sprintf("view %d durable", m.number) }

func (n Serving) String() string { return fmt.Sprintf("serves in view %d", n.Number) }

func (n Stopped) String() string { return fmt.Sprintf("serves no more in view %d", n.Number) }

func (n Acknowledged) String() string { return fmt.Sprintf("acknowledges %v", n.At) }

// String shows how far the view service is.
func (s *Service) String() string {
	if s.changing() {
		return fmt.Sprintf("making view %d", s.issued)
	}
	return "at rest"
}

// String shows what the server has.
func (p *Replica) String() string {
	if p.store == nil {
		return "not started"
	}
	return fmt.Sprintf("promised %d, log to %v, durable to %d, applied to %d: %v", p.promised, p.log.end(), p.durable, p.applied, p.store)
}
