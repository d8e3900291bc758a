// Package cmd holds the commands: lightcone, which runs scenarios, and detvet, which checks code for what would make
// runs differ. Its tests check what is true of the repository as a whole.
package cmd
