package experiments

// lie checks what a lie says of itself, and that messages of the protocol can be lied about.
func (c *checker) lie(f *Fault, path string) {
	how := member(path, "how")
	switch f.How {
	case "":
		c.bad(how, "nothing", "what it says instead, such as corrupt")
	case "corrupt", "twofaced":
		if entry, ok := c.entry(); ok && !entry.Lies {
			c.bad(how, "", "silent, replay or delay: the messages of "+entry.Name+" say nothing of what a falsehood would be")
		}
	}
}
