package figure

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	update = flag.Bool("update", false, "write the golden figures anew")
	seen   = flag.String("figure.png", "", "write the gallery as PNG to this directory, to be looked at")
)

// TestGallery compares a figure of every kind with its golden SVG, byte for byte, drawn twice.
func TestGallery(t *testing.T) {
	for _, g := range gallery() {
		t.Run(g.name, func(t *testing.T) {
			svg, err := g.figure.SVG()
			require.NoError(t, err)
			again, err := g.figure.SVG()
			require.NoError(t, err)
			require.Equal(t, string(svg), string(again))
			golden := filepath.Join("testdata", g.name+".svg")
			if *update {
				require.NoError(t, os.WriteFile(golden, svg, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.True(t, string(want) == string(svg), "%s is not what is drawn: run with -update and look at the difference", golden)
			if *seen != "" {
				png, err := g.figure.PNG()
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(*seen, g.name+".png"), png, 0o644))
			}
		})
	}
}
