package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"record": "Check a round's record: signatures, log, every ballot, counts, " +
			"outcome, and that no byte was changed.",
		"receipt": "Check a voter's receipt: that her ballot is in the round's log, or " +
			"promised to be.",
		"receipt_record": "The round's record: the ballot must be in its log. Check the record " +
			"itself with the other command.",
	}
}
