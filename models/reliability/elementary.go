package reliability

import "math"

// The elementary functions of package math differ in the last bit between platforms. Here that does no harm: what they
// make is shown, and nothing is drawn from it.

func exp(x float64) float64    { return math.Exp(x) }    //det:ok shown, never drawn from
func expm1(x float64) float64  { return math.Expm1(x) }  //det:ok shown, never drawn from
func log(x float64) float64    { return math.Log(x) }    //det:ok shown, never drawn from
func log1p(x float64) float64  { return math.Log1p(x) }  //det:ok shown, never drawn from
func pow(x, y float64) float64 { return math.Pow(x, y) } //det:ok shown, never drawn from
func lgamma(x float64) float64 { //det:ok shown, never drawn from
	g, _ := math.Lgamma(x) //det:ok shown, never drawn from
	return g
}
