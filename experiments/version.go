package experiments

// Version is the version of lightcone. It stands in every result, since another version may give a seed another run.
const Version = "0.1.0"
