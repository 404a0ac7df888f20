package office

import (
	"osbu/domain"
	"osbu/sql/db"
)

// rollRefusals are what the tables of 00030_roll refuse.
var rollRefusals = db.Refusals{
	"issuer_pkey":                  domain.Fail(domain.Conflict, domain.CodePhase, "the round has its issuer keys already"),
	"spent_right_round_paper_fkey": domain.Fail(domain.NotFound, domain.CodeNotFound, "no such paper"),
	"roll_round_fkey":              domain.Fail(domain.NotFound, domain.CodeNotFound, "no such round"),
	"voting_code_round_fkey":       domain.Fail(domain.NotFound, domain.CodeNotFound, "no such round"),
}
