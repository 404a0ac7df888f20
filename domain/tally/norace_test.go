//go:build !race

package tally_test

const underRace = false

func few(many uint64) uint64 { return many }
