package raft

import (
	"slices"
	"strconv"

	"lightcone/sim"
)

// Persisted state and server restarts (§3.8), and writing to the leader's disk in parallel (§10.2.1).
//
// A server writes a log of numbered records, each the outcome of one handler: the term, the vote, and the entries that
// are new. A checkpoint, written with each snapshot, stands for all records before it. Records go to two banks of keys in
// turn: when a checkpoint is durable, those that follow start anew in the other bank, over records that an earlier
// checkpoint has made superfluous.
//
// A crash may lose or tear any of the writes in flight, and keep a later one. Recovery takes the records as long as
// their numbers follow each other; one that is left over from before a crash shows by its incarnation.

// record is what one handler changed.
type record struct {
	Generation  uint64 // of the last checkpoint that was durable
	Incarnation int
	Number      uint64
	Term        Term
	Vote        sim.NodeID
	From        Index // Entries replace the log from here on; 0: the log is as it was
	Entries     []Entry
}

// checkpoint is a snapshot with all that a server needs to go on from there.
type checkpoint struct {
	Generation  uint64
	Incarnation int
	Number      uint64 // it is numbered as the records are, and stands for those before it
	Slot        int    // where in its bank the next record would be
	Term        Term
	Vote        sim.NodeID
	Snapshot    snapshot
	Offset      Index         // the log begins after this,
	OffsetTerm  Term          // which has this term,
	Base        Configuration // and this configuration in force
	Entries     []Entry
}

// disk is what a server knows of its storage.
type disk struct {
	changed bool  // something is to be written
	from    Index // the log changed from here on; 0: it did not

	generation uint64     // of the last durable checkpoint
	slot       int        // the next record's, in the bank of generation
	number     uint64     // of the last record
	issued     uint64     // writes
	flight     []inFlight // those not known to be durable
	durable    Index      // the log is durable up to here,
	term       Term       // and this vote
	vote       sim.NodeID
	promises   []promise // those of handlers that found writes of earlier ones in flight
	snapshot   snapshot  // the latest, durable or not
	checking   bool      // a checkpoint is in flight
}

// inFlight is a write under way, and how much of the log is durable once it is.
type inFlight struct {
	last       Index
	term       Term // and which vote
	vote       sim.NodeID
	checkpoint uint64 // its generation; 0 for a record
}

// promise is a message that waits for a write.
type promise struct {
	write uint64 // how many writes must be durable first
	to    sim.NodeID
	m     sim.Message
}

// slotKeys are the keys of the first slots of both banks: parts of one text, so that a program that does not use them pays
// little for them.
var slotKeys = func() (keys [2][4096]string) {
	var b []byte
	var ends [2][4096]int
	for bank := range keys {
		for slot := range keys[bank] {
			b = append(b, slotKey(bank, slot)...)
			ends[bank][slot] = len(b)
		}
	}
	all, from := string(b), 0
	for bank := range keys {
		for slot, end := range ends[bank] {
			keys[bank][slot], from = all[from:end], end
		}
	}
	return keys
}()

func slotKey(bank, slot int) string { return "log " + strconv.Itoa(bank) + "/" + strconv.Itoa(slot) }

// recordKey is where the record in a slot of a generation's bank is kept.
func recordKey(generation uint64, slot int) string {
	bank := int(generation % 2)
	if slot < len(slotKeys[bank]) {
		return slotKeys[bank][slot]
	}
	return slotKey(bank, slot)
}

func checkpointKey(generation uint64) string {
	if generation%2 == 0 {
		return "checkpoint 0"
	}
	return "checkpoint 1"
}

// logChanged notes that the log is to be written from an index on.
func (p *Process) logChanged(from Index) {
	d := &p.disk
	d.changed = true
	if d.from == 0 || from < d.from {
		d.from = from
	}
	p.version++
}

// forget notes that the log ends before an index, so that no write under way makes more of it durable.
func (d *disk) forget(from Index) {
	d.durable = min(d.durable, from-1)
	for i := range d.flight {
		d.flight[i].last = min(d.flight[i].last, from-1)
	}
}

// flush ends every handler: it writes what changed.
func (p *Process) flush(env *sim.Env) {
	if p.disk.changed {
		p.write(env)
	}
	p.keepPromises(env)
	p.maybeSnapshot(env)
}

// promise sends a message once all that has changed so far, and all that is still being written, is durable (§3.8).
func (p *Process) promise(to sim.NodeID, m Message) {
	d := &p.disk
	p.stats.Messages++
	write := d.issued
	if d.changed {
		write++
	}
	d.promises = append(d.promises, promise{write, to, m})
}

// write writes a record.
func (p *Process) write(env *sim.Env) {
	d := &p.disk
	d.number++
	term, vote := p.ballotToKeep()
	r := record{Generation: d.generation, Incarnation: env.Incarnation(), Number: d.number, Term: term, Vote: vote}
	if d.from > 0 {
		r.From, r.Entries = d.from, p.log.slice(d.from, p.log.last())
	}
	d.changed, d.from = false, 0
	env.Persist(recordKey(d.generation, d.slot), r)
	d.slot++
	p.await(env, 0)
}

