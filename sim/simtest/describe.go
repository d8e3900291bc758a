package simtest

import (
	"fmt"

	"lightcone/sim"
)

// Describe says in words what an event was, without its time.
func Describe(e *sim.Event) string {
	name := e.Name()
	switch e.Kind {
	case sim.Init:
		return fmt.Sprintf("%v starts", e.Node)
	case sim.Deliver:
		return fmt.Sprintf("%v receives %v%s: %s", e.Node, name, copyText(e), Show(e.Value))
	case sim.Timeout:
		return fmt.Sprintf("%v has a timeout%s", e.Node, tagText(e))
	case sim.Send:
		return fmt.Sprintf("%v sends %v: %s", e.Node, name, Show(e.Value))
	case sim.Drop:
		return fmt.Sprintf("%v%s is lost: %v", name, copyText(e), e.Cause)
	case sim.TimerSet:
		return fmt.Sprintf("%v sets a timer for %v%s", e.Node, e.At, tagText(e))
	case sim.TimerStopped:
		return fmt.Sprintf("%v stops a timer%s", e.Node, tagText(e))
	case sim.Persist:
		return fmt.Sprintf("%v writes %s: %s", e.Node, e.Text, Show(e.Value))
	case sim.Durable:
		return fmt.Sprintf("%v has %s on disk", e.Node, e.Text)
	case sim.WriteLost:
		return fmt.Sprintf("%v's write of %s is %v", e.Node, e.Text, e.Fate)
	case sim.Note:
		return fmt.Sprintf("%v notes: %s", e.Node, Show(e.Value))
	case sim.BadgeSet:
		return fmt.Sprintf("%v is %s", e.Node, badgeText(e.Role, e.Text))
	}
	return describeFault(e)
}

func describeFault(e *sim.Event) string {
	switch e.Kind {
	case sim.Crashed:
		return fmt.Sprintf("%v crashes", e.Node)
	case sim.Recovered:
		return fmt.Sprintf("%v recovers", e.Node)
	case sim.Paused:
		return fmt.Sprintf("%v is paused", e.Node)
	case sim.Resumed:
		return fmt.Sprintf("%v goes on", e.Node)
	case sim.CutMade:
		return e.Cut.String()
	case sim.CutHealed:
		return sim.Heal{Name: e.Text}.String()
	case sim.WallStepped:
		return fmt.Sprintf("%v's wall clock steps by %v", e.Node, e.Step)
	}
	return fmt.Sprintf("%v: %s", e.Kind, e.Text)
}

func copyText(e *sim.Event) string {
	if e.Copy == 0 {
		return ""
	}
	return fmt.Sprintf(" (copy %d)", e.Copy)
}

func tagText(e *sim.Event) string {
	if e.Value == nil {
		return ""
	}
	return ": " + Show(e.Value)
}

func badgeText(role, text string) string {
	switch {
	case text == "":
		return role
	case role == "":
		return text
	}
	return role + ", " + text
}
