package reliability_test

// chainVectors computes what follows from chains, repair, laws and services.
var chainVectors = map[string]func() vector{}
