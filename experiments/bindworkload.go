package experiments

import (
	"time"

	"lightcone/models/workload"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// asks is a workload as clients take it.
type asks struct{ workload.Workload }

// Next implements kv.Workload. The kinds of both packages have the same numbers.
func (a asks) Next(n uint64, r *sim.Rand) (kv.Ask, bool) {
	ask, ok := a.Workload.Next(n, r)
	return kv.Ask{Wait: ask.Wait, Open: ask.Open, Kind: kv.Kind(ask.Kind), Key: ask.Key}, ok
}

// asks returns what clients ask for. The error says what the model refuses.
func (w *Workload) asks() (kv.Workload, error) {
	keys, err := w.Keys.law()
	if err != nil {
		return nil, err
	}
	a := workload.Workload{Arrivals: w.arrivals(), Keys: keys, Mix: w.Mix.shares(), Ops: uint64(w.Operations)}
	if w.Think != nil {
		a.Think = w.Think.Dist
	}
	return asks{a}, a.Validate()
}

// arrivals returns when an open loop asks; nil is a closed loop.
func (w *Workload) arrivals() workload.Arrivals {
	if w.Loop != "open" || w.Rate == nil {
		return nil
	}
	rate := float64(*w.Rate)
	switch w.Arrivals {
	case "constant":
		return workload.Constant(rate)
	case "bursts":
		return workload.Bursts{Peak: rate, On: time.Duration(w.Bursts.On), Off: time.Duration(w.Bursts.Off)}
	}
	return workload.Poisson(rate)
}

func (k *Keys) law() (workload.Keys, error) {
	n := int64(k.count())
	switch k.Law {
	case zipfKeys:
		exponent := 1.0
		if k.Exponent != nil {
			exponent = *k.Exponent
		}
		return workload.NewZipf(n, exponent)
	case hotKeys:
		share := Probability(0.9)
		if k.Share != nil {
			share = *k.Share
		}
		return workload.HotSet{N: n, Hot: int64(max(k.Hot, 1)), Load: float64(share)}, nil
	}
	return workload.Uniform{N: n}, nil
}

func (m *Mix) shares() workload.Mix {
	if m == nil {
		return workload.Mix{Get: 1, Put: 1}
	}
	return workload.Mix{Get: m.Get, Put: m.Put, Append: m.Append, CompareAndSwap: m.CAS, Delete: m.Delete}
}
