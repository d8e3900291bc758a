package primarybackup

// Bug names a fault of implementation, planted on purpose; "" is none.
type Bug string

// The faults of implementation.
const (
	// NaiveFailover lets backups promote themselves (Failover: Naive): two primaries, and writes that are lost.
	NaiveFailover Bug = "naive-failover"
	// NoFencing lets servers take part in views that are over (Unfenced): a primary that was replaced while it was paused
	// or cut off goes on, and overwrites what its successor did. Kleppmann, How to do distributed locking, 2016.
	NoFencing Bug = "no-fencing"
	// NoLeaseWait makes a new primary before the lease of the old one is over.
	NoLeaseWait Bug = "no-lease-wait"
	// NoDriftMargin waits for just the length of the lease, as if all clocks ran alike.
	NoDriftMargin Bug = "no-drift-margin"
	// LeaseByTimer lets a timer end the lease: after a pause, what arrived before the timer was due is served first.
	LeaseByTimer Bug = "lease-by-timer"
	// UnleasedReads checks the lease for writes, but not for local reads.
	UnleasedReads Bug = "unleased-reads"
	// StalePromotion makes a primary of the first server that answers, whether it was in the view or not.
	StalePromotion Bug = "stale-promotion"
	// EarlyReply acknowledges a write as soon as the primary itself has it: asynchronous replication under another name.
	EarlyReply Bug = "early-reply"
	// AckBeforeDurable lets backups confirm what they have not written yet.
	AckBeforeDurable Bug = "ack-before-durable"
	// NoSessionsInTransfer leaves the session table out of the state that is sent to a backup: after a failover an
	// operation that is asked again takes effect again.
	NoSessionsInTransfer Bug = "no-sessions-in-transfer"
	// NoPreviousCheck lets a backup append whatever comes, also if something before it is missing.
	NoPreviousCheck Bug = "no-previous-check"
	// ViewNotPersisted keeps the view in the view service's memory only.
	ViewNotPersisted Bug = "view-not-persisted"
	// PromiseNotPersisted lets a server forget, when it restarts, which view it has promised itself to.
	PromiseNotPersisted Bug = "promise-not-persisted"
	// ReignAfterRestart lets a primary that restarts go on in its view, in which it may have sent what it has lost.
	ReignAfterRestart Bug = "reign-after-restart"
)

// Bugs returns all of them.
func Bugs() []Bug {
	return []Bug{NaiveFailover, NoFencing, NoLeaseWait, NoDriftMargin, LeaseByTimer, UnleasedReads, StalePromotion, EarlyReply,
		AckBeforeDurable, NoSessionsInTransfer, NoPreviousCheck, ViewNotPersisted, PromiseNotPersisted, ReignAfterRestart}
}
