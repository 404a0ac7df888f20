package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"crash": "Play one against an osbu of our own whose servers die, hang and lose " +
			"connections (scripts/crash).",
		"journey": "Whole visits instead, from the front page to the log's proof, of people who sign " +
			"in at a provider of the hammer's, to an osbu of its own on this machine, or with --url of " +
			"people with voting codes to one that runs there; --within says in what time they come.",
		"cohort": "Journey: voters who go through the steps together beforehand, by which each step's " +
			"CPU is told.",
		"release": "Journey without --url: time from one release of ballots into the log to the next, before each of which " +
			"the server mixes the rights (OSBU_RELEASE_EVERY, 1h unless a city says otherwise).",
		"pb": "Pabulib file whose ballots are cast: approval, choose-1, cumulative or ordinal.",
		"paper": "Share of the ballots, from 0 to 1, that come on paper: marked at a place, keyed in by two people of " +
			"whom one errs, compared, keyed again and put into the log. The roll is imported by --osbu, whose environment " +
			"has to be the server's.",
		"last": "First all get their credentials, and then all ballots come, --within " +
			"0s as fast as the box takes them.",
		"overload": "After a last evening's first half, offer four times the rate reached " +
			"for so long.",
		"metrics": "Where the server shows its metrics (OSBU_METRICS_ADDR), and so its memory; " +
			"without it the memory is not read.",
		"standby": "Instead lose primaries of office and box, so often, and go on with " +
			"their synchronous standbys.",
		"restore": "Instead lose both databases and restore them from base backup and " +
			"archive, the box to an earlier moment.",
		"crash_pb":   "Pabulib file whose ballots are cast, over and over.",
		"pb_default": defaultPB,
	}
}

// defaultPB is cast, over and over, where no file is named.
const defaultPB = "cmd/osbu/service/testdata/France_Toulouse_2022_3_-_Les_Chalets_Bayard_Belfort_Saint_Aubin_Dupuy.pb"
