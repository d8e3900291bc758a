package reliability

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
)

// The expansion for many degrees of freedom agrees with the inverse of the incomplete beta function.
func TestStudentQuantile(t *testing.T) {
	for _, degrees := range []int{20, 30, 100, 1000, 100_000} {
		for _, level := range []float64{.5, .9, .95, .99} {
			exact := distuv.StudentsT{Sigma: 1, Nu: float64(degrees)}.Quantile((1 + level) / 2)
			require.InEpsilon(t, exact, studentQuantile(level, degrees), 2e-6, "%d degrees, level %v", degrees, level)
		}
	}
}
