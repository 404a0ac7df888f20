//go:build race

package record

// few attempts of many: the detector makes a verification several times slower,
// and every one starts the same goroutines. scripts/test makes all of them
// without it.
func few(many int) int { return many / 10 }
