package network

import (
	_ "embed"
	"strings"
)

//go:embed data/aws-rtt-ms.csv
var awsCSV string

// AWS returns the round-trip times measured between the 19 regions that AWS had in June 2020: ICMP over one hour,
// published with the fantoch project (V. Enes, latency_aws), here as the mean of both directions to 0.1 ms. Within a
// region it takes .08 to .30 ms. In more than two pairs of five a detour through a third region would be shorter than
// the direct way.
func AWS() *Matrix {
	m, err := ReadMatrix(strings.NewReader(awsCSV))
	if err != nil {
		panic(err) // the file is part of this package
	}
	return m
}
