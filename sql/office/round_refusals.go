package office

import (
	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/proposal/merge"
	"osbu/domain/round"
	"osbu/sql/db"
)

// inUse refuses to take something out of a list of the settings that proposals,
// projects or the roll refer to.
func inUse(list string) *domain.Error {
	return &domain.Error{
		Kind: domain.Conflict, Code: domain.CodeInvalid, Fields: domain.Problems{{Path: list, Code: "in_use"}},
	}
}

// roundRefusals are what the tables of 00010_round refuse.
var roundRefusals = db.Refusals{
	"round_pkey":        domain.Fail(domain.Conflict, round.CodeExists, "a round with this address exists"),
	"round_frozen":      domain.Fail(domain.Closed, round.CodeFrozen, "the ballot is frozen"),
	"round_draft_only":  domain.Fail(domain.Closed, domain.CodePhase, "the round is no draft any more"),
	"round_phase_order": domain.Fail(domain.Closed, domain.CodePhase, "a round goes one phase forward at a time"),
	"round_four_eyes":   domain.Fail(domain.Conflict, round.CodeSecondNeeded, "a second official confirms this step"),
	"round_windows":     domain.Fail(domain.Invalid, domain.CodeInvalid, "the times do not follow each other"),
	// An area or theme that proposals or the roll refer to stays.
	"roll_round_area_fkey": inUse("settings.areas"),
	"proposal_area":        inUse("settings.areas"),
	"proposal_theme":       inUse("settings.themes"),
	"project_area":         inUse("settings.areas"),
	"proposal_another_decides": domain.Fail(
		domain.Forbidden,
		domain.CodeNotAllowed,
		"another person than the one who rejected decides on an appeal",
	),
	"proposal_appeal_once": domain.Fail(domain.Conflict, proposal.CodeState, "an appeal is made once"),
	"proposal_consent": domain.Fail(
		domain.Forbidden,
		domain.CodeNotAllowed,
		"nobody submits what somebody told without her consent",
	),
	"assisted_digest": domain.Fail(
		domain.Conflict,
		domain.CodeEdited,
		"rows of this sheet were imported meanwhile: import it again",
	),
	"assisted_claimed_once": domain.Fail(domain.Conflict, assisted.CodeClaimed, "a proposal is claimed once"),
	"assisted_not_by_its_writer": domain.Fail(
		domain.Forbidden,
		domain.CodeNotAllowed,
		"whoever entered a proposal is not its author",
	),
	"merge_member_waiting_once": domain.Fail(
		domain.Conflict,
		merge.CodeOpen,
		"a proposal is in another merge that is under way",
	),
	"merge_member_joined_once": domain.Fail(
		domain.Conflict,
		proposal.CodeState,
		"a proposal has been merged or split already",
	),
	"merge_answered_once": domain.Fail(domain.Conflict, merge.CodeAnswered, "an author answers once"),
	"merge_stage_order": domain.Fail(
		domain.Conflict,
		merge.CodeSettled,
		"the merge has been done, undone or dropped",
	),
	"merge_circle": domain.Fail(
		domain.Conflict,
		merge.CodeBuiltOn,
		"a proposal would be made of itself",
	),
	"merge_round": domain.Fail(
		domain.NotFound,
		domain.CodeNotFound,
		"a proposal is joined with others of its round",
	),
	"project_theme": inUse("settings.themes"),
}
