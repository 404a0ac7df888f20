//go:build race

package tally_test

// underRace: the detector makes a count eight times slower and has nothing to
// find, for its goroutines share nothing that is written. So it gets a part of
// the elections; scripts/test counts all of them without it.
const underRace = true

// few elections of many
func few(many uint64) uint64 { return many / 15 }
