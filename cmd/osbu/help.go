package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"roll_file": "Columns identity_code, birth_date (where there is no code), municipality, " +
			"area, protected, and previous_identity_code where a code has changed; comma, semicolon or tab; " +
			"UTF-8, UTF-16 or Windows-1252.",
		"person_reason": "Why, such as the number of the case. It stays in the database, for nobody is looked up " +
			"without a trace.",
		"roll_remove": "How many people may disappear from the roll. Default: one in twenty.",
	}
}
