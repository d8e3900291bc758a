package reliability_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

func TestParseReportsEverythingThatIsWrong(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{`line 1, column 1: got the end, want a system, such as series(0.99, 0.999)`}},
		{"only a comment", "# nothing", []string{`line 1, column 10: got the end, want a system, such as series(0.99, 0.999)`}},
		{"not closed", "series(a,b", []string{`line 1, column 11: got the end, want "," or ")"`}},
		{"not opened", "0.9)", []string{`line 1, column 4: got ")", want ";", the end of the line or the end`}},
		{"several lines", "series(0.9,, 0.8)\nx = (0.9\n; 0.8", []string{
			`line 1, column 12: got ",", want a block: an availability such as 0.999, a name, or a kind such as series(...)`,
			`line 3, column 1: got ";", want ")"`,
		}},
		{"empty", "series()", []string{`line 1, column 8: got ")", want a block: an availability such as 0.999, a name, or a kind such as series(...)`}},
		{"not a probability", "series(1.2, -0.3, 101%, x(u=2))", []string{
			`line 1, column 8: got "1.2", want a probability from 0 to 1`, `line 1, column 13: got "-0.3", want a probability from 0 to 1`,
			`line 1, column 19: got "101%", want a probability from 0 to 1`, `line 1, column 29: got "2", want a probability from 0 to 1`,
		}},
		{"unknown part", "series(0.9, database)", []string{`line 1, column 13: got "database", want the name of a part or block that is defined, or a value for it as in database=0.999`}},
		{"cycle", "a = series(b, 0.9); b = series(a, 0.8)", []string{`line 1, column 12: got "b", want a diagram without cycles: b -> a -> b`}},
		{"cycle of one", "a = series(a, 0.9)", []string{`line 1, column 12: got "a", want a diagram without cycles: a -> a`}},
		{"cycle of copies", "a = series(2 * a, 0.9)", []string{`line 1, column 16: got "a", want a diagram without cycles: a -> a`}},
		{"k greater than n", "kofn(4, 0.9, 0.9, 0.9)", []string{`line 1, column 6: got "4", want 1 to 3, the number of blocks`}},
		{"k of copies", "kofn(4, 3 * 0.9)", []string{`line 1, column 6: got "4", want 1 to 3, the number of blocks`}},
		{"k is 0", "kofn(0, 0.9)", []string{`line 1, column 6: got "0", want 1 to 1, the number of blocks`}},
		{"k is no number", "kofn(a, 0.9)", []string{`line 1, column 6: got "a", want how many have to work, a whole number`}},
		{"threshold", "vote(5, 2: 0.9, 0.9)", []string{`line 1, column 6: got "5", want 1 to 3, the sum of the weights`}},
		{"grid", "grid(2, 2, 3 * 0.9)", []string{`line 1, column 6: got 2 rows and 2 columns, want a product of 3, the number of blocks`}},
		{"bridge", "bridge(0.9)", []string{`line 1, column 1: got a bridge of 1 blocks, want 5`}},
		{"network without links at an end", "network(s, t, s-a: 0.9)", []string{`line 1, column 12: got no link at "t", want links at both ends`}},
		{"MTTF of zero", "db(mttf=0h, mttr=1h)", []string{`line 1, column 9: got "0h", want a mean time to failure of more than 0`}},
		{"MTTF alone", "db(mttf=1h)", []string{`line 1, column 1: got one mean time, want mttf and mttr, or one of them and the availability`}},
		{"no unit", "db(mttf=1000, mttr=1h)", []string{`line 1, column 9: got "1000", want a time such as 1000h, in ms, s, min, h, d or y`}},
		{"no such attribute", "db(mtbf=1h)", []string{`line 1, column 4: got "mtbf", want one of a=, u=, q=, mttf=, mttr=`}},
		{"attribute twice", "db(u=0.1, q=0.1)", []string{`line 1, column 11: got "q", want each attribute once, and one of a, u and q`}},
		{"name twice", "series(db=0.9, db=0.8)", []string{`line 1, column 16: got "db", want a name of its own: line 1, column 8 defines this one`}},
		{"two names", "a = b(u=0.1)", []string{`line 1, column 1: got "a", want one name: this is already called "b"`}},
		{"name of a kind", "series = 0.9", []string{`line 1, column 1: got "series", want a name that is no kind of block, or one in quotes`}},
		{"two systems", "0.9\n0.8", []string{`line 2, column 1: got a second statement that is no definition, want one, which is the system: that of line 1`}},
		{"three systems", "3 * 0.9", []string{`line 1, column 1: got 3 blocks, want one: say how many of them have to work, as in kofn(2, ...)`}},
		{"hidden name", "series(parallel(2 * a=0.9), a)", []string{`line 1, column 29: got "a", want a name that is defined here: this one is defined where copies are made, for each copy`}},
		{"one common cause", "common(beta=0.1, a=0.9); a", []string{`line 1, column 1: got a common cause of one part, want at least 2`}},
		{"unequal parts", "parallel(common(beta=0.1, 0.9, 0.8))", []string{`line 1, column 32: got unavailability 0.2, want parts alike: the first has 0.1`}},
		{"too many letters", "parallel(common(beta=0.1, gamma=0.1, 0.9, 0.9))", []string{`line 1, column 10: got 2 Greek letters for 2 parts, want 1 to 1: beta=, gamma=, ...`}},
		{"common block", "parallel(common(beta=0.1, 2 * series(0.9)))", []string{`line 1, column 27: got "2", want a part: only parts have common causes`}},
		{"too many blocks", "series(1000 * (series(1000 * 0.9)))", []string{`line 1, column 16: got a diagram of more blocks, want at most 16384`}},
		{"several at once", "series(a=1.5, kofn(3, a, b))", []string{
			`line 1, column 10: got "1.5", want a probability from 0 to 1`,
			`line 1, column 26: got "b", want the name of a part or block that is defined, or a value for it as in b=0.999`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := reliability.Parse(tt.text)
			require.Error(t, err)
			require.Equal(t, tt.want, messages(err))
		})
	}
}

// messages returns each error without the name of the package.
func messages(err error) []string {
	var joined interface{ Unwrap() []error }
	var list []string
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			list = append(list, messages(e)...)
		}
		return list
	}
	return []string{err.Error()[len("reliability: "):]}
}
