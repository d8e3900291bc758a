package fault

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lightcone/sim"
)

// SyntaxError says where a plan's text is wrong, and what would be right.
type SyntaxError struct {
	Line   int    // from 1
	Column int    // in bytes, from 1
	Got    string // as it stands there; empty at the end of the line
	Want   string
}

func (e *SyntaxError) Error() string {
	got := strconv.Quote(e.Got)
	if e.Got == "" {
		got = "the end of the line"
	}
	return fmt.Sprintf("fault: plan line %d, column %d: got %s, want %s", e.Line, e.Column, got, e.Want)
}

const (
	maxReported = 10 // errors reported for one text
	maxShown    = 40 // bytes of a wrong word that are shown
)

// ParsePlan reads a plan from text. Each line is a time and an action, as Plan.String writes them:
//
//	1.5s crash n2
//	1.5s crash n2 after effect 3
//	2s recover n2
//	2s pause n1
//	2.25s resume n1
//	3s cut halves {n0 n1} | {n2 n3 n4}
//	3s cut mute {n0} -/> {n1 n2}
//	4s heal halves
//	5s step wall clock of n2 by -300ms
//	6s lie n2 by twofaced as l1
//	7s heal l1
//	8s omit sends of n2 to {n0 n1} with 0.3 at most 5 as o1
//	8s omit receives of n2 from {n0} with 0.3 at most 5 as o2
//	8s slow n2 by 10 with handlers of 1ms as s1
//	8s drift clock of n2 by 200ppm as c1
//	8s step clock of n2 by 3s
//	8s slow disk of n2 by 10 as d1
//	8s fill disk of n2 as f1
//	8s lose writes of n2 with 0.5 at most 3 as w1
//	8s tear writes of n2 with 0.5 at most 3 as w2
//	8s rot n2 "term" undetected
//	8s back up disk of n2
//	9s crash n2 losing its disk
//	9s crash n1 restoring its backup
//	9s disturb {n0} | {n1 n2} losing 0.3 delaying 50ms jitter 10ms as b1
//	9s disturb all losing 0.3 as b2
//
// What stands between the node and a name is left out where it says nothing: to all, any number of times, by no time.
// Heal without a name ends all that a name could end.
//
// Empty lines, and what follows a #, are ignored. Times must not decrease. The error joins one *SyntaxError for each
// wrong line, up to ten of them.
func ParsePlan(text string) (Plan, error) {
	var plan Plan
	var errs []error
	line := 0
	for s := range strings.Lines(text) {
		line++
		p := parser{rest: withoutComment(s), line: line}
		if p.peek() == "" {
			continue
		}
		e, err := p.entry()
		if err == nil && len(plan) > 0 && e.Time < plan[len(plan)-1].Time {
			err = &SyntaxError{Line: line, Column: 1, Got: e.Time.String(), Want: "no earlier than the entry before it, at " + plan[len(plan)-1].Time.String()}
		}
		if err == nil && len(plan) == maxEntries {
			return nil, errors.Join(append(errs, fmt.Errorf("fault: plan line %d: got more than %d entries, want at most that many", line, maxEntries))...)
		}
		if err != nil {
			if len(errs) == maxReported {
				return nil, errors.Join(append(errs, fmt.Errorf("fault: plan line %d: more errors, not reported", line))...)
			}
			errs = append(errs, err)
			continue
		}
		plan = append(plan, e)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return plan, nil
}

// maxEntries bounds a plan's text: what a model can draw at most, beginnings and ends and a crash midway's own.
const maxEntries = 4 * maxOutages

// ParseLine reads one entry.
func ParseLine(s string) (sim.At, error) {
	p := parser{rest: withoutComment(s), line: 1}
	return p.entry()
}

// withoutComment cuts off what follows a # that is not inside quotes.
func withoutComment(s string) string {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '#':
			return s[:i]
		case '"':
			q, err := strconv.QuotedPrefix(s[i:])
			if err != nil {
				rest, _, _ := strings.Cut(s[i:], "#")
				return s[:i] + rest
			}
			i += len(q) - 1
		}
	}
	return s
}

// parser reads the words of one line. Braces are words of their own. Its first error stays.
type parser struct {
	rest string // what is not read yet
	line int
	read int // bytes read
	err  error
}

const blanks = " \t\r\n"

// peek returns the next word, "" at the end.
func (p *parser) peek() string {
	trimmed := strings.TrimLeft(p.rest, blanks)
	p.read += len(p.rest) - len(trimmed)
	p.rest = trimmed
	switch end := strings.IndexAny(trimmed, blanks+"{}"); {
	case end < 0:
		return trimmed
	case end == 0:
		return trimmed[:1]
	default:
		return trimmed[:end]
	}
}

func (p *parser) next() string {
	word := p.peek()
	p.rest = p.rest[len(word):]
	p.read += len(word)
	return word
}

