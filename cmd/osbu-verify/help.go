package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"key": "The round's log key, from elsewhere than the record: a receipt, a " +
			"poster, a witness.",
		"code": "The ballot's check code, from elsewhere: a poster, a letter, " +
			"the city's announcement.",
		"record": "Check a round's record: signatures, log, every ballot, counts, " +
			"outcome, and that no byte was changed.",
		"receipt": "Check a voter's receipt: that her ballot is in the round's log, or " +
			"promised to be.",
		"sample": "Check a round's record and draw some of its ballots, to look at by " +
			"hand: the same for everybody who has the seed.",
		"seed": "Any text. Throw dice for it when the record is out, so that nobody could " +
			"know which ballots would be drawn.",
		"receipt_record": "The round's record: the ballot must be in its log. Check the record " +
			"itself with the other command.",
	}
}
