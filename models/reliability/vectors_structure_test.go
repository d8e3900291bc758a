package reliability_test

// structureVectors computes what follows from the structure of a system: block diagrams, common causes, domains, quorums.
var structureVectors = map[string]func() vector{}
