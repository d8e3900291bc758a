package check

import (
	"bytes"
	"fmt"
	"io"

	"github.com/anishathalye/porcupine"
)

// register is the state of a key in porcupine's terms.
type register struct {
	value string
	found bool
}

// porcupineModel is the store as porcupine has it, written apart from the search so that one can be held against the
// other.
func porcupineModel() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			place := map[string]int{}
			var parts [][]porcupine.Operation
			for _, o := range history {
				key := o.Input.(Operation).Op.Key
				n, ok := place[key]
				if !ok {
					n = len(parts)
					place[key] = n
					parts = append(parts, nil)
				}
				parts[n] = append(parts[n], o)
			}
			return parts
		},
		Init: func() any { return register{} },
		Step: func(state, input, _ any) (bool, any) {
			o := input.(Operation)
			return stepRegister(state.(register), &o)
		},
		DescribeOperation: func(input, _ any) string {
			o := input.(Operation)
			return o.Label()
		},
		DescribeState: func(state any) string {
			s := state.(register)
			return Result{Value: s.value, Found: s.found}.read()
		},
	}
}

func stepRegister(s register, o *Operation) (bool, any) {
	unknown := o.Outcome == Unknown
	switch o.Op.Kind {
	case Get:
		return unknown || s == register{o.Result.Value, o.Result.Found}, s
	case Put:
		return true, register{o.Op.Value, true}
	case Append:
		return true, register{s.value + o.Op.Value, true}
	case CompareAndSwap:
		swaps := s == register{o.Op.Expect, true}
		if swaps {
			s = register{o.Op.Value, true}
		}
		return unknown || swaps == o.Result.Swapped, s
	case Delete:
		return unknown || s.found == o.Result.Found, register{}
	}
	panic(fmt.Sprintf("check: kind %v", o.Op.Kind))
}

// porcupineOps are the operations of a history that may have taken effect.
func porcupineOps(h History) []porcupine.Operation {
	client := map[int]int{}
	var ops []porcupine.Operation
	for i := range h {
		o := &h[i]
		if o.Outcome == Failed {
			continue
		}
		if _, ok := client[o.Client]; !ok {
			client[o.Client] = len(client)
		}
		ops = append(ops, porcupine.Operation{ClientId: client[o.Client], Input: *o, Call: int64(o.Invoke), Return: int64(o.Return)})
	}
	return ops
}

// WriteHTML writes porcupine's page on the operations: their linearization, or how far each beginning of one goes. It
// is an exhaustive search without a budget, meant for a witness. Unlike all else here it may write the same page in
// several ways.
func (w *Witness) WriteHTML(out io.Writer) error {
	model := porcupineModel()
	untied, _ := untie(w.Ops)
	_, info := porcupine.CheckOperationsVerbose(model, porcupineOps(untied), 0)
	var page bytes.Buffer
	if err := porcupine.Visualize(model, info, &page); err != nil {
		return fmt.Errorf("check: porcupine's picture: %w", err)
	}
	_, err := out.Write(page.Bytes())
	return err
}
