package experiments

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The committed copy of the schema is the one that the structs give: what editors complete from is what is checked.
func TestSchemaIsCurrent(t *testing.T) {
	const file = "scenario.schema.json"
	if *update {
		require.NoError(t, os.WriteFile(file, Schema(), 0o644))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(Schema()), string(have), "run: lightcone schema > experiments/%s", file)
}

func TestNearest(t *testing.T) {
	names := []string{"latency", "loss", "duplicate", "us-east-1", "us-east-2"}
	for got, want := range map[string]string{"latnecy": "latency", "los": "loss", "Loss": "loss", "us-esat-2": "us-east-2", "xyzzy": "", "": ""} {
		require.Equal(t, want, nearest(got, names), got)
	}
	require.Equal(t, 1, distance("ab", "ba"))
	require.Equal(t, 3, distance("kitten", "sitting")) // the textbook's example
	require.Equal(t, 0, distance("", ""))
	require.Equal(t, 4, distance("", "four"))
}
