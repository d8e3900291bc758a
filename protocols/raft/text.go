package raft

import (
	"fmt"
	"strings"

	"lightcone/protocols/kv"
)

// How messages and servers print themselves, in pictures and transcripts: 4@2 is the entry at index 4, of term 2.

func (m RequestVote) String() string {
	name, by := "RequestVote", ""
	if m.Pre {
		name = "PreVote"
	}
	if m.Transfer {
		by = ", by transfer"
	}
	return fmt.Sprintf("%s{term %d, log to %d@%d%s}", name, m.Term, m.LastIndex, m.LastTerm, by)
}

func (m RequestVoteReply) String() string {
	name, answer := "Vote", "no"
	if m.Pre {
		name = "PreVote"
	}
	if m.Granted {
		answer = "yes"
	}
	return fmt.Sprintf("%s{term %d, %s}", name, m.Term, answer)
}

func (m AppendEntries) String() string {
	return fmt.Sprintf("AppendEntries{term %d, after %d@%d:%s, commit %d}", m.Term, m.PrevIndex, m.PrevTerm, entries(m.Entries), m.Commit)
}

func (m AppendEntriesReply) String() string {
	switch {
	case m.Success:
		return fmt.Sprintf("Appended{term %d, to %d}", m.Term, m.Index)
	case m.ConflictIndex == 0:
		return fmt.Sprintf("NotAppended{term %d}", m.Term)
	case m.ConflictTerm == 0:
		return fmt.Sprintf("NotAppended{term %d, after %d: ends before %d}", m.Term, m.Index, m.ConflictIndex)
	}
	return fmt.Sprintf("NotAppended{term %d, after %d: from %d on @%d}", m.Term, m.Index, m.ConflictIndex, m.ConflictTerm)
}

func (m InstallSnapshot) String() string {
	more := "and more"
	if m.Done {
		more = "the end"
	}
	return fmt.Sprintf("InstallSnapshot{term %d, of %d@%d: bytes %d to %d, %s}", m.Term, m.Index, m.At, m.Offset, m.Offset+len(m.Data), more)
}

func (m InstallSnapshotReply) String() string {
	if m.Done {
		return fmt.Sprintf("Installed{term %d, of %d}", m.Term, m.Index)
	}
	return fmt.Sprintf("Installing{term %d, of %d: next %d}", m.Term, m.Index, m.Next)
}

func (m TimeoutNow) String() string { return fmt.Sprintf("TimeoutNow{term %d}", m.Term) }
func (written) String() string      { return "written" }

func entries(list []Entry) string {
	if len(list) == 0 {
		return " none"
	}
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintf(&b, " [%v]", e)
	}
	return b.String()
}

func (e Entry) String() string {
	switch d := e.Data.(type) {
	case kv.Command:
		if d.Register {
			return fmt.Sprintf("@%d register %v", e.Term, d.Client)
		}
		return fmt.Sprintf("@%d %v %s %s", e.Term, d.Op.Kind, d.Op.Key, d.Op.Value)
	case Configuration:
		return fmt.Sprintf("@%d %v", e.Term, d)
	}
	return fmt.Sprintf("@%d", e.Term)
}

func (r record) String() string {
	s := fmt.Sprintf("term %d", r.Term)
	if r.Vote >= 0 {
		s += fmt.Sprintf(", vote %v", r.Vote)
	}
	if r.From > 0 {
		s += fmt.Sprintf(", log from %d:%s", r.From, entries(r.Entries))
	}
	return s
}

func (c checkpoint) String() string {
	return fmt.Sprintf("term %d, snapshot of %d@%d, log from %d:%s", c.Term, c.Snapshot.Index, c.Snapshot.Term, c.Offset+1, entries(c.Entries))
}

// String shows what a server is, and a leader's view of its followers.
func (p *Process) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "log %d to %d@%d, commit %d, %v", p.log.first(), p.log.last(), p.log.lastTerm(), p.commit, p.members().config)
	for s := p.peers; s != 0; s = s.rest() {
		fmt.Fprintf(&b, ", %v: %v", s.first(), &p.progress[s.first()])
	}
	return b.String()
}

func (n Elected) String() string           { return fmt.Sprintf("elected in term %d", n.Term) }
func (n SteppedDown) String() string       { return fmt.Sprintf("steps down from term %d", n.Term) }
func (n SnapshotTaken) String() string     { return fmt.Sprintf("has a snapshot of %d", n.Index) }
func (n SnapshotInstalled) String() string { return fmt.Sprintf("installs a snapshot of %d", n.Index) }
func (n Reconfigured) String() string {
	return fmt.Sprintf("changes the configuration at %d to %v", n.Index, n.Config)
}
