package table

import (
	"bytes"
	"math"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// TestParquetHasTheColumnsOfCSV reads the export back, by the names and types that the file itself declares.
func TestParquetHasTheColumnsOfCSV(t *testing.T) {
	table := example()
	var b bytes.Buffer
	require.NoError(t, table.WriteParquet(&b))
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	var names []string
	kinds := map[string]parquet.Kind{}
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
		kinds[c.Name()] = c.Type().Kind()
	}
	require.Equal(t, table.headers(), names)
	require.Equal(t, parquet.ByteArray, kinds["params.retry"])
	require.Equal(t, parquet.Double, kinds["params.retry (s)"])
	require.Equal(t, parquet.Double, kinds["network.loss"])
	require.Equal(t, parquet.Int64, kinds["seed"])
	require.Equal(t, "INT(64,false)", f.Root().Column("seed").Type().String())
	require.Equal(t, parquet.Double, kinds["latency, p99 (ms)"])

	rows := make([]parquet.Row, len(table.Rows)+1)
	reader := parquet.NewReader(f)
	n, _ := reader.ReadRows(rows)
	require.Equal(t, len(table.Rows), n)
	for i, r := range table.Rows {
		got := rows[i]
		require.Equal(t, table.Factors[0].Levels[table.Points[r.Point][0]].Label, got[0].String())
		require.Equal(t, table.Factors[0].Levels[table.Points[r.Point][0]].Value, got[1].Double())
		require.Equal(t, table.Factors[1].Levels[table.Points[r.Point][1]].Label, got[2].String())
		require.Equal(t, table.Factors[2].Levels[table.Points[r.Point][2]].Value, got[3].Double())
		require.Equal(t, r.Seed, got[4].Uint64())
		require.Equal(t, r.Verdict, got[5].String())
		require.Equal(t, r.Failed == "", got[6].IsNull())
		require.Equal(t, r.Digest, got[7].String())
		require.Equal(t, r.Events, got[8].Uint64())
		require.Equal(t, r.VirtualTime, got[9].Double())
		for m, v := range r.Values {
			require.Equal(t, math.IsNaN(v), got[10+m].IsNull())
			if !math.IsNaN(v) {
				require.Equal(t, v, got[10+m].Double())
			}
		}
	}
	require.NoError(t, reader.Close())
}

func TestParquetIsTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	require.NoError(t, example().WriteParquet(&a))
	require.NoError(t, example().WriteParquet(&b))
	require.Equal(t, a.Bytes(), b.Bytes())
}
