package check

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"

	"lightcone/sim"
)

// WriteEDN writes a history as Jepsen does (jepsen.history): a map a line for each invocation and each completion, in the
// order of true time, keys by the tuples of jepsen.independent.
//
//	{:index 0, :time 1200, :process 5, :type :invoke, :f :write, :value ["x" "c5.1"]}
//	{:index 1, :time 3400, :process 5, :type :ok, :f :write, :value ["x" "c5.1"]}
//
// An unknown outcome is an :info, at the end. A client with several operations under way at once would be several
// processes in Jepsen, so each that it has beside the first gets a process of its own, above those of all clients.
func WriteEDN(out io.Writer, h History) error {
	w := bufio.NewWriter(out)
	e := ednWriter{w: w, free: map[int][]int{}, of: make([]int, len(h))}
	for i := range h {
		e.next = max(e.next, h[i].Client+1)
	}
	u, _ := untie(h)
	starts := u.sortedBy(func(o *Operation) sim.Time { return o.Invoke })
	ends := u.sortedBy(func(o *Operation) sim.Time { return o.Return })
	for _, i := range starts {
		for len(ends) > 0 && u[ends[0]].Return < u[i].Invoke {
			e.complete(h, ends[0])
			ends = ends[1:]
		}
		e.of[i] = e.process(h[i].Client)
		e.event(e.of[i], &h[i], h[i].Invoke, "invoke", "")
	}
	for _, i := range ends {
		e.complete(h, i)
	}
	return w.Flush()
}

type ednWriter struct {
	w     *bufio.Writer
	index int
	free  map[int][]int // processes of a client that wait
	next  int           // the next new process
	of    []int         // by operation
	known map[int]bool
}

// process takes a process of a client that is idle, or a new one.
func (e *ednWriter) process(client int) int {
	if e.known == nil {
		e.known = map[int]bool{}
	}
	if !e.known[client] {
		e.known[client] = true
		return client
	}
	if free := e.free[client]; len(free) > 0 {
		e.free[client] = free[:len(free)-1]
		return free[len(free)-1]
	}
	e.next++
	return e.next - 1
}

// complete writes the end of an operation. The process of an unknown one is never used again.
func (e *ednWriter) complete(h History, i int) {
	o := &h[i]
	switch {
	case o.Outcome == Unknown:
		e.event(e.of[i], o, lastTime(h), "info", "")
		return
	case o.Outcome == Failed:
		e.event(e.of[i], o, o.Return, "fail", "")
	case o.Op.Kind == CompareAndSwap && !o.Result.Swapped:
		e.event(e.of[i], o, o.Return, "fail", ", :error :mismatch")
	case o.Op.Kind == Delete:
		e.event(e.of[i], o, o.Return, "ok", fmt.Sprintf(", :found %v", o.Result.Found))
	default:
		e.event(e.of[i], o, o.Return, "ok", "")
	}
	e.free[o.Client] = append(e.free[o.Client], e.of[i])
}

// lastTime is the last moment of a history.
func lastTime(h History) sim.Time {
	m := moments(h)
	return m[len(m)-1]
}

var ednNames = [...]string{Get: "read", Put: "write", Append: "append", CompareAndSwap: "cas", Delete: "delete"}

func (e *ednWriter) event(process int, o *Operation, at sim.Time, kind, more string) {
	value := "nil"
	switch {
	case o.Op.Kind == CompareAndSwap:
		value = "[" + ednText(o.Op.Expect) + " " + ednText(o.Op.Value) + "]"
	case o.Op.Kind == Put || o.Op.Kind == Append:
		value = ednText(o.Op.Value)
	case o.Op.Kind == Get && kind == "ok" && o.Result.Found:
		value = ednText(o.Result.Value)
	}
	fmt.Fprintf(e.w, "{:index %d, :time %d, :process %d, :type :%s, :f :%s, :value [%s %s]%s}\n",
		e.index, int64(at), process, kind, ednNames[o.Op.Kind], ednText(o.Op.Key), value, more)
	e.index++
}

// ednText is a text as EDN has it.
func ednText(s string) string {
	b := []byte{'"'}
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}

// ReadEDN reads a history of Jepsen: maps of invocations and completions one after the other, or a vector of them. It
// takes :read, :write, :append, :cas and :delete, on values with keys (tuples [key value]) or, where a value is none, on
// one register, whose key is then "". Integers count as the texts that they print as; what a process other than a
// client says, such as :nemesis, is passed over. A :fail of a :cas with :error :mismatch is one that found another
// value. It reports every operation that is wrong, with its line, and nothing of a history that is.
func ReadEDN(in io.Reader) (History, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("check: history: %w", err)
	}
	r := ednReader{open: map[int64]int{}}
	p := ednParser{text: string(text), line: 1}
	for {
		v, err := p.value(0)
		if err == io.EOF {
			break
		}
		if err != nil {
			r.bad.add(p.line, err)
			break // what follows cannot be told apart
		}
		if list, ok := v.any.([]ednValue); ok && len(r.h) == 0 && len(r.bad.errs) == 0 {
			for _, item := range list {
				r.take(item)
			}
			continue
		}
		r.take(v)
	}
	return finished(r.h, r.bad)
}