// fail records that the word just peeked at is not what was wanted.
func (p *parser) fail(want string) {
	if p.err == nil {
		got := p.peek()
		if len(got) > maxShown {
			got = strings.ToValidUTF8(got[:maxShown], "") + "..."
		}
		p.err = &SyntaxError{Line: p.line, Column: p.read + 1, Got: got, Want: want}
	}
}

// expect reads the given words.
func (p *parser) expect(words ...string) {
	for _, w := range words {
		if p.peek() != w {
			p.fail(strconv.Quote(w))
			return
		}
		p.next()
	}
}

// entry reads a whole line.
func (p *parser) entry() (sim.At, error) {
	e := sim.At{Time: p.time()}
	if p.err == nil {
		e.Action = p.action()
	}
	if p.err == nil && p.peek() != "" {
		p.fail("the end of the line")
	}
	if p.err != nil {
		return sim.At{}, p.err
	}
	return e, nil
}

func (p *parser) time() sim.Time {
	d, err := time.ParseDuration(p.peek())
	if err != nil || d < 0 {
		p.fail("a time since the start, such as 1.5s")
		return 0
	}
	p.next()
	return sim.Time(d)
}

func (p *parser) duration() time.Duration {
	d, err := time.ParseDuration(p.peek())
	if err != nil {
		p.fail("a duration, such as -300ms")
		return 0
	}
	p.next()
	return d
}

func (p *parser) node() sim.NodeID {
	digits, ok := strings.CutPrefix(p.peek(), "n")
	id, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil {
		p.fail("a node, such as n0")
		return 0
	}
	p.next()
	return sim.NodeID(id)
}

func (p *parser) count() int {
	k, err := strconv.ParseUint(p.peek(), 10, 31)
	if err != nil {
		p.fail("a number, such as 3")
		return 0
	}
	p.next()
	return int(k)
}

// nodes reads a set of nodes in braces.
func (p *parser) nodes() []sim.NodeID {
	var ids []sim.NodeID
	p.expect("{")
	for p.err == nil && p.peek() != "}" {
		ids = append(ids, p.node())
	}
	p.expect("}")
	return ids
}

// name reads the name of a cut, if one is there.
func (p *parser) name() string {
	word := p.peek()
	if word == "{" || word == "" {
		return ""
	}
	if !plainName(word) {
		p.fail("a name, without special characters")
		return ""
	}
	return p.next()
}

const actions = "crash, recover, pause, resume, cut, heal, step, lie, omit, slow, drift, fill, lose, tear, rot, back or disturb"

// action reads an action, by its verb.
func (p *parser) action() sim.Action {
	switch p.peek() {
	case "crash":
		p.next()
		return p.crash()
	case "recover":
		p.next()
		return sim.Recover{Node: p.node()}
	case "pause":
		p.next()
		return sim.Pause{Node: p.node()}
	case "resume":
		p.next()
		return sim.Resume{Node: p.node()}
	case "cut":
		p.next()
		return p.cut()
	case "heal":
		p.next()
		return sim.Heal{Name: p.name()}
	case "lie":
		p.next()
		return p.lie()
	case "step":
		return p.step()
	}
	if read := conditions[p.peek()]; read != nil {
		return read(p)
	}
	p.fail(actions)
	return nil
}

// conditions read what lasts, and what befalls disks, by the verb.
var conditions = map[string]func(*parser) sim.Action{
	"omit": (*parser).omit, "slow": (*parser).slow, "drift": (*parser).drift, "fill": (*parser).fill, "lose": (*parser).writes,
	"tear": (*parser).writes, "rot": (*parser).rot, "back": (*parser).backUp, "disturb": (*parser).disturb,
}

func (p *parser) crash() sim.Action {
	node := p.node()
	if p.err != nil || p.peek() == "" {
		return sim.Crash{Node: node}
	}
	switch p.peek() {
	case "losing":
		p.expect("losing", "its", "disk")
		return sim.LoseDisk{Node: node}
	case "restoring":
		p.expect("restoring", "its", "backup")
		return sim.OldDisk{Node: node}
	}
	p.expect("after", "effect")
	return sim.CrashDuring{Node: node, After: p.count()}
}

// lie reads who lies, by which liar, and the name that Heal ends it by.
func (p *parser) lie() sim.Action {
	a := sim.Lie{Node: p.node()}
	p.expect("by")
	a.How = p.word("a liar, such as twofaced")
	if p.err == nil && p.peek() != "" {
		p.expect("as")
		a.Name = p.word("a name, without special characters")
	}
	return a
}

// word reads a name that must be there.
func (p *parser) word(want string) string {
	word := p.name()
	if word == "" {
		p.fail(want)
	}
	return word
}

func (p *parser) cut() sim.Action {
	c := sim.Cut{Name: p.name()}
	c.From = p.nodes()
	switch p.peek() {
	case "|", "-/>":
		c.OneWay = p.next() == "-/>"
	default:
		p.fail(`"|" or "-/>"`)
	}
	c.To = p.nodes()
	return c
}
