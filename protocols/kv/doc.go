// Package kv is a replicated key-value store as far as its protocols share it: the state machine with its sessions, the
// messages between clients and servers, and the client itself.
package kv
