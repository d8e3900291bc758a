package simtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/sim"
)

// parseAction reads a command that acts on the world from outside.
func parseAction(command string, args []string) (sim.Action, error) {
	switch command {
	case "crash", "recover", "pause", "resume":
		return parseNodeAction(command, args)
	case "cut":
		return parseCut(args)
	case "heal":
		return sim.Heal{Name: strings.Join(args, " ")}, nil
	case "stepwall":
		return parseStepWall(args)
	}
	return nil, fmt.Errorf("no command %q", command)
}

func parseNodeAction(command string, args []string) (sim.Action, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("%s wants a node", command)
	}
	id, err := nodeID(args[0])
	if err != nil {
		return nil, err
	}
	switch {
	case command == "crash" && len(args) == 3 && args[1] == "after":
		k, err := number(args[2:])
		return sim.CrashDuring{Node: id, After: int(k)}, err
	case len(args) > 1:
		return nil, fmt.Errorf("%s %s, want one node", command, strings.Join(args, " "))
	}
	switch command {
	case "crash":
		return sim.Crash{Node: id}, nil
	case "recover":
		return sim.Recover{Node: id}, nil
	case "pause":
		return sim.Pause{Node: id}, nil
	}
	return sim.Resume{Node: id}, nil
}

// parseCut reads NAME n0 n1 | n2.
func parseCut(args []string) (sim.Action, error) {
	bar := slices.Index(args, "|")
	if bar < 2 || bar == len(args)-1 {
		return nil, errors.New("cut wants NAME n0 n1 | n2, with a node on either side")
	}
	from, err := nodeIDs(args[1:bar])
	to, err2 := nodeIDs(args[bar+1:])
	return sim.Cut{Name: args[0], From: from, To: to}, errors.Join(err, err2)
}

func parseStepWall(args []string) (sim.Action, error) {
	if len(args) != 2 {
		return nil, errors.New("stepwall wants a node and a duration")
	}
	id, err := nodeID(args[0])
	by, err2 := duration(args[1])
	return sim.StepWall{Node: id, By: by}, errors.Join(err, err2)
}

func nodeIDs(words []string) ([]sim.NodeID, error) {
	ids := make([]sim.NodeID, len(words))
	var errs []error
	for i, w := range words {
		var err error
		ids[i], err = nodeID(w)
		errs = append(errs, err)
	}
	return ids, errors.Join(errs...)
}

func nodeID(word string) (sim.NodeID, error) {
	digits, ok := strings.CutPrefix(word, "n")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil {
		return sim.Nobody, fmt.Errorf("node is %q, want a name such as n0", word)
	}
	return sim.NodeID(n), nil
}

// messageName reads n0->n1#3.
func messageName(word string) (sim.MessageName, error) {
	ends, k, ok := strings.Cut(word, "#")
	from, to, ok2 := strings.Cut(ends, "->")
	f, err := nodeID(from)
	t, err2 := nodeID(to)
	n, err3 := strconv.ParseUint(k, 10, 64)
	if !ok || !ok2 || err != nil || err2 != nil || err3 != nil || n == 0 {
		return sim.MessageName{}, fmt.Errorf("message is %q, want a name such as n0->n1#3", word)
	}
	return sim.MessageName{From: f, To: t, K: n}, nil
}

func number(words []string) (uint64, error) {
	if len(words) != 1 {
		return 0, fmt.Errorf("got %d words, want one number", len(words))
	}
	n, err := strconv.ParseUint(words[0], 10, 31)
	if err != nil {
		return 0, fmt.Errorf("number is %q, want an integer from 0", words[0])
	}
	return n, nil
}

func duration(word string) (time.Duration, error) {
	d, err := time.ParseDuration(word)
	if err != nil {
		return 0, fmt.Errorf("duration is %q, want one such as 150ms", word)
	}
	return d, nil
}