// ballotToKeep returns what is written of the term and the vote.
func (p *Process) ballotToKeep() (Term, sim.NodeID) {
	switch p.cfg.Bug {
	case VoteNotPersisted:
		return p.term, sim.Nobody
	case TermNotPersisted:
		return 0, sim.Nobody
	}
	return p.term, p.vote
}

// await has the server told when the write that was just issued is durable.
func (p *Process) await(env *sim.Env, checkpoint uint64) {
	p.disk.issued++
	p.disk.flight = append(p.disk.flight, inFlight{p.log.last(), p.term, p.vote, checkpoint})
	env.Send(p.id, written{uint32(env.Incarnation())})
}

// onWritten learns that the first write in flight is durable. Writes become durable in their order.
func (p *Process) onWritten(env *sim.Env, m written) {
	d := &p.disk
	if m.Incarnation != uint32(env.Incarnation()) {
		return // of a write before a crash
	}
	w := d.flight[0]
	d.flight = append(d.flight[:0], d.flight[1:]...)
	d.durable = max(d.durable, w.last)
	d.term, d.vote = w.term, w.vote
	p.version++
	if w.checkpoint > 0 {
		d.generation, d.slot, d.checking = w.checkpoint, 0, false
	}
	p.keepPromises(env)
	switch {
	case p.role == Candidate && d.issued-uint64(len(d.flight)) >= p.ballot:
		p.countVote(env, p.id)
	case p.role == Leader:
		p.progress[p.id].match = d.durable
		p.advanceCommit(env)
	}
}

// keepPromises sends what waited for writes that are durable now.
func (p *Process) keepPromises(env *sim.Env) {
	d := &p.disk
	if len(d.promises) == 0 {
		return
	}
	done := d.issued - uint64(len(d.flight))
	n := 0
	for n < len(d.promises) && d.promises[n].write <= done {
		env.Send(d.promises[n].to, d.promises[n].m)
		n++
	}
	d.promises = slices.Delete(d.promises, 0, n)
}

// check writes a checkpoint of the snapshot that was just made or installed. None may be in flight.
func (p *Process) check(env *sim.Env, s snapshot) {
	d := &p.disk
	if d.changed {
		p.write(env)
	}
	d.number++
	term, vote := p.ballotToKeep()
	c := checkpoint{Generation: d.generation + 1, Incarnation: env.Incarnation(), Number: d.number, Slot: d.slot,
		Term: term, Vote: vote, Snapshot: s,
		Offset: p.log.offset, OffsetTerm: p.log.offsetTerm, Base: p.configs[0].config, Entries: p.log.slice(p.log.first(), p.log.last())}
	d.snapshot, d.checking = s, true
	env.Persist(checkpointKey(c.Generation), c)
	p.await(env, c.Generation)
}

// recover rebuilds the server from what is durable.
func (p *Process) recover(env *sim.Env) {
	d := &p.disk
	c := latestCheckpoint(env)
	p.term, p.vote = c.Term, c.Vote
	if c.Generation == 0 {
		p.vote = sim.Nobody
		c.Base = Configuration{Voters: p.cfg.Voters}
	}
	d.snapshot = c.Snapshot
	p.log = log{offset: c.Offset, offsetTerm: c.OffsetTerm, entries: c.Entries}
	d.generation, d.number = c.Generation, c.Number
	incarnation := c.Incarnation
	if c.Generation > 0 {
		p.replay(env, c.Generation-1, c.Slot, &incarnation)
	}
	d.slot = p.replay(env, c.Generation, 0, &incarnation)
	d.durable, d.term, d.vote = p.log.last(), p.term, p.vote
	p.resume(c.Base)
}

// latestCheckpoint returns the latest of the two checkpoints; the zero one if there is none.
func latestCheckpoint(env *sim.Env) (latest checkpoint) {
	for generation := range uint64(2) {
		v, _ := env.Recall(checkpointKey(generation))
		if c, ok := v.(checkpoint); ok && c.Generation > latest.Generation {
			latest = c
		}
	}
	return latest
}

// replay takes the records of a generation from a slot on, as long as they follow each other. It returns the slot after.
func (p *Process) replay(env *sim.Env, generation uint64, slot int, incarnation *int) int {
	d := &p.disk
	for {
		v, _ := env.Recall(recordKey(generation, slot))
		r, ok := v.(record)
		if !ok || r.Generation != generation || r.Number != d.number+1 || r.Incarnation < *incarnation {
			return slot
		}
		d.number, *incarnation = r.Number, r.Incarnation
		p.term, p.vote = r.Term, r.Vote
		if r.From > 0 {
			p.log.truncate(r.From)
			p.log.append(r.Entries...)
		}
		slot++
	}
}
