package experiments

import "lightcone/protocols/kv"

func (w *Workload) asks() kv.Workload {
	return kv.Plain{Ops: w.Operations, Keys: w.Keys.count(), Think: 50e6, Open: w.Loop == "open", Gets: 1, Puts: 1}
}