// ednReader pairs completions with invocations.
type ednReader struct {
	h    History
	open map[int64]int // by process: its operation under way
	last sim.Time
	bad  faults
}

// take adds one map of the history.
func (r *ednReader) take(v ednValue) {
	m, ok := v.any.(map[string]ednValue)
	if !ok {
		r.bad.add(v.line, fmt.Errorf("%v, want a map such as {:process 0, :type :invoke, :f :read, :value [\"x\" nil]}", v))
		return
	}
	process, client := m[":process"].any.(int64)
	if !client {
		if _, other := m[":process"].any.(ednKeyword); !other {
			r.bad.add(v.line, fmt.Errorf(":process is %v, want a number or a keyword", m[":process"]))
		}
		return
	}
	at, ok := m[":time"].any.(int64)
	if !ok || at < 0 || sim.Time(at) < r.last {
		r.bad.add(v.line, fmt.Errorf(":time is %v, want ns, at least those of the line before (%d)", m[":time"], r.last))
		return
	}
	r.last = sim.Time(at)
	var err error
	switch kind := m[":type"].any; kind {
	case ednKeyword(":invoke"):
		err = r.invoke(process, sim.Time(at), m)
	case ednKeyword(":ok"), ednKeyword(":fail"), ednKeyword(":info"):
		err = r.complete(process, sim.Time(at), kind.(ednKeyword), m)
	default:
		err = fmt.Errorf(":type is %v, want :invoke, :ok, :fail or :info", m[":type"])
	}
	if err != nil {
		r.bad.add(v.line, err)
	}
}

func (r *ednReader) invoke(process int64, at sim.Time, m map[string]ednValue) error {
	if _, busy := r.open[process]; busy {
		return fmt.Errorf("process %d invokes an operation while it has one under way", process)
	}
	op, err := ednOp(m)
	if err != nil {
		return err
	}
	r.open[process] = len(r.h)
	r.h = append(r.h, Operation{ID: len(r.h), Client: int(process), Op: op, Invoke: at, Return: sim.Never})
	return nil
}

func (r *ednReader) complete(process int64, at sim.Time, kind ednKeyword, m map[string]ednValue) error {
	i, ok := r.open[process]
	if !ok {
		return fmt.Errorf("process %d completes an operation that it did not invoke", process)
	}
	delete(r.open, process)
	o := &r.h[i]
	mismatch := m[":error"].any == ednKeyword(":mismatch") && o.Op.Kind == CompareAndSwap
	switch {
	case kind == ":info":
		return nil
	case kind == ":fail" && !mismatch:
		o.Outcome, o.Return = Failed, at
		return nil
	}
	o.Outcome, o.Return = OK, at
	o.Result.Swapped = o.Op.Kind == CompareAndSwap && !mismatch
	if o.Op.Kind == Delete {
		found, said := m[":found"].any.(bool)
		o.Result.Found = found || !said
	}
	if o.Op.Kind != Get {
		return nil
	}
	_, value, err := ednTuple(m[":value"], Get)
	if err != nil {
		return err
	}
	if value.any != nil {
		o.Result.Found = true
		o.Result.Value, err = value.scalar()
	}
	return err
}

// ednOp is the operation of an invocation.
func ednOp(m map[string]ednValue) (Op, error) {
	var op Op
	f, _ := m[":f"].any.(ednKeyword)
	known := false
	for kind, name := range ednNames {
		if f == ednKeyword(":"+name) {
			op.Kind, known = Kind(kind), true
		}
	}
	if !known {
		return op, fmt.Errorf(":f is %v, want :read, :write, :append, :cas or :delete", m[":f"])
	}
	key, value, err := ednTuple(m[":value"], op.Kind)
	if err != nil {
		return op, err
	}
	op.Key = key
	switch op.Kind {
	case Put, Append:
		op.Value, err = value.scalar()
	case CompareAndSwap:
		pair, ok := value.any.([]ednValue)
		if !ok || len(pair) != 2 {
			return op, fmt.Errorf("the value of a :cas is %v, want [old new]", value)
		}
		if op.Expect, err = pair[0].scalar(); err == nil {
			op.Value, err = pair[1].scalar()
		}
	}
	return op, err
}

// ednTuple takes a tuple of jepsen.independent apart. The value of a :cas on one register is a pair of plain values, one
// with a key a key with such a pair.
func ednTuple(v ednValue, kind Kind) (key string, value ednValue, err error) {
	pair, ok := v.any.([]ednValue)
	if !ok || len(pair) != 2 {
		return "", v, nil
	}
	if _, nested := pair[1].any.([]ednValue); kind == CompareAndSwap && !nested {
		return "", v, nil
	}
	key, err = pair[0].scalar()
	return key, pair[1], err
}

// scalar is a plain value as text.
func (v ednValue) scalar() (string, error) {
	switch x := v.any.(type) {
	case string:
		return x, nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case ednKeyword:
		return string(x), nil
	}
	return "", fmt.Errorf("%v, want a text, an integer or a keyword", v)
}

// sortedBy returns the operations of a history in the order of a time.
func (h History) sortedBy(when func(*Operation) sim.Time) []int {
	order := make([]int, len(h))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(when(&h[a]), when(&h[b])) })
	return order
}
