// Package cluster holds what makes a sweep on many machines: files for Slurm, Kubernetes, GNU parallel and matrices of CI
// jobs, described in README.md. They need the command and nothing of this package, which only tests them.
package cluster
