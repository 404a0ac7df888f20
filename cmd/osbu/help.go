package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"roll_file": "Columns identity_code, birth_date (where there is no code), municipality, " +
			"area, protected, and previous_identity_code where a code has changed; comma, semicolon or tab; " +
			"UTF-8, UTF-16 or Windows-1252.",
		"decidim_export": "Decidim's open data, as its page Open data gives it: HOST-open-data-proposals.csv and others " +
			"in one zip, of any version.",
		"decidim_areas": "Which of Decidim's scopes or taxonomies are areas: columns id (the number there), area (the " +
			"address here; empty: made of the name) and pot (euros; empty: what was spent).",
		"decidim_pictures": "A folder of pictures: proposal-NUMBER.jpg, project-NUMBER.jpg, result-NUMBER.jpg, with -2 and " +
			"so on before the full stop for more of one.",
		"decidim_codes": "A folder for the codes by which authors claim their proposals, ROUND.csv each; without it none " +
			"are made. Keep them as you keep passwords.",
		"person_reason": "Why, such as the number of the case. It stays in the database, for nobody is looked up " +
			"without a trace.",
		"roll_remove": "How many people may disappear from the roll. Default: one in twenty.",
	}
}
