package table

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSummaryCSVHasARowForEachMeasureAtEachPoint(t *testing.T) {
	table := example()
	var b bytes.Buffer
	require.NoError(t, table.WriteSummaryCSV(&b))
	records, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	require.NoError(t, err, "every row has as many columns as there are names")
	require.Len(t, records, 1+8*(1+4))
	require.Equal(t, strings.Split("params.retry,params.retry (s),policy,network.loss,measure,unit,n,missing,mean,mean_low,mean_high,method,sd,"+
		"median,median_low,median_high,p90,p90_low,p90_high,p99,p99_low,p99_high,min,max", ","), records[0])
	require.Equal(t, []string{"10ms", "0.01", "none", "0", "failed", "of runs", "3", "0", "0.3333333333333333"}, records[1][:9])
	require.Equal(t, []string{"10ms", "0.01", "none", "0", "latency, p99", "ms", "1", "2", "inf", "", ""}, records[3][:11])
	require.Equal(t, []string{"-1", "-inf", "inf"}, records[4][13:16], "a median of three is not bounded at 95 %")
}
