package network_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"lightcone/models/network"
	"lightcone/sim"
)

func TestAWSHasTheMeasuredFigures(t *testing.T) {
	m := network.AWS()
	regions := m.Regions()
	equal(t, 19, len(regions))
	for _, c := range []struct {
		a, b string
		want time.Duration
	}{
		{"eu-west-1", "us-east-1", 70_500 * time.Microsecond},
		{"us-east-1", "eu-west-1", 70_500 * time.Microsecond},
		{"af-south-1", "ap-southeast-2", 412_900 * time.Microsecond},
		{"us-west-2", "us-west-2", 300 * time.Microsecond},
		{"ap-northeast-1", "ap-northeast-1", 100 * time.Microsecond},
	} {
		got, err := m.RTT(c.a, c.b)
		holds(t, err == nil, err)
		equal(t, c.want, got, c.a, c.b)
	}
}

// In the unrounded measurements 72 of the 171 pairs have a detour that is shorter than the direct way. Rounding to 0.1
// ms makes a tie of some, so that 72 lies between the numbers with and without ties.
func TestTriangleInequalityFails(t *testing.T) {
	m := network.AWS()
	regions := m.Regions()
	rtt := func(a, b string) time.Duration {
		d, err := m.RTT(a, b)
		holds(t, err == nil, err)
		return d
	}
	pairs, shorter, ties := 0, 0, 0
	for i, a := range regions {
		for _, b := range regions[:i] {
			pairs++
			best := time.Duration(1 << 62)
			for _, via := range regions {
				if via != a && via != b {
					best = min(best, rtt(a, via)+rtt(via, b))
				}
			}
			switch direct := rtt(a, b); {
			case best < direct:
				shorter++
			case best == direct:
				ties++
			}
		}
	}
	equal(t, 171, pairs)
	between(t, shorter, shorter+ties, 72)
	between(t, 0, 2, ties)
}

func TestNetworkTakesHalfTheRoundTrip(t *testing.T) {
	m := network.AWS()
	placement := []string{"eu-west-1", "us-east-1", "eu-west-1"}
	n, err := m.Network(placement, network.Jitter{})
	holds(t, err == nil, err)
	for from := range sim.NodeID(4) {
		for to := range sim.NodeID(4) {
			rtt, err := m.RTT(placement[from%3], placement[to%3])
			holds(t, err == nil, err)
			l := &travel{net: n, from: from, to: to}
			equal(t, rtt/2, l.one(t, 0).Delay, from, to)
		}
	}
}

func TestSelectKeepsTheFigures(t *testing.T) {
	all := network.AWS()
	some, err := all.Select("us-east-1", "eu-west-1", "sa-east-1")
	holds(t, err == nil, err)
	equal(t, []string{"us-east-1", "eu-west-1", "sa-east-1"}, some.Regions())
	for _, a := range some.Regions() {
		for _, b := range some.Regions() {
			want, _ := all.RTT(a, b)
			got, err := some.RTT(a, b)
			holds(t, err == nil, err)
			equal(t, want, got)
		}
	}
}

func TestUnknownRegions(t *testing.T) {
	m := network.AWS()
	_, err := m.RTT("eu-wst-1", "us-east-1")
	message(t, `network: region is "eu-wst-1", want one of the 19 of the matrix; the nearest is "eu-west-1"`, err)
	_, err = m.Select("us-east-1", "us-eats-2", "eu-nroth-1")
	message(t, `network: region is "us-eats-2", want one of the 19 of the matrix; the nearest is "us-east-2"
network: region is "eu-nroth-1", want one of the 19 of the matrix; the nearest is "eu-north-1"`, err)
	_, err = m.Select("us-east-1", "us-east-1")
	message(t, `network: Matrix.regions[1] is "us-east-1", want a name of its own that does not begin with #`, err)
	_, err = m.Network(nil, network.Jitter{})
	message(t, "network: regions are empty, want at least one", err)
	_, err = m.RTT(strings.Repeat("x", 1_000_000), "us-east-1")
	holds(t, err != nil && len(err.Error()) < 200, "too long an error")
}

func TestReadMatrix(t *testing.T) {
	const good = "# a comment\nregion,lisbon,madrid\n\nlisbon, 0.2 ,12.5\nmadrid,12.5,2e-1\n"
	m, err := network.ReadMatrix(strings.NewReader(strings.ReplaceAll(good, " ,", ",")))
	holds(t, err == nil, err)
	for pair, want := range map[[2]string]time.Duration{
		{"lisbon", "madrid"}: 12_500 * time.Microsecond,
		{"madrid", "madrid"}: 200 * time.Microsecond,
	} {
		got, err := m.RTT(pair[0], pair[1])
		holds(t, err == nil, err)
		equal(t, want, got)
	}
}

