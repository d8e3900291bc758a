package generals

// OralMessages returns how many messages OM(m) takes with n generals, all of them loyal:
// (n-1) + (n-1)(n-2) + ... + (n-1)...(n-1-m). It stops counting soon after MaxMessages.
func OralMessages(n, m int) int {
	sum, round := 0, 1
	for k := 0; k <= m && sum <= MaxMessages; k++ {
		round *= n - 1 - k
		sum += round
	}
	return sum
}

// OralMessagesOf returns how many of them one general sends: n-1 the commander. A lieutenant acts as the commander of
// OM(m-k) once for each path of k generals to it, towards the n-1-k that are not on it.
func OralMessagesOf(n, m int, commander bool) int {
	if commander {
		return n - 1
	}
	sum, paths := 0, 1
	for k := 1; k <= m && sum <= MaxMessages; k++ {
		sum += paths * (n - 1 - k)
		paths *= n - 1 - k
	}
	return sum
}

// SignedMessages returns how many messages SM(m) takes with n generals, all of them loyal: one from the commander to
// each lieutenant, and, unless m is 0, one from each lieutenant to each other; that is (n-1)^2.
func SignedMessages(n, m int) int {
	if m == 0 {
		return n - 1
	}
	return (n - 1) * (n - 1)
}
