package experiments

import (
	"fmt"
	"strings"
	"time"
)

// domains checks the tree of failure domains: that every node has a place in it.
func (c *checker) domains() {
	const path = "$.domains"
	d := c.Domains
	if d == nil || !c.has("domains", "levels") || concerns(c.given, path) {
		return
	}
	before := len(c.problems)
	for i := range d.Levels {
		c.level(&d.Levels[i], element(path+".levels", i))
	}
	ways := 0
	for _, key := range []string{"places", "spread", "groups"} {
		if c.has("domains", key) {
			ways++
		}
	}
	switch {
	case ways != 1:
		c.bad(path, fmt.Sprintf("%d of places, spread and groups", ways), "one of them: where the nodes are")
	case d.Spread != nil:
		c.sizes(d.Spread, path+".spread")
		if len(d.Spread) != len(d.Levels) {
			c.bad(path+".spread", counted(len(d.Spread)), fmt.Sprintf("one for each level, %d", len(d.Levels)))
		}
	case d.Groups != nil:
		c.sizes(d.Groups, path+".groups")
		if len(d.Levels) != 1 {
			c.bad(path+".groups", fmt.Sprintf("groups with %d levels", len(d.Levels)), "one level (or places, or spread)")
		}
		if sum := total(d.Groups); sum != c.nodes {
			c.bad(path+".groups", fmt.Sprintf("groups of %d nodes", sum), fmt.Sprintf("one of every node, %d", c.nodes))
		}
	case len(d.Places) != c.nodes:
		c.bad(path+".places", counted(len(d.Places)), fmt.Sprintf("one for each node, %d", c.nodes))
	default:
		for i, place := range d.Places {
			if n := strings.Count(place, "/") + 1; n != len(d.Levels) {
				c.bad(element(path+".places", i), "", fmt.Sprintf("a name for each level with / between, %d", len(d.Levels)))
			}
		}
	}
	if len(c.problems) > before || c.nodes < 1 || c.nodes > MaxNodes {
		return
	}
	if err := d.tree(c.nodes).Validate(c.nodes); err != nil {
		c.bad(path, shorten(strings.ReplaceAll(err.Error(), "\n", "; "), 200), "domains that can fail")
	}
}

// level checks how the domains of a level fail.
func (c *checker) level(v *DomainLevel, path string) {
	switch {
	case v.Up != nil && v.Down == nil:
		c.bad(member(path, "down"), "nothing", "the law of the time until it is repaired")
	case v.Up == nil && v.Down != nil:
		c.bad(member(path, "up"), "nothing", "the law of the time until it happens")
	case v.Hit != nil && *v.Hit == 0:
		c.bad(member(path, "hit"), "", "more than 0")
	}
	if v.Up != nil {
		c.endless()
	}
}

// sizes checks numbers of domains, or of nodes in them.
func (c *checker) sizes(list []int, path string) {
	for i, n := range list {
		if n < 1 || n > MaxNodes {
			c.bad(element(path, i), "", fmt.Sprintf("1 to %d", MaxNodes))
		}
	}
}

func total(list []int) int {
	sum := 0
	for _, n := range list {
		sum += min(max(n, 0), MaxNodes)
	}
	return sum
}

// budget checks the bound of what goes wrong at once.
func (c *checker) budget() {
	const path = "$.budget"
	b := c.Budget
	if b == nil {
		return
	}
	if c.nodes > 0 && b.F >= c.nodes {
		c.bad(path+".f", "", fmt.Sprintf("less than the number of nodes, %d", c.nodes))
	}
	if b.Healed != nil && *b.Healed == 0 {
		c.bad(path+".healed", "", "more than 0s")
	}
	c.beyond(b.Healed, path+".healed")
	for i := range c.Faults {
		if at := c.Faults[i].At; at != nil && b.Healed != nil && *b.Healed > 0 && *at >= *b.Healed {
			c.bad(member(element("$.faults", i), "at"), "", fmt.Sprintf("a time before all is healed, %v", time.Duration(*b.Healed)))
		}
	}
}
