package contention

import "fmt"

// What traces and pictures write.

func (Read) String() string { return "read" }

func (m Version) String() string { return fmt.Sprintf("version %d", m.Number) }

func (m Write) String() string { return fmt.Sprintf("write from %d", m.From) }

func (m Written) String() string {
	if m.Accepted {
		return "accepted"
	}
	return "refused"
}

// Badge shows the version.
func (s *Row) Badge() (role, text string) { return "row", fmt.Sprintf("version %d", s.Version) }

// Badge shows what the client is doing, and how often it has written.
func (c *Client) Badge() (role, text string) {
	switch c.Calls {
	case 0:
		return c.State.String(), ""
	case 1:
		return c.State.String(), "1 call"
	}
	return c.State.String(), fmt.Sprintf("%d calls", c.Calls)
}
