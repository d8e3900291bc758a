//go:build browser

package report

// Documents of the tests.
var (
	PlainDocument   = document
	HostileDocument = hostileDocument
)
