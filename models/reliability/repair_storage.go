package reliability

// Storage is data on several units, of which so many may be lost at a time; a lost unit is rebuilt from the others. Its
// methods want one that Validate accepts.
type Storage struct {
	Units     int
	Tolerates int // how many may be lost; the next one takes the data with it
	MTTF      float64
	MTTR      float64 // to rebuild one
	Serial    bool    // one rebuild at a time; the textbook formula is that of this case
}

// RAID5 is n disks of which one may be lost.
func RAID5(n int, mttf, mttr float64) Storage {
	return Storage{Units: n, Tolerates: 1, MTTF: mttf, MTTR: mttr}
}

// RAID6 is n disks of which two may be lost.
func RAID6(n int, mttf, mttr float64) Storage {
	return Storage{Units: n, Tolerates: 2, MTTF: mttf, MTTR: mttr}
}

// Replication is n copies of which one is enough.
func Replication(n int, mttf, mttr float64) Storage {
	return Storage{Units: n, Tolerates: n - 1, MTTF: mttf, MTTR: mttr}
}

// ReedSolomon is a stripe of data and parity units, any data of which are enough.
func ReedSolomon(data, parity int, mttf, mttr float64) Storage {
	return Storage{Units: data + parity, Tolerates: parity, MTTF: mttf, MTTR: mttr}
}

// System is the storage as a repairable system that is down where data are lost.
func (s Storage) System() Repairable {
	r := Repairable{Parts: s.Units, Need: s.Units - s.Tolerates, MTTF: s.MTTF, MTTR: s.MTTR}
	if s.Serial {
		r.Crews = 1
	}
	return r
}

// Validate reports everything that is wrong with it.
func (s Storage) Validate() error { return s.System().Validate() }

// MTTDL returns the mean time to data loss, from all units present.
func (s Storage) MTTDL() float64 { return s.System().FirstFailure() }

// ApproximateMTTDL returns the textbook formula MTTF^(m+1) / (n (n-1) ... (n-m) MTTR^m) for n units that tolerate m losses:
// of serial rebuild, and m! too short for parallel rebuild.
func (s Storage) ApproximateMTTDL() float64 {
	s.System().must()
	t := s.MTTF / float64(s.Units)
	for i := 1; i <= s.Tolerates; i++ {
		t = float64(t * (s.MTTF / (float64(s.Units-i) * s.MTTR)))
	}
	return t
}

// DurabilityNines returns the nines of keeping the data for a time: -log10 of the probability of losing them, which is
// taken to come at a constant rate of 1/MTTDL.
func DurabilityNines(mttdl, time float64) float64 { return nines(-expm1(-time / mttdl)) }
