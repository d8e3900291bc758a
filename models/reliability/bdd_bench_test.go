package reliability_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// stores is a service of 100 parts and more in three zones: racks of hosts with their disks hold five shards of three
// replicas over racks of different zones; zones share two networks, racks share power, all share names and keys.
func stores() string {
	var b strings.Builder
	b.WriteString("dns = parallel(2 * server(mttf=4000h, mttr=2h)); keys = majority(3 * box(mttf=2000h, mttr=4h))\n")
	for z := range 3 {
		fmt.Fprintf(&b, "zone%d(mttf=20000h, mttr=2h); net%d = parallel(sw%da(mttf=9000h, mttr=1h), sw%db(mttf=9000h, mttr=1h))\n", z, z, z, z)
		for r := range 5 {
			fmt.Fprintf(&b, "rack%d.%d = series(zone%d, net%d, power%d.%d(mttf=30000h, mttr=6h), host%d.%d(mttf=1000h, mttr=1h), nic%d.%d(mttf=50000h, mttr=5h))\n", z, r, z, z, z, r, z, r, z, r)
		}
	}
	var shards []string
	for s := range 10 {
		var replicas []string
		for z := range 3 {
			replicas = append(replicas, fmt.Sprintf("series(rack%d.%d, disk%d.%d(mttf=8000h, mttr=12h), store%d.%d(mttf=500h, mttr=1min))", z, (s+z*(s/5))%5, s, z, s, z))
		}
		shards = append(shards, "majority("+strings.Join(replicas, ", ")+")")
	}
	b.WriteString("series(dns, keys, " + strings.Join(shards, ", ") + ")\n")
	return b.String()
}

// tree is a fault tree of 25 basic events, most of them under several gates: pumps and valves in three trains, with
// power, cooling and signals between them.
const tree = `
pump1(u=3e-3); pump2(u=3e-3); pump3(u=3e-3); valve1(u=1e-3); valve2(u=1e-3); valve3(u=1e-3); check1(u=1e-4); check2(u=1e-4); check3(u=1e-4)
diesel1(u=2e-2); diesel2(u=2e-2); grid1(u=1e-3); bus1(u=1e-5); bus2(u=1e-5); dc1(u=1e-5); dc2(u=1e-5)
cool1(u=5e-3); cool2(u=5e-3); sensor1(u=1e-3); sensor2(u=1e-3); sensor3(u=1e-3); logic1(u=1e-4); logic2(u=1e-4); tank(u=1e-7); operator(u=1e-2)
power1 = series(bus1, dc1, parallel(grid1, diesel1)); power2 = series(bus2, dc2, parallel(grid1, diesel2))
signal = series(kofn(2, sensor1, sensor2, sensor3), parallel(logic1, logic2, operator))
water1 = series(cool1, power1); water2 = series(cool2, power2)
train1 = series(pump1, valve1, check1, power1, parallel(water1, water2), signal)
train2 = series(pump2, valve2, check2, power2, parallel(water1, water2), signal)
train3 = series(pump3, valve3, check3, parallel(power1, power2), water2, parallel(signal, operator))
series(tank, kofn(2, train1, train2, train3))`

// mesh is a network of 5 by 5 vertices, which no series and parallel blocks make up.
func mesh() string {
	return reliability.GridNetwork(5, 5, reliability.Part{Name: "l", MTTF: 1000, MTTR: 4}).String()
}

// placedShards is what defeats any order of the parts most: 34 groups of three of 100 nodes in no order.
func placedShards() string {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "n%d(mttf=1000h, mttr=1h); ", i)
	}
	b.WriteString("series(")
	for g := range 34 {
		if g > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "majority(n%d, n%d, n%d)", g*3%100, (g*3+1+g%3)%100, (g*3+2+g%5)%100)
	}
	b.WriteString(")")
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	text := stores()
	b.ReportAllocs()
	for b.Loop() {
		diagram(text)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	for _, s := range []struct{ name, text string }{
		{"stores", stores()}, {"tree", tree}, {"mesh", mesh()}, {"shards", placedShards()},
	} {
		d := diagram(s.text)
		b.Run(fmt.Sprintf("%s/parts=%d", s.name, len(d.Parts())), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := d.Evaluate()
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkImportance(b *testing.B) {
	for _, s := range []struct{ name, text string }{
		{"stores", stores()}, {"tree", tree}, {"mesh", mesh()}, {"shards", placedShards()},
	} {
		d := diagram(s.text)
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := d.Importance()
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkCutSets(b *testing.B) {
	for _, s := range []struct{ name, text string }{
		{"stores", stores()}, {"tree", tree}, {"mesh", mesh()}, {"shards", placedShards()},
	} {
		d := diagram(s.text)
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := d.CutSets(1000)
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkWorks(b *testing.B) {
	d := diagram(stores())
	up := make([]bool, len(d.Parts()))
	for i := range up {
		up[i] = i%7 > 0
	}
	for b.Loop() {
		d.Works(up)
	}
}
