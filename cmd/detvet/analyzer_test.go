package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestAnalyzerFindsEachPlantedBug(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), Analyzer, "a")
}