func TestReadMatrixReportsEveryProblem(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "network: matrix is empty, want a header"},
		{"comments only", "# nothing\n", "network: matrix is empty, want a header"},
		{"no regions", "region\n", "network: matrix: line 1, column 1: the number of regions is 0, want 1 to 1000"},
		{"row missing", "region,a,b\na,1,2\n", "network: matrix has 1 rows, want 2, one a region"},
		{"row too many", "region,a\na,1\nb,1\n", `network: matrix: line 3, column 1: the row is "b", want only 1 rows, one a region`},
		{"names", "region,a,a,,#c\n", `network: matrix: line 1, column 10: the region is "a", want a name of its own that does not begin with #
network: matrix: line 1, column 12: the region is "", want a name of its own that does not begin with #
network: matrix: line 1, column 13: the region is "#c", want a name of its own that does not begin with #`},
		{"several", "region,a,b\nb,1,-2\na,3\n", `network: matrix: line 2, column 1: the row is "b", want "a", in the order of the columns
network: matrix: line 2, column 5: the time is "-2", want milliseconds, above 0 and at most an hour
network: matrix: line 3, column 1: the row is "a", want "b", in the order of the columns
network: matrix: line 3, column 3: the number of times in this row is 1, want 2`},
		{"asymmetric", "region,a,b\na,1,2\nb,3,1\n", "network: matrix: line 3, column 3: the time is 3, want 2 as in the other direction"},
		{"asymmetric the other way", "region,a,b\na,1,3\nb,2,1\n", "network: matrix: line 3, column 3: the time is 2, want 3 as in the other direction"},
		{"no number", "region,a\na,12ms\n", `network: matrix: line 2, column 3: the time is "12ms", want milliseconds, above 0 and at most an hour`},
		{"not a number", "region,a\na,NaN\n", `network: matrix: line 2, column 3: the time is "NaN", want milliseconds, above 0 and at most an hour`},
		{"zero", "region,a\na,0\n", `network: matrix: line 2, column 3: the time is "0", want milliseconds, above 0 and at most an hour`},
		{"too long", "region,a\na,3600001\n", `network: matrix: line 2, column 3: the time is "3600001", want milliseconds, above 0 and at most an hour`},
		{"quote", "region,a\na,1\"\n", `network: matrix: line 2, column 4: bare " in non-quoted-field`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := network.ReadMatrix(strings.NewReader(c.in))
			message(t, c.want, err)
		})
	}
}

func TestNewMatrixReportsEveryProblem(t *testing.T) {
	_, err := network.NewMatrix([]string{"a", "a", ""}, [][]time.Duration{{1, 2, 3}, {2, 0}, {4, 5, 1}})
	message(t, `network: Matrix.regions[1] is "a", want a name of its own that does not begin with #
network: Matrix.regions[2] is "", want a name of its own that does not begin with #
network: Matrix.rtt[1] is 2 long, want 3, one a region
network: Matrix.rtt[1][1] is 0s, want more than 0 and at most 1h0m0s
network: Matrix.rtt[2][0] is 4ns, want 3ns as in the other direction`, err)
	_, err = network.NewMatrix(nil, nil)
	message(t, "network: Matrix.regions is empty, want at least one", err)
}

func TestReadMatrixIsBounded(t *testing.T) {
	_, err := network.ReadMatrix(strings.NewReader("region,a\na," + strings.Repeat("1", 9<<20)))
	message(t, "network: matrix is larger than 8388608 bytes, want at most that", err)
	_, err = network.ReadMatrix(strings.NewReader("region" + strings.Repeat(",x", 100_000) + "\n"))
	holds(t, err != nil && strings.Count(err.Error(), "\n") < 20, "too many errors")
}

func FuzzReadMatrix(f *testing.F) {
	f.Add([]byte("region,lisbon,madrid\nlisbon,0.2,12.5\nmadrid,12.5,0.2\n"))
	f.Add([]byte("region,\"a\nb\"\n\"a\nb\",3600000\n"))
	f.Add([]byte("#\nr, a\na,1e-6\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := network.ReadMatrix(bytes.NewReader(in))
		if err != nil {
			return
		}
		var out bytes.Buffer
		holds(t, m.WriteCSV(&out) == nil)
		again, err := network.ReadMatrix(&out)
		holds(t, err == nil, err)
		equal(t, m, again)
		for _, a := range m.Regions() {
			for _, b := range m.Regions() {
				d, err := m.RTT(a, b)
				back, _ := m.RTT(b, a)
				holds(t, err == nil && d > 0 && d == back, a, b, d, back)
			}
		}
	})
}
