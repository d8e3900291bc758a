// Package check judges histories of operations: what clients asked of a store and what they were told.
package check
