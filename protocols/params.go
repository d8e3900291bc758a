package protocols

import "fmt"

// paramsOf returns what params points to, which must be a P.
func paramsOf[P any](name string, params any) (P, error) {
	p, ok := params.(*P)
	if !ok || p == nil {
		var want P
		return want, fmt.Errorf("protocols: %s params are a %T, want a *%T", name, params, want)
	}
	return *p, nil
}

// atLeast reports too few nodes.
func atLeast(name string, want, nodes int) error {
	if nodes >= want {
		return nil
	}
	return fmt.Errorf("protocols: %s has %d nodes, want at least %d", name, nodes, want)
}
