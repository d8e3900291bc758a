package reliability_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/exp/ebnf"

	"lightcone/models/reliability"
)

// TestGrammar keeps the parser to the grammar that users read: it takes every sentence of it, and each production is
// used.
func TestGrammar(t *testing.T) {
	f, err := os.Open("testdata/diagram.ebnf")
	require.NoError(t, err)
	defer f.Close()
	grammar, err := ebnf.Parse("diagram.ebnf", f)
	require.NoError(t, err)
	require.NoError(t, ebnf.Verify(grammar, "Diagram"))
	s := &speaker{grammar: grammar, rand: rand.New(rand.NewPCG(1, 2)), used: map[string]bool{}}
	for range 2000 {
		s.text.Reset()
		s.names = 0
		s.say(grammar["Diagram"].Expr, 0)
		_, err := reliability.Parse(s.text.String())
		require.NoError(t, err, "%s", s.text.String())
	}
	for name := range grammar {
		require.True(t, s.used[name] || name == "Diagram", "no sentence uses %s", name)
	}
}

// speaker makes sentences of a grammar at random.
type speaker struct {
	grammar ebnf.Grammar
	rand    *rand.Rand
	text    strings.Builder
	names   int
	used    map[string]bool
}

// deepest is how deep productions are nested before the first, and shortest, alternative is taken.
const deepest = 30

func (s *speaker) say(e ebnf.Expression, depth int) {
	switch e := e.(type) {
	case ebnf.Alternative:
		i := 0
		if depth < deepest {
			i = s.rand.IntN(len(e))
		}
		s.say(e[i], depth+1)
	case ebnf.Sequence:
		for _, part := range e {
			s.say(part, depth+1)
		}
	case *ebnf.Name:
		s.used[e.String] = true
		if e.String == "name" {
			s.names++
			fmt.Fprintf(&s.text, "x%d ", s.names)
			return
		}
		s.say(s.grammar[e.String].Expr, depth+1)
	case *ebnf.Token:
		s.text.WriteString(e.String)
	case *ebnf.Group:
		s.say(e.Body, depth+1)
	case *ebnf.Option:
		if s.rand.IntN(2) == 0 {
			s.say(e.Body, depth+1)
		}
	case *ebnf.Repetition:
		for s.rand.IntN(3) == 0 {
			s.say(e.Body, depth+1)
		}
	}
}
